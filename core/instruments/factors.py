"""Factor by factor: what one step back does to the gradient's length, and which part of the step does it (question B4).

A step of a recurrent network takes δ (of the whole state) to δ∘s at the gates' pre-activations, to Wᵀ(δ∘s), and adds what
the old state was carried over with: δ′ = Wᵀ(δ∘s) + δ∘carried. So ln(‖δ′‖/‖δ‖) is the sum of three logarithms:

    slope     ‖δ∘s‖ / ‖δ‖             weights   ‖Wᵀ(δ∘s)‖ / ‖δ∘s‖             carried   ‖δ′‖ / ‖Wᵀ(δ∘s)‖

The product itself: Hochreiter 1991; Pascanu, Mikolov & Bengio 2013, eq. 5. Diagnosis: *which* of them is it? Slopes that
vanish say saturation (or a sigmoid), weights below 1 a matrix that contracts, a large carried part is the cure at work.
"""

from dataclasses import dataclass

import numpy as np
from numpy import ndarray

from ..experiment.specs import Experiment
from ..gradients.adjoint import log_norm, rescaled
from ..networks.base import Parameters
from ..parts.cells import CELLS
from ..parts.linear import Parts
from ..parts.recursions import Trajectory
from .subject import single_loss


@dataclass(frozen=True)
class Factors:
    """Natural logarithms throughout; norms are Frobenius norms over (width, batch).

    axis: "step" or "layer". log_norm (P,): ‖δ‖ of the whole state at each position; of_h (P,): of its part h, which is the
    profile (they differ in an LSTM only). log_parts (P − 1, K): row p takes the gradient from position p + 1 to p, a column
    for each of ``names``; a row's sum is ln of the factor. Behind an exact zero there is 0, and what comes past it is +inf.

    log_paths (P − 1, paths): ‖what comes back on one path‖ / ‖δ‖, for each of ``paths``: as vectors they add up to what
    arrives.
    """

    axis: str
    names: tuple[str, ...]
    log_norm: ndarray
    of_h: ndarray
    log_parts: ndarray
    paths: tuple[str, ...]
    log_paths: ndarray

    @property
    def log_factor(self) -> ndarray:
        """ln(‖δ_p‖ / ‖δ_{p+1}‖), (P − 1,)."""
        return ratio(self.log_norm[:-1], self.log_norm[1:])

    @property
    def running(self) -> ndarray:
        """ln of the product of all factors from the last position back to each, (P,); its last entry is 0."""
        return ratio(self.log_norm, self.log_norm[-1])

    @property
    def typical(self) -> dict[str, float]:
        """The geometric mean of each part by name, as a factor; what lies behind an exact zero does not count."""
        alive = np.isfinite(self.log_norm[1:])
        means = np.exp(self.log_parts[alive].mean(0))
        return {name: float(mean) for name, mean in zip(self.names, means, strict=True)}


def ratio(after: ndarray, before: ndarray) -> ndarray:
    """ln of a ratio from two logarithms; 0 where both numbers are exactly zero."""
    with np.errstate(invalid="ignore"):
        return np.where(np.isneginf(after) & np.isneginf(before), 0.0, after - before)


def share(part: ndarray, whole: ndarray) -> ndarray:
    """The same, −inf where both are exactly zero."""
    return np.where(np.isneginf(part), -np.inf, ratio(part, whole))


def step_factors(experiment: Experiment, parameters: Parameters | None = None) -> Factors:
    """The factors of the last loss's gradient, from its step back to step 0: one recurrent layer with a classic cell.

    Raises SpecError for other networks.
    """
    single = single_loss(experiment, parameters, "a product of factors")
    reading = dict(zip(CELLS[single.cell].gate_names, single.recursion.from_h, strict=True))
    return factors_of(single.trajectory, single.arrival, single.step, reading)


def factors_of(trajectory: Trajectory, arrival: ndarray, step: int, reading: dict[str, int]) -> Factors:
    """Back from ``arrival`` (n, B) after step ``step``; ``reading``: the gates that read h, by name."""
    delta: Parts = (arrival, *(np.zeros_like(arrival) for _ in trajectory.last[1:]))
    which = list(reading.values())
    n, at_gates = trajectory.width, np.empty(trajectory.slopes.shape[1:], arrival.dtype)
    blocks = trajectory.weight.reshape(-1, n, n)[which].swapaxes(-1, -2)
    scale = np.zeros(())
    whole, of_h, parts, paths = [], [], [], []
    with np.errstate(all="ignore"):
        for t in range(step, -1, -1):
            delta, scale = rescaled(delta, scale)
            own = _length(*delta)
            whole.append(own + scale)
            of_h.append(log_norm(delta[0]) + scale)
            if t == 0:
                break
            before = trajectory.back(t, delta, at_gates)
            sloped, through = _length(*at_gates[which]), blocks @ at_gates[which]  # (G, n, B): back through each gate
            mixed = log_norm(through.sum(0))
            past = trajectory.carried[0]
            carried = _length(np.zeros_like(arrival) if past is None else delta[0] * past[t], *before[1:])
            parts.append([ratio(sloped, own), ratio(mixed, sloped), ratio(_length(*before), mixed)])
            paths.append(share(np.array([*log_norm(through), carried]), own))
            delta = before
    backwards = [np.array(rows[::-1]) for rows in (whole, of_h, parts, paths)]
    shapes = (-1,), (-1,), (-1, 3), (-1, len(which) + 1)
    total, h, each, ways = (rows.reshape(shape) for rows, shape in zip(backwards, shapes, strict=True))
    return Factors("step", ("slope", "weights", "carried"), total, h, each, (*reading, "carried"), ways)


def _length(*parts: ndarray) -> ndarray:
    """ln of the norm of several (n, B) together."""
    return log_norm(np.concatenate(parts))
