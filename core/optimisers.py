"""Optimisers: what is done with a gradient once it is there."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import torch
from torch.nn import Parameter
from torch.optim import Optimizer

from core.registry import registry


@dataclass(frozen=True)
class OptimiserEntry:
    """``make(parameters, learning_rate)`` → a torch optimiser."""

    name: str
    label: str
    lesson: str
    make: Callable[[Iterable[Parameter], float], Optimizer]


OPTIMISERS = registry(
    OptimiserEntry(
        "adam",
        "Adam",
        "Divides each step by the size of the weight's own past gradients: even tiny ones move it, in a noisy direction.",
        lambda parameters, rate: torch.optim.Adam(parameters, lr=rate),
    ),
    OptimiserEntry(
        "rmsprop",
        "RMSProp",
        "Divides by a running mean of the gradient's size; like Adam without momentum.",
        lambda parameters, rate: torch.optim.RMSprop(parameters, lr=rate),
    ),
    OptimiserEntry(
        "sgd",
        "SGD",
        "The gradient itself times the learning rate: a vanished gradient is a weight that stays where it is.",
        lambda parameters, rate: torch.optim.SGD(parameters, lr=rate),
    ),
    OptimiserEntry(
        "momentum",
        "SGD with momentum .9",
        "Averages past gradients: up to ten times the speed along a steady slope.",
        lambda parameters, rate: torch.optim.SGD(parameters, lr=rate, momentum=0.9),
    ),
    OptimiserEntry(
        "nesterov",
        "SGD with Nesterov momentum .9",
        "Momentum that looks ahead before it measures the slope (advised for RNNs by Bengio et al. 2013).",
        lambda parameters, rate: torch.optim.SGD(parameters, lr=rate, momentum=0.9, nesterov=True),
    ),
)
