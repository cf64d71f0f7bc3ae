"""Initialisers: how a weight matrix is drawn. Always from a private generator, never from a process-wide one."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from core.registry import registry

Draw = Callable[[np.random.Generator, int, int, float], np.ndarray]


@dataclass(frozen=True)
class Initialiser:
    """``draw(rng, fan_out, fan_in, sigma)`` → float64 array (fan_out, fan_in).

    ``variance(fan_out, fan_in, sigma)`` is fan_in · Var(weight), the σ_w² of mean-field theory: the factor by which a
    linear layer multiplies the mean square of its input. ``sigma`` is used by "normal" alone.
    """

    name: str
    label: str
    lesson: str
    draw: Draw
    variance: Callable[[int, int, float], float]


def _orthogonal(rng: np.random.Generator, fan_out: int, fan_in: int, _sigma: float) -> np.ndarray:
    """Haar-distributed orthogonal rows or columns (Saxe et al. 2013; signs fixed as in Mezzadri 2007)."""
    tall = rng.standard_normal((max(fan_out, fan_in), min(fan_out, fan_in)))
    q, r = np.linalg.qr(tall)
    q = q * np.sign(np.diag(r))
    return q if fan_out >= fan_in else q.T


def _uniform(rng: np.random.Generator, fan_out: int, fan_in: int, _sigma: float) -> np.ndarray:
    return rng.uniform(-1.0, 1.0, (fan_out, fan_in)) / np.sqrt(fan_in)


def _gaussian(rng: np.random.Generator, fan_out: int, fan_in: int, std: float) -> np.ndarray:
    return std * rng.standard_normal((fan_out, fan_in))


INITIALISERS = registry(
    Initialiser(
        "default",
        "PyTorch default (uniform ±1/√n)",
        "What nn.RNN, nn.GRU and nn.LSTM start from: variance 1/(3n), so a plain RNN shrinks the gradient from the first step.",
        _uniform,
        lambda fan_out, fan_in, sigma: 1.0 / 3.0,
    ),
    Initialiser(
        "xavier",
        "Xavier (Glorot)",
        "Variance 2/(fan-in + fan-out): keeps a linear layer's signal and gradient at about the same size.",
        lambda rng, fan_out, fan_in, sigma: _gaussian(rng, fan_out, fan_in, np.sqrt(2.0 / (fan_in + fan_out))),
        lambda fan_out, fan_in, sigma: 2.0 * fan_in / (fan_in + fan_out),
    ),
    Initialiser(
        "he",
        "He (Kaiming)",
        "Variance 2/fan-in: twice Xavier, because a ReLU lets only half of the units through.",
        lambda rng, fan_out, fan_in, sigma: _gaussian(rng, fan_out, fan_in, np.sqrt(2.0 / fan_in)),
        lambda fan_out, fan_in, sigma: 2.0,
    ),
    Initialiser(
        "orthogonal",
        "Orthogonal",
        "A rotation: it changes no vector's length, neither forwards nor backwards. Only the activation shrinks the gradient.",
        _orthogonal,
        lambda fan_out, fan_in, sigma: min(1.0, fan_in / fan_out),
    ),
    Initialiser(
        "gaussian",
        "Gaussian N(0, 1/n)",
        "Variance 1/fan-in: spectral radius about 1 for a large square matrix, but singular values from 0 to 2.",
        lambda rng, fan_out, fan_in, sigma: _gaussian(rng, fan_out, fan_in, 1.0 / np.sqrt(fan_in)),
        lambda fan_out, fan_in, sigma: 1.0,
    ),
    Initialiser(
        "identity",
        "Identity",
        "Start from 'copy the last state': with ReLU this is the IRNN (Le et al. 2015), whose gradient hardly decays.",
        lambda rng, fan_out, fan_in, sigma: np.eye(fan_out, fan_in),
        lambda fan_out, fan_in, sigma: min(1.0, fan_in / fan_out),
    ),
    Initialiser(
        "normal",
        "Normal N(0, σ²)",
        "A fixed spread whatever the width: too small and everything dies, too large and everything saturates or blows up.",
        _gaussian,
        lambda fan_out, fan_in, sigma: fan_in * sigma**2,
    ),
)
