"""Itemised gradients: whose loss reaches which step (after Cashman et al. 2017, RNNbow).

Every step t gets a loss of its own, L_t: the answer as it would be given after word t. All of them are carried backwards at
once as a batch that grows by one loss per step, so the whole T×T map costs T steps instead of T backward passes.
"""

from dataclasses import dataclass

import numpy as np
from numpy import ndarray

from ..experiment.sampling import held_out, initial
from ..experiment.specs import Experiment, SpecError
from ..gradients.adjoint import log_norm, rescaled
from ..gradients.measure import MEASURED
from ..gradients.recurrence import RESCALE, follow, logits
from ..networks import Recurrent
from ..networks.base import Parameters
from ..parts.losses import Loss
from ..parts.recursions import Trajectory


@dataclass(frozen=True)
class GradientMap:
    """log_norm (T, T): ln ‖∂L_t/∂h_k‖_F over (batch, n) at row t, column k ≤ t; NaN above the diagonal."""

    log_norm: np.ndarray
    words: tuple[str, ...] = ()
    cue: int | None = None

    @property
    def norm(self) -> np.ndarray:
        """e^log_norm in float64: reads 0 below 10⁻³²⁴."""
        with np.errstate(over="ignore"):
            return np.exp(self.log_norm)


def map_gradients(experiment: Experiment, parameters: Parameters | None = None) -> GradientMap:
    """The map of one recurrent layer on 32 held-out examples, float64.

    Where the task has one target per example, every step is asked for it. Raises SpecError for other networks.
    """
    network = experiment.network
    if not isinstance(network, Recurrent) or network.layers > 1 or not network.written_out:
        raise SpecError("a gradient map needs a plain recurrent network of one layer")
    batch = held_out(experiment, MEASURED)
    weights = {name: values.astype(float) for name, values in (parameters or initial(experiment)).items()}
    return GradientMap(itemised(network, weights, batch.inputs, batch.targets), batch.words, batch.cue)


def itemised(network: Recurrent, weights: dict[str, ndarray], inputs: ndarray, targets: ndarray) -> ndarray:
    """ln ‖∂L_t/∂h_k‖ (T, T) for one network, in the precision of ``weights``; L_t is the mean over the batch."""
    trajectory = follow(network, weights, inputs)
    steps = len(trajectory)
    local = _local(trajectory, weights, targets)
    logs = np.full((steps, steps), np.nan)
    scale = np.zeros(0)
    delta = tuple(np.zeros((*part.shape[:-1], 0, part.shape[-1]), part.dtype) for part in trajectory.last)
    wide = trajectory.spread()
    with np.errstate(all="ignore"):
        for k in range(steps - 1, -1, -1):
            own = (local[k], *(np.zeros_like(local[k]) for _ in delta[1:]))
            delta = tuple(np.concatenate([part[:, None], old], axis=1) for part, old in zip(own, delta, strict=True))
            scale = np.concatenate([[0.0], scale])
            if k % RESCALE == 0:
                delta, scale = rescaled(delta, scale, over=(0, -1))
            logs[k:, k] = log_norm(delta[0], over=(0, -1)) + scale
            if k:
                delta = wide.back(k, delta)
    return logs


def _local(trajectory: Trajectory, weights: dict[str, ndarray], targets: ndarray) -> ndarray:
    """∂L_t/∂h_t for each step's own loss: (T, n, B)."""
    asked = targets.T if targets.ndim == 2 else np.broadcast_to(targets, (len(trajectory), len(targets)))
    outputs, _ = logits(weights, trajectory, each_step=True)
    _, at_logits = Loss(asked).value_and_gradient(outputs)  # every step like a network of its own
    return np.ascontiguousarray((at_logits @ weights["readout.weight"]).swapaxes(-1, -2))
