"""Gradient descent on a curve, one weight, nothing hidden: w ← w − η · 10⁻ᵏ · L′(w), or another optimiser's step (questions
B1, B2, B6).

Diagnosis: where it ends (and whether that is the lowest point), whether it is thrown out, how many steps it takes, and how
many it would take if the gradient had vanished by k decades, as a weight's does that sits k decades back.
"""

from dataclasses import dataclass

import numpy as np

from ..parts.optimisers import OPTIMISERS, Slots
from .curves import CURVES, Curve

THROWN_OUT = 1e6  # a weight beyond this is not coming back
_DTYPES: dict[str, type[np.floating]] = {"float16": np.float16, "float32": np.float32, "float64": np.float64}


@dataclass(frozen=True)
class Descent:
    """w, loss, gradient (S + 1,): before each of S steps and after the last; gradient is L′(w), not scaled. step (S,): the
    change of w.

    arrived: the minimum within ``near`` of which w came and stayed to the end (NaN: none); lowest: the global one.
    arrival: the number of steps that took (inf: not within S). diverged: |w| left 10⁶, and the path ends there.
    forecast: steps to arrival in exact arithmetic, see ``forecast_steps`` (NaN: not plain descent). frozen: the number
    formats in which even the first step is lost because it is below the rounding of w: there it never arrives, however long
    one waits.
    """

    w: np.ndarray
    loss: np.ndarray
    gradient: np.ndarray
    step: np.ndarray
    arrived: float
    lowest: float
    arrival: float
    diverged: bool
    forecast: float
    frozen: tuple[str, ...]

    @property
    def is_global(self) -> bool:
        """It arrived, and nowhere is the loss lower."""
        return bool(self.arrived == self.lowest)


def descend(
    curve: str,
    start: float,
    rate: float,
    steps: int = 100,
    decades: float = 0.0,
    near: float = 0.01,
    optimiser: str = "sgd",
) -> Descent:
    """The path from ``start`` with learning rate η = ``rate``, the gradient scaled down by 10^−``decades``. float64."""
    on, shrunk, rule = CURVES[curve], 10.0**-decades, OPTIMISERS[optimiser].step
    path, slots = [np.float64(start)], Slots()
    while len(path) <= steps and abs(path[-1]) <= THROWN_OUT:
        direction, slots = rule(on.slope(path[-1]) * shrunk, slots, len(path) - 1)
        path.append(path[-1] - rate * np.float64(direction))
    w = np.array(path)
    diverged = bool(abs(w[-1]) > THROWN_OUT)
    arrived, arrival = (np.nan, np.inf) if diverged else _arrival(on, w, near)
    first = rate * rule(on.slope(w[0]) * shrunk, {}, 0)[0]
    with np.errstate(over="ignore"):  # a step too long for a format is not lost in it
        frozen = tuple(name for name, kind in _DTYPES.items() if kind(w[0]) - kind(first) == kind(w[0]))
    return Descent(
        w,
        on.value(w),
        on.slope(w),
        np.diff(w),
        arrived,
        on.lowest,
        arrival,
        diverged,
        forecast_steps(curve, start, rate * shrunk, near) if optimiser == "sgd" else np.nan,
        frozen,
    )


def forecast_steps(curve: str, start: float, rate: float, near: float = 0.01) -> float:
    """Steps until |w − minimum| ≤ ``near`` in exact arithmetic, extrapolated from the slope that lies on the way.

    N = ∫ dw / (η |L′| (1 + η L″/2)): the flow that small steps follow, to second order in η (Barrett & Dherin 2021, eq. 4).
    inf when a point of zero slope lies on the way, NaN when η L″ > ½ somewhere on it: such steps are no flow.
    """
    on = CURVES[curve]
    downhill = -np.sign(on.slope(np.float64(start)))
    ahead = [m for m in on.minima if downhill * (m - start) >= 0 or abs(m - start) <= near]
    if not ahead:
        return np.inf
    goal = min(ahead, key=lambda m: abs(m - start))
    if abs(goal - start) <= near:
        return 0.0
    if downhill == 0 or any(min(start, goal) <= stop <= max(start, goal) for stop in on.stops):
        return np.inf
    # in ln |w − goal| the integrand is smooth: near a minimum 1/L′ grows like 1/|w − goal|
    u = np.linspace(np.log(near), np.log(abs(goal - start)), 4001)
    w = goal - downhill * np.exp(u)
    bend = rate * on.bend(w)
    if bend.max() > 0.5:
        return np.nan
    return float(np.trapezoid(np.exp(u) / (rate * np.abs(on.slope(w)) * (1 + bend / 2)), u))


def _arrival(curve: Curve, w: np.ndarray, near: float) -> tuple[float, float]:
    """The minimum that w is near to at the end, and since which step without interruption."""
    goal = min(curve.minima, key=lambda m: abs(m - w[-1]))
    away = np.flatnonzero(np.abs(w - goal) > near)
    since = away[-1] + 1 if len(away) else 0
    return (goal, float(since)) if since < len(w) else (np.nan, np.inf)
