"""How many steps a ball on a bowl needs when its gradient is scaled down (question B6).

Diagnosis: ten times as many for each power of ten where the optimiser uses the gradient as it is; as many as before where it
divides by the gradient's own size.
"""

import numpy as np

from ..parts.optimisers import OPTIMISERS, Slots
from .curves import CURVES

DECADES = np.arange(4)
START = 3.0  # on the bowl L = w²/2
NEAR = 0.01
MOST = 100_000  # steps


def arrivals(optimiser: str, rate: float) -> np.ndarray:
    """Counts steps until |w| ≤ .01 for the first time, for gradients scaled by 10⁰ … 10⁻³ side by side; inf after 100 000."""
    slope, step = CURVES["bowl"].slope, OPTIMISERS[optimiser].step
    w, counts = np.full(len(DECADES), START), np.full(len(DECADES), np.inf)
    slots: Slots = {}
    for count in range(MOST):
        counts[(np.abs(w) <= NEAR) & np.isinf(counts)] = count
        if np.isfinite(counts).all():
            break
        with np.errstate(all="ignore"):  # what is thrown out never arrives
            direction, slots = step(slope(w) * 10.0**-DECADES, slots, count)
            w = w - rate * direction
    return counts


def per_decade(counts: np.ndarray) -> float:
    """Returns log₁₀ of how many times the steps are, from one power of ten to the next: the last two that arrived (NaN: fewer
    did)."""
    arrived = np.flatnonzero(np.isfinite(counts))
    return float(np.log10(counts[arrived[-1]] / counts[arrived[-2]])) if len(arrived) > 1 else np.nan
