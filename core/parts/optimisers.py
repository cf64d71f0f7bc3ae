"""Optimisers: what is done with a gradient once it is there. The rules of ``torch.optim`` with its default constants.

All parameters lie in one flat vector, so each rule is a few lines. ``tests`` hold them equal to torch's.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy import ndarray

from ..registry import registry

Slots = dict[str, ndarray]  # what an optimiser remembers, each as long as the gradient
Step = Callable[[ndarray, Slots, int], tuple[ndarray, Slots]]


@dataclass(frozen=True)
class OptimiserEntry:
    """``step(gradient, slots, count)`` → (direction, new slots): the parameters move by −learning rate · direction.

    count: steps taken before this one. slots: {} before the first step; they are never changed in place. ``script`` is the
    optimiser in an exported script.
    """

    name: str
    label: str
    lesson: str
    step: Step
    script: str


def _running(slots: Slots, name: str, new: ndarray, keep: float) -> ndarray:
    return keep * slots[name] + (1 - keep) * new if name in slots else (1 - keep) * new


def _adam(gradient: ndarray, slots: Slots, count: int) -> tuple[ndarray, Slots]:
    """Kingma & Ba 2015: β = (.9, .999), ε = 1e-8 outside the root."""
    mean = _running(slots, "mean", gradient, 0.9)
    square = _running(slots, "square", gradient * gradient, 0.999)
    unbiased = np.sqrt(square / (1 - 0.999 ** (count + 1)))
    return mean / (1 - 0.9 ** (count + 1)) / (unbiased + 1e-8), {"mean": mean, "square": square}


def _rmsprop(gradient: ndarray, slots: Slots, _count: int) -> tuple[ndarray, Slots]:
    """Tieleman & Hinton 2012: smoothing .99, ε = 1e-8."""
    square = _running(slots, "square", gradient * gradient, 0.99)
    return gradient / (np.sqrt(square) + 1e-8), {"square": square}


def _momentum(gradient: ndarray, slots: Slots, _count: int) -> tuple[ndarray, Slots]:
    velocity = 0.9 * slots["velocity"] + gradient if slots else gradient
    return velocity, {"velocity": velocity}


def _nesterov(gradient: ndarray, slots: Slots, _count: int) -> tuple[ndarray, Slots]:
    velocity, slots = _momentum(gradient, slots, _count)
    return gradient + 0.9 * velocity, slots


OPTIMISERS = registry(
    OptimiserEntry(
        "adam",
        "Adam",
        "Divides each step by the size of the weight's own past gradients: even tiny ones move it, in a noisy direction.",
        _adam,
        "torch.optim.Adam(weights, lr=LEARNING_RATE)",
    ),
    OptimiserEntry(
        "rmsprop",
        "RMSProp",
        "Divides by a running mean of the gradient's size; like Adam without momentum.",
        _rmsprop,
        "torch.optim.RMSprop(weights, lr=LEARNING_RATE)",
    ),
    OptimiserEntry(
        "sgd",
        "SGD",
        "The gradient itself times the learning rate: a vanished gradient is a weight that stays where it is.",
        lambda gradient, slots, _count: (gradient, slots),
        "torch.optim.SGD(weights, lr=LEARNING_RATE)",
    ),
    OptimiserEntry(
        "momentum",
        "SGD with momentum .9",
        "Averages past gradients: up to ten times the speed along a steady slope.",
        _momentum,
        "torch.optim.SGD(weights, lr=LEARNING_RATE, momentum=0.9)",
    ),
    OptimiserEntry(
        "nesterov",
        "SGD with Nesterov momentum .9",
        "Momentum that looks ahead before it measures the slope (advised for RNNs by Bengio et al. 2013).",
        _nesterov,
        "torch.optim.SGD(weights, lr=LEARNING_RATE, momentum=0.9, nesterov=True)",
    ),
)
