"""Where the instruments of recurrent networks start: weights and held-out examples in float64, and one loss."""

from dataclasses import dataclass

import numpy as np
from numpy import ndarray

from ..experiment.sampling import held_out, initial
from ..experiment.specs import Experiment, SpecError
from ..gradients.measure import MEASURED
from ..gradients.recurrence import forward, logits
from ..networks import Recurrent
from ..networks.base import Parameters
from ..parts.losses import Loss
from ..parts.recursions import Recursion, Trajectory
from ..tasks import Batch


@dataclass(frozen=True)
class Subject:
    """A recurrent network, its weights by name (float64), and 32 held-out examples."""

    network: Recurrent
    weights: dict[str, ndarray]
    batch: Batch


@dataclass(frozen=True)
class Single:
    """One loss: L_t at ``step`` t, the last one that has a target, the mean over its examples.

    trajectory: the network's only layer. arrival: ∂L_t/∂h_t (n, B).
    """

    cell: str
    recursion: Recursion
    trajectory: Trajectory
    step: int
    arrival: ndarray


def subject(experiment: Experiment, parameters: Parameters | None, what: str, *, plain: bool = True) -> Subject:
    """The experiment's network with ``parameters`` (default: untrained). ``plain``: ``parts.recursions`` must have it.

    Raises SpecError, which begins with ``what``, for other networks.
    """
    network = experiment.network
    if not isinstance(network, Recurrent):
        raise SpecError(f"{what} needs a recurrent network")
    if plain and not network.written_out:
        raise SpecError(f"{what} needs one of the classic cells, with tied weights, no dropout and no normalisation")
    weights = {name: values.astype(float) for name, values in (parameters or initial(experiment)).items()}
    if not all(np.isfinite(values).all() for values in weights.values()):
        raise SpecError(f"{what} needs weights that are numbers, and this network blew up")
    return Subject(network, weights, held_out(experiment, MEASURED))


def single_loss(experiment: Experiment, parameters: Parameters | None, what: str) -> Single:
    """The last loss of a network of one layer. Raises SpecError for other networks."""
    of = subject(experiment, parameters, what)
    if of.network.layers > 1:
        raise SpecError(f"{what} needs a network of one layer")
    (trajectory,) = forward(of.network, of.weights, of.batch.inputs)
    recursion = of.network.entry.explicit
    assert recursion is not None
    return Single(of.network.cell, recursion, trajectory, *last_arrival(of.weights, trajectory, of.batch.targets))


def last_arrival(weights: dict[str, ndarray], top: Trajectory, targets: ndarray) -> tuple[int, ndarray]:
    """(t, ∂L_t/∂h_t (n, B)) of the last step with a target: targets (B,), or (B, T) with −1 where there is none."""
    step = len(top) - 1
    if targets.ndim == 2:
        step = int(np.flatnonzero((targets >= 0).any(0))[-1])
        targets = targets[:, step]
    outputs = logits(weights, top, each_step=True)[0][step]
    _, at_logits = Loss(targets).value_and_gradient(outputs)
    return step, np.ascontiguousarray((at_logits @ weights["readout.weight"]).swapaxes(-1, -2))
