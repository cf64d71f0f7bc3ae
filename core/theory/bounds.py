"""Bounds by singular values: what a step back, or many of them, can do at most and at least.

One step of a plain cell is diag(φ′) W, no longer than γσ₁ with γ = sup φ′: below 1 it must shrink every gradient (Pascanu et
al. 2013), and the spectral radius ρ has no say in it. Of many steps of the same W it has: ρᵏ ≤ ‖Wᵏ‖ ≤ min(σ₁ᵏ, κ(V) ρᵏ), with
V the eigenvectors (Trefethen & Embree 2005, chapter 16). For a normal matrix, such as an orthogonal or a symmetric one,
σ₁ = ρ and κ(V) = 1; a non-normal one may grow by a factor of up to κ(V) before it decays.
"""

import numpy as np
from numpy import ndarray

from ..gradients.profile import Prediction
from ..networks import Recurrent

NAME = "bound σ₁·γ"


def bound(network: Recurrent, weights: dict[str, ndarray]) -> list[Prediction]:
    """The bound in nats per step of one layer of plain or leaky cells; NaN where it is no bound, and none for other cells."""
    leaky = network.cell == "leaky"
    steepest = 1.0 if leaky else network.entry.steepest
    matrix = weights.get("recurrent.weight_hh_l0")
    if steepest is None or matrix is None or network.layers > 1 or network.recurrent_norm != "none":
        return []
    if not np.isfinite(matrix).all():
        return [Prediction(NAME, np.nan, "no bound: the weights have left the range of float64")]
    one_step = float(np.linalg.norm(matrix, 2, axis=(-2, -1)).max() * steepest)
    if leaky:
        one_step = 1 - network.leak + network.leak * one_step
    if one_step < 1:
        return [Prediction(NAME, float(np.log(one_step)), "σ₁·γ < 1: every step back must lose at least this much")]
    return [Prediction(NAME, np.nan, f"no bound: σ₁·γ = {one_step:.2f} is not below 1")]


def power_bounds(matrix: ndarray, steps: int) -> tuple[ndarray, ndarray]:
    """ln of the least and the most that ‖Wᵏ‖₂ can be for k = 1 … steps, each (steps,).

    A nilpotent matrix has ρ = 0 and no basis of eigenvectors: −∞ from below, and only σ₁ᵏ from above.
    """
    values, vectors = np.linalg.eig(matrix)
    k = np.arange(1, steps + 1)
    with np.errstate(divide="ignore"):
        radius = np.log(np.abs(values).max())
        largest = np.log(np.linalg.norm(matrix, 2))
        skew = np.log(np.linalg.cond(vectors))
    from_eigenvalues = skew + k * radius if np.isfinite(skew) and np.isfinite(radius) else np.inf
    return k * radius, np.minimum(k * largest, from_eigenvalues)
