"""Activations: the nonlinearity φ of a layer, with the slope φ′ that the gradient is multiplied by."""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from numpy import ndarray
from torch import Tensor

from ..registry import registry


def _identity(z: Tensor) -> Tensor:
    return z


def _tanh_slope(z: ndarray, value: ndarray) -> ndarray:
    return 1 - value**2


def sigmoid(z: ndarray) -> ndarray:
    """The logistic function, elementwise."""
    small = np.exp(-np.abs(z))  # never overflows, and keeps its digits where the gate is nearly shut
    return np.where(z < 0, small, 1.0) / (1.0 + small)


def _sigmoid_slope(z: ndarray, value: ndarray) -> ndarray:
    return value * (1 - value)


def _relu_slope(z: ndarray, value: ndarray) -> ndarray:
    return (z > 0).astype(float)


def _normal_cdf(z: ndarray) -> ndarray:
    return 0.5 * (1 + torch.erf(torch.from_numpy(z / math.sqrt(2))).numpy())


def _gelu_slope(z: ndarray, value: ndarray) -> ndarray:
    return _normal_cdf(z) + z * np.exp(-0.5 * z**2) / math.sqrt(2 * math.pi)


@dataclass(frozen=True)
class Activation:
    """φ three ways, elementwise on any shape: ``function`` for torch; ``value`` and ``slope(z, φ(z))`` for NumPy.

    ``function`` is one of torch's own, so that instruments can watch it at work. ``steepest`` is sup φ′, a pure number;
    ``script`` is φ(z) in an exported script.
    """

    name: str
    label: str
    lesson: str
    function: Callable[[Tensor], Tensor]
    value: Callable[[ndarray], ndarray]
    slope: Callable[[ndarray, ndarray], ndarray]
    steepest: float
    script: str


ACTIVATIONS = registry(
    Activation(
        "tanh",
        "tanh",
        "Slope 1 in the middle, near 0 at both ends: it passes the gradient on only while its units are not saturated.",
        torch.tanh,
        np.tanh,
        _tanh_slope,
        1.0,
        "torch.tanh(z)",
    ),
    Activation(
        "sigmoid",
        "Sigmoid",
        "Its slope is never above ¼, so every layer takes three quarters of the gradient or more unless the weights help.",
        torch.sigmoid,
        sigmoid,
        _sigmoid_slope,
        0.25,
        "torch.sigmoid(z)",
    ),
    Activation(
        "relu",
        "ReLU",
        "Slope 1 for half of the units and 0 for the other half: the He initialisation doubles the variance to make up for it.",
        torch.relu,
        lambda z: np.maximum(z, 0.0),
        _relu_slope,
        1.0,
        "torch.relu(z)",
    ),
    Activation(
        "gelu",
        "GELU",
        "A smooth ReLU: close to linear near 0, so small signals shrink a little at each layer.",
        torch.nn.functional.gelu,
        lambda z: z * _normal_cdf(z),
        _gelu_slope,
        1.1290,
        "F.gelu(z)",
    ),
    Activation(
        "identity",
        "Identity (linear)",
        "No nonlinearity: what the gradient does is done by the weight matrices alone.",
        _identity,
        lambda z: z,
        lambda z, value: np.ones_like(z),
        1.0,
        "z",
    ),
)
