"""Itemised gradients: whose loss reaches which step (after Cashman et al. 2017, RNNbow).

Every step t gets a loss of its own, L_t: the answer as it would be given after word t. All of them are carried backwards at
once as a batch that grows by one loss per step, so the whole T×T map costs T steps instead of T backward passes.
"""

from dataclasses import dataclass

import numpy as np
import torch
from torch.nn.functional import cross_entropy

from core.gradients.measure import MEASURED, side_by_side
from core.gradients.recurrence import follow
from core.linear import affine
from core.networks import Recurrent
from core.networks.base import Parameters
from core.sampling import held_out, initial
from core.specs import Experiment, SpecError


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
    """The map of one recurrent layer on 32 held-out examples. Raises SpecError for other networks."""
    network = experiment.network
    if not isinstance(network, Recurrent) or network.layers > 1:
        raise SpecError("a gradient map needs a recurrent network of one layer")
    batch = held_out(experiment, MEASURED)
    weights = side_by_side([parameters or initial(experiment)])
    trajectory = follow(network, weights, batch.inputs[None])
    local = _local(trajectory.states[:, 0], weights, batch.targets)
    steps = len(local)
    logs = np.full((steps, steps), np.nan)
    scale = np.zeros(steps)
    delta = tuple(np.zeros((steps, *local.shape[1:])) for _ in trajectory.last)
    with np.errstate(all="ignore"):
        for k in range(steps - 1, -1, -1):
            delta[0][k] = local[k]
            largest = np.max([np.abs(part[k:]).max((-2, -1)) for part in delta], axis=0)
            unit = np.where((largest > 0) & np.isfinite(largest), largest, 1.0)
            scale[k:] += np.log(unit)
            for part in delta:
                part[k:] /= unit[:, None, None]
            logs[k:, k] = 0.5 * np.log(np.einsum("tbn,tbn->t", delta[0][k:], delta[0][k:])) + scale[k:]
            for part, before in zip(delta, trajectory.back(k, tuple(part[k:] for part in delta)), strict=True):
                part[k:] = before
    return GradientMap(logs, batch.words, batch.cue)


def _local(states: np.ndarray, weights: dict[str, np.ndarray], targets: np.ndarray) -> np.ndarray:
    """∂L_t/∂h_t for each step's own loss: (T, batch, n) from states (T, batch, n)."""
    h = torch.from_numpy(states).requires_grad_()
    logits = affine(h, torch.from_numpy(weights["readout.weight"][0]), torch.from_numpy(weights["readout.bias"][0]))
    answers = torch.from_numpy(targets).expand(len(states), -1)
    loss = cross_entropy(logits.flatten(0, 1), answers.flatten(), reduction="none").reshape(answers.shape).mean(-1)
    (gradient,) = torch.autograd.grad(loss.sum(), h)
    return gradient.numpy()
