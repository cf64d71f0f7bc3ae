"""What a training may add to plain backpropagation: a shorter memory, and two penalties.

Pascanu, Mikolov & Bengio 2013 ask that a step back keep the gradient's length: Ω = mean over steps and examples of
(‖δ_{k+1} ∂h_{k+1}/∂h_k‖ / ‖δ_{k+1}‖ − 1)². As there, only its immediate dependence on the recurrent matrix is
differentiated: δ and the states count as given.
"""

from dataclasses import dataclass

import numpy as np
from numpy import ndarray

from ..parts.recursions import Trajectory, times


@dataclass(frozen=True)
class Extras:
    """truncate: steps that a gradient may go back, counted in windows from the last step (0: all of them).

    sparsity: weight of the mean |h| over steps, examples, units and layers. omega: weight of Pascanu's Ω.
    """

    truncate: int = 0
    sparsity: float = 0.0
    omega: float = 0.0

    def cuts(self, steps: int) -> set[int]:
        """Steps in front of which the way back ends: the first of each window."""
        return set(range(steps - self.truncate, 0, -self.truncate)) if self.truncate else set()


PLAIN = Extras()


def omega_gradient(trajectory: Trajectory, delta: ndarray, gates: ndarray) -> ndarray:
    """∂Ω/∂(recurrent matrix), (…, n, n), for a cell with one gate.

    delta (T, …, n, B) and gates (T, …, 1, n, B) as in ``Adjoint``; their common scale drops out. The first step has no
    trained h before it and examples whose δ is zero have no ratio: both are left out. Lengths are taken in float64: an
    example may get 10⁻³⁰ of what another one gets, whose square float32 does not hold.
    """
    after, from_gates = delta[1:].astype(float), gates[1:, ..., 0, :, :].astype(float)
    before = times(trajectory.weight.swapaxes(-1, -2), from_gates)
    if trajectory.carried[0] is not None:  # a leaky unit's old value goes back past the matrix
        before += after * trajectory.carried[0][1:]
    long, short = (np.sqrt((each**2).sum(-2, keepdims=True)) for each in (after, before))
    alive = (long > 0) & (short > 0)
    error = np.where(alive, short / np.where(alive, long, 1) - 1, 0.0)
    onto = np.where(alive, 2 * error / np.where(alive, long * short, 1), 0.0) * from_gates
    count = np.maximum(alive.sum((0, -2, -1)), 1)
    gradient: ndarray = (onto @ before.swapaxes(-1, -2)).sum(0) / count[..., None, None]
    return gradient.astype(delta.dtype)
