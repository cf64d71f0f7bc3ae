"""Lyapunov exponents: how tangents v ← J_t v grow along a trajectory, J_t = ∂s_{t+1}/∂s_t.

The gradient goes through the same Jacobians transposed, so in the long run it decays as fast as they grow (Vogt et al. 2020;
Engelken et al. 2023). There are two means over sequences. The one of ln ‖v‖ is the Lyapunov exponent: the typical sequence.
The one of ‖v‖² is the generalised exponent of order 2 (Benzi et al. 1985), which is never smaller: sequences whose gradient
is large count most, as they do in the norm of a batch's gradient.
"""

from typing import Protocol

import numpy as np
from numpy import ndarray

from ..parts.linear import Parts


class Flow(Protocol):
    """Steps with their Jacobians: ``recursions.Trajectory``, or ``flow.Unrolled`` for any other network."""

    @property
    def last(self) -> Parts:
        """The state after the last step, each part (…, n, B)."""

    def __len__(self) -> int:
        """How many steps."""

    def pushed(self, t: int, tangent: Parts) -> Parts:
        """The tangent after step t from the one before it; more leading axes are more tangents."""


def growth(flow: Flow, settle: int = 0) -> ndarray:
    """ln ‖v‖ after each step from ``settle`` on, (steps, …, B), of random tangents of length 1, one to each sequence."""
    rng = np.random.default_rng(0)
    tangent, total = _unit(tuple(rng.standard_normal(part.shape) for part in flow.last))
    total, curve = 0.0 * total, []
    with np.errstate(all="ignore"):
        for t in range(settle, len(flow)):
            tangent, grown = _unit(flow.pushed(t, tangent))
            total = total + grown
            curve.append(total)
    return np.stack(curve)


def lyapunov(flow: Flow, settle: int = 0) -> float:
    """Largest Lyapunov exponent in nats per step, a mean over sequences, without the first third of the steps."""
    return typical(growth(flow, settle))


def typical(curve: ndarray) -> float:
    """The same from what ``growth`` has found."""
    first = len(curve) // 3
    with np.errstate(invalid="ignore"):  # from −∞ to −∞
        grown = curve[-1] - curve[first - 1] if first else curve[-1]
    return float(np.where(np.isneginf(curve[-1]), -np.inf, grown).mean() / (len(curve) - first))


def mean_square(curve: ndarray) -> ndarray:
    """½ ln of the mean of ‖v‖² over sequences after each step, (steps,), from what ``growth`` has found.

    Its slope is the generalised exponent of order 2.
    """
    flat = curve.reshape(len(curve), -1)
    return 0.5 * (np.logaddexp.reduce(2 * flat, axis=-1) - np.log(flat.shape[-1]))


def lyapunov_spectrum(flow: Flow, count: int, settle: int = 0) -> ndarray:
    """The ``count`` largest Lyapunov exponents in nats per step, falling, (…, count): means over sequences and steps.

    ``count`` tangents are pushed along and made orthogonal again after each step by QR, whose diagonal says how they grew
    (Benettin et al. 1980; Engelken et al. 2023). Finite-time values: over a short product they are not ln σ_i/T.
    """
    rng = np.random.default_rng(0)
    shapes = [part.shape for part in flow.last]
    sizes = np.cumsum([shape[-2] for shape in shapes])[:-1]
    frame = rng.standard_normal((count, *shapes[0][:-2], sum(shape[-2] for shape in shapes), shapes[0][-1]))
    frame, _ = _orthogonal(frame)
    total = np.zeros(())
    with np.errstate(all="ignore"):
        for t in range(settle, len(flow)):
            frame, grown = _orthogonal(np.concatenate(flow.pushed(t, tuple(np.split(frame, sizes, axis=-2))), axis=-2))
            total = total + grown
    return -np.sort(-np.moveaxis(total.mean(-1), 0, -1) / (len(flow) - settle), axis=-1)


def _orthogonal(frame: ndarray) -> tuple[ndarray, ndarray]:
    """Tangents (count, …, N, B) made orthonormal for each sequence, and the logarithms (count, …, B) of what was left of each."""
    q, r = np.linalg.qr(np.moveaxis(frame, (0, -1), (-1, -3)))  # (…, B, N, count)
    lengths = np.abs(np.diagonal(r, axis1=-2, axis2=-1))
    with np.errstate(divide="ignore"):  # a lost direction is −∞
        return np.moveaxis(q, (-1, -3), (0, -1)), np.moveaxis(np.log(lengths), -1, 0)


def _unit(tangent: Parts) -> tuple[Parts, ndarray]:
    """The tangent of each sequence brought to length 1, and the logarithm (…, B) of its length; zeros stay zeros."""
    length = np.sqrt(sum((part**2).sum(-2) for part in tangent))
    unit = np.where(length > 0, length, 1.0)[..., None, :]
    with np.errstate(divide="ignore"):
        return tuple(part / unit for part in tangent), np.log(length)
