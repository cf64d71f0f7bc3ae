"""What a step of η along the gradient changes in the loss of the batch, and from which η on it raises it (question B1).

Diagnosis: the gradient promises a fall for small steps alone. Where twice a learning rate raises the loss, that rate is at its
edge; where a far larger one still lowers it, it is timid.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ..experiment.sampling import sample
from ..training.run import Run
from .evaluation import as_tensors, losses, parameter_gradients

DOUBLINGS = 30


@dataclass(frozen=True)
class Downhill:
    """change: of the loss by a step of the run's own η. too_large: the smallest η · 2ⁱ that raises the loss (∞, 0: none does,
    all do). other: a learning rate on the other side of that limit, the nearest looked at; other_change: of the loss by it.
    """

    change: float
    too_large: float
    other: float
    other_change: float


def downhill(run: Run) -> Downhill:
    """Takes steps along the gradient of the run's next training batch, W ← W − η ∂L/∂W, in float64."""
    change, rate = along_gradient(run), run.experiment.training.learning_rate
    limit = too_large(change, rate)
    other = limit if limit > rate else limit / 2
    return Downhill(change(rate), float(limit), other, change(other))


def along_gradient(run: Run) -> Callable[[float], float]:
    """Returns η → change of the next training batch's loss."""
    experiment, before, batch = run.experiment, run.parameters, sample(run.experiment, run.step)
    gradient = parameter_gradients(experiment, before, batch)

    def loss(rate: float) -> float:
        moved = {name: values - rate * gradient[name] for name, values in before.items()}
        return float(losses(experiment, as_tensors(moved), batch))

    here = loss(0.0)
    return lambda rate: loss(rate) - here


def too_large(change: Callable[[float], float], rate: float) -> float:
    """Finds the smallest of rate · 2ⁱ that raises the loss, from ``rate`` on upwards or downwards."""
    up = change(rate) < 0
    for _ in range(DOUBLINGS):
        other = rate * 2 if up else rate / 2
        if up != (change(other) < 0):
            return other if up else rate
        rate = other
    return np.inf if up else 0.0
