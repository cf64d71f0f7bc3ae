"""Surveys: what is read off the cells of a sweep before anything is trained, a row at a time, and where it passes a level.

A row is a pure function of the sweep and its number, so that rows can be worked on anywhere and put together in any order.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

import numpy as np

from ..experiment.sampling import initial
from ..experiment.sizes import extent, widest
from ..experiment.specs import Experiment, Training
from ..gradients.measure import MEASURED, measure_many
from ..gradients.profile import GradientProfile
from ..instruments.measure import predict
from ..instruments.starts import starts
from ..wording import LN10
from .sweeps import Sweep

MOST = 2**23  # numbers of networks measured side by side: 64 MB in float64
PREFERRED = "mean field"  # a theory that looks at the settings alone, where it holds


@dataclass(frozen=True)
class Reading:
    """What an untrained network does to the gradient, logarithms averaged over random starts.

    slope: nats per step or layer back; −∞ where nothing arrives, ∞ where the numbers blew up. decades: log₁₀ of the share that
    arrives at the cue, or at the first position where there is none. predicted: the slope by ``theory`` (NaN and "": none holds).
    """

    slope: float
    decades: float
    predicted: float
    theory: str

    @property
    def rate(self) -> float:
        """Factor per step back."""
        return math.exp(self.slope) if self.slope < 700 else math.inf


def untrained(sweep: Sweep) -> Sweep:
    """The same sweep with the usual training: what is read before training does not depend on it."""
    return replace(sweep, base=replace(sweep.base, training=Training()))


def read_row(sweep: Sweep, row: int) -> tuple[Reading | None, ...]:
    """The readings of one row, None in its holes; cells of equal sizes are measured in one pass."""
    cells = [cell.experiment for cell in sweep.cells()[row]]
    each = [seed for cell in cells if cell for seed in starts(cell, sweep.seeds)]
    profiles = iter([profile for group in _groups(each) for profile in measure_many(group)])
    return tuple(_reading(cell, [next(profiles) for _ in range(sweep.seeds)]) if cell else None for cell in cells)


def _groups(experiments: Sequence[Experiment]) -> Iterator[list[Experiment]]:
    """Neighbours that can be measured side by side, as many at a time as memory is meant for."""
    for _, same in groupby(experiments, lambda each: (each.network.structure, each.task)):
        some = list(same)
        weights = sum(values.size for values in initial(some[0]).values())
        size = max(1, MOST // (weights + extent(some[0]) * widest(some[0]) * MEASURED))
        yield from (some[i : i + size] for i in range(0, len(some), size))


def _reading(experiment: Experiment, profiles: Sequence[GradientProfile]) -> Reading:
    slopes, shares = zip(*(_of_profile(profile) for profile in profiles), strict=True)
    known = sorted(
        (each for each in predict(experiment) if math.isfinite(each.slope)), key=lambda each: each.name != PREFERRED
    )
    predicted, theory = (known[0].slope, known[0].name) if known else (math.nan, "")
    with np.errstate(invalid="ignore"):
        return Reading(float(np.mean(slopes)), float(np.mean(shares)), predicted, theory)


def _of_profile(profile: GradientProfile) -> tuple[float, float]:
    """Slope in nats and share in decades; −∞ for a gradient that is exactly zero, ∞ for one that left the numbers."""
    slope, share = profile.fit.slope, float(profile.relative[profile.cue or 0]) / LN10
    if any(state in ("infinite", "nan") for state in profile.state):
        return math.inf, math.inf
    if not math.isfinite(share):
        return -math.inf, -math.inf
    return (slope if math.isfinite(slope) else 0.0), share  # a single position has no slope, and loses nothing


def crossing(values: Sequence[float], level: float = 0.0) -> float | None:
    """Where values (one per stop) first pass a level, in stops, by linear interpolation; None if they don't."""
    above = np.array(values) >= level
    for i in range(len(values) - 1):
        low, high = values[i], values[i + 1]
        if above[i] != above[i + 1] and math.isfinite(low) and math.isfinite(high):
            return i + (level - low) / (high - low)
    return None


def staircase(grid: Sequence[Sequence[float]], level: float) -> list[tuple[float, float, float, float]]:
    """The sides (x, y, x2, y2) between cells below a level and neighbours that are not; ``grid[row][column]``, NaN: unknown.

    Tile (column, row) covers column … column + 1 and row … row + 1.
    """
    values = np.array(grid, dtype=float)
    below, known = values < level, ~np.isnan(values)
    beside = (below[:, 1:] != below[:, :-1]) & known[:, 1:] & known[:, :-1]
    upon = (below[1:] != below[:-1]) & known[1:] & known[:-1]
    upright = [(column + 1.0, float(row), column + 1.0, row + 1.0) for row, column in np.argwhere(beside)]
    flat = [(float(column), row + 1.0, column + 1.0, row + 1.0) for row, column in np.argwhere(upon)]
    return upright + flat
