"""Past the gates or through them: the gradient along the carried state alone, against all other ways (question E4).

An LSTM's c, a GRU's or leaky unit's h is passed on twice: multiplied by a number per unit (forget gate f, update gate z, 1 − α),
and through the gates, which read W h. Unrolled, the gradient of the state after step k is a sum over paths. Those that never
leave the carried state make up

    carried_k = (∏_{j>k} f_j) ∘ carried_T,                         carried_T = ∂L/∂c_T,

Hochreiter & Schmidhuber's (1997) constant error carousel. ``rest`` are all paths that take a gate at least once (which an LSTM's
also do to go from h to c), and total = carried + rest, as vectors. ``hidden`` is the part of the rest that is never carried:
what the gradient would be if f, z or 1 − α were cut. Diagnosis: a memory that is the carousel's work, or one through the
gates; and whether the product of the gates predicts it.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy import ndarray

from ..experiment.specs import Experiment, SpecError
from ..gradients.adjoint import log_norm, rescaled
from ..networks.base import Parameters
from ..parts.linear import Parts
from ..parts.recursions import Trajectory, times
from .subject import Single, single_loss


@dataclass(frozen=True)
class CarriedPaths:
    """For positions 0 … P − 1, P − 1 being the loss's step; natural logarithms, norms over (n, batch).

    log_total, log_carried, log_rest, log_hidden (P,): ‖·‖ of the parts of ∂L/∂c (LSTM) or ∂L/∂h (GRU, leaky), see above.
    log_mean (P,): ln of the mean over units and examples of ∏ f from there to the loss; log_best (P,): of the best unit's mean
    over examples. log_gate (P,): mean ln f of each step: what its gate does to a path that goes back through it.
    """

    log_total: ndarray
    log_carried: ndarray
    log_rest: ndarray
    log_hidden: ndarray
    log_mean: ndarray
    log_best: ndarray
    log_gate: ndarray


def carried_paths(experiment: Experiment, parameters: Parameters | None = None) -> CarriedPaths:
    """For the last loss of one layer of LSTM, GRU or leaky units, on 32 held-out examples in float64.

    Raises SpecError for other networks.
    """
    what = "a carried state"
    single = single_loss(experiment, parameters, what)
    if single.trajectory.carried[-1] is None:
        raise SpecError(f"{what} needs a cell that has one: LSTM, GRU or leaky units with α < 1")
    return paths_of(single)


def paths_of(single: Single) -> CarriedPaths:
    """The norms, in the precision of the trajectory."""
    with np.errstate(all="ignore"):
        splits = list(decompose(single.trajectory, single.arrival, single.step))[::-1]
        scale, hidden_scale = (np.array([getattr(each, name) for each in splits]) for name in ("scale", "hidden_scale"))
        total, rest, hidden = (
            log_norm(np.stack([getattr(each, name) for each in splits])) for name in ("total", "rest", "hidden")
        )
        gates = _log(single)
        product = _products(gates)
        carried = 0.5 * np.logaddexp.reduce(2 * (_log_start(single) + product), (-2, -1))
        examples = gates.shape[-1]
        by_unit = np.logaddexp.reduce(product, -1) - np.log(examples)
        mean = np.logaddexp.reduce(by_unit, -1) - np.log(by_unit.shape[-1])
        return CarriedPaths(
            total + scale, carried, rest + scale, hidden + hidden_scale, mean, by_unit.max(-1), gates.mean((-2, -1))
        )


@dataclass(frozen=True)
class Split:
    """One step's gradients (n, B): total and rest times e^scale, hidden times e^hidden_scale."""

    total: ndarray
    rest: ndarray
    hidden: ndarray
    scale: ndarray
    hidden_scale: ndarray


def decompose(trajectory: Trajectory, arrival: ndarray, step: int) -> Iterator[Split]:
    """From ``arrival`` (n, B), ∂L/∂h after ``step``, back to step 0. The rest has a recursion of its own: no differences."""
    carry, through = trajectory.carried[-1], trajectory.through
    assert carry is not None
    gates = np.empty(trajectory.slopes.shape[1:], arrival.dtype)
    turned = trajectory.weight.swapaxes(-1, -2)
    cut = replace(trajectory, carried=(None,) if through is None else (None, np.zeros_like(carry)))
    nothing = np.zeros_like(arrival)
    delta: Parts = (arrival,) if through is None else (arrival, nothing)
    hidden, rest = delta, nothing
    scale = hidden_scale = np.zeros(())
    for t in range(step, -1, -1):
        (rest, *parts), scale = rescaled((rest, *delta), scale)
        delta = tuple(parts)
        hidden, hidden_scale = rescaled(hidden, hidden_scale)
        yield Split(_at(trajectory, t, delta), rest, _at(trajectory, t, hidden), scale, hidden_scale)
        if t:
            delta = trajectory.back(t, delta, gates)
            by_gates = times(turned, gates.reshape(turned.shape[-1], -1))
            rest = rest * carry[t] + (by_gates if through is None else by_gates * through[t - 1])
            hidden = cut.back(t, hidden)


def _at(trajectory: Trajectory, t: int, delta: Parts) -> ndarray:
    """The gradient of the carried part of the state: of an LSTM's c, h being made from it."""
    return delta[0] if trajectory.through is None else delta[0] * trajectory.through[t] + delta[1]


def _log(single: Single) -> ndarray:
    """ln of what is carried over at steps 0 … T: (P, n, B)."""
    carry = single.trajectory.carried[-1]
    assert carry is not None
    return np.log(carry[: single.step + 1])


def _log_start(single: Single) -> ndarray:
    """ln |∂L/∂c_T|, (n, B)."""
    nothing = tuple(np.zeros_like(single.arrival) for _ in single.trajectory.last[1:])
    return np.log(np.abs(_at(single.trajectory, single.step, (single.arrival, *nothing))))


def _products(logs: ndarray) -> ndarray:
    """Sums over the later steps: (P, …), 0 at the last."""
    return np.append(np.cumsum(logs[:0:-1], 0)[::-1], np.zeros_like(logs[:1]), 0)
