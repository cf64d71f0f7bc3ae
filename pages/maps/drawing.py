"""From what is known of a map to what is drawn: tiles, theory's lines, levels between tiles, the table to take away."""

import math
from functools import lru_cache

import pandas as pd

from core import FeedForward
from core.maps.surveys import PREFERRED, Reading, crossing, staircase
from core.maps.sweeps import Sweep
from core.theory.scales import trainable_depth
from core.wording import LN10, power, scientific
from pages.charts.heatmap import Look, Side, TheoryLine, Tile
from pages.maps.entries import Map
from pages.maps.findings import Findings, Outcome, Place

FINE = 4  # points of theory's curve from one stop to the next


def look_of(entry: Map, sweep: Sweep, shown: str) -> Look:
    """What stays still on this map."""
    end = {"rate": entry.fade, "share": float(entry.decades), "learned": sweep.base.task.shape().chance}[shown]
    columns, rows = (tuple(stop.label for stop in axis.stops) for axis in (sweep.x, sweep.y))
    return Look(sweep.x.label, sweep.y.label, columns, rows, shown, end, sweep.base.network.axis)


def tiles_of(sweep: Sweep, shown: str, quick: Findings, known: Findings) -> list[Tile]:
    """One tile per cell, whatever is known of it."""
    tiles = []
    for cell in (cell for row in sweep.cells() for cell in row):
        place = cell.column, cell.row
        reading, outcome = quick.reading(place), known.outcomes.get(place)
        state, value, text = _shown(shown, reading, outcome)
        problem = cell.reason or known.problems.get(place) or quick.problems.get(cell.row, "")
        if problem and state == "waiting":
            state = "hole"
        said = [problem] if problem else [*_of(reading, sweep), *_trained(outcome, sweep)]
        where = f"{sweep.x.label} {sweep.x.stops[cell.column].label}, {sweep.y.label} {sweep.y.stops[cell.row].label}"
        tiles.append(Tile(*place, state, value, text, f"{where}: {'; '.join(said) or 'not known yet'}"))
    return tiles


def _shown(shown: str, reading: Reading | None, outcome: Outcome | None) -> tuple[str, float, str]:
    """State, value and text of a tile."""
    if shown == "learned":
        if outcome is None or (math.isnan(outcome.accuracy) and not outcome.done):
            return "waiting", math.nan, ""
        if outcome.trouble:
            return "done", 0.0, "∞"
        return "done" if outcome.done else "going", outcome.accuracy, f"{100 * outcome.accuracy:.0f}"
    if reading is None:
        return "waiting", math.nan, ""
    if shown == "rate":
        within = abs(reading.slope) < LN10
        return "done", reading.slope, f"{reading.rate:.2f}" if within else scientific(reading.slope)
    return "done", reading.decades, _decade(reading.decades)


def _decade(decades: float) -> str:
    """The nearest power of ten."""
    if not math.isfinite(decades):
        return "0" if decades < 0 else "∞"
    return power(round(decades)) if round(decades) else "1"


def _of(reading: Reading | None, sweep: Sweep) -> list[str]:
    if reading is None:
        return []
    unit = sweep.base.network.axis
    theory = f" (theory {math.exp(reading.predicted):.3f})" if reading.theory else ""
    share = scientific(reading.decades * LN10)
    return [f"factor {scientific(reading.slope)} per {unit}{theory}", f"share that arrives {share}"]


def _trained(outcome: Outcome | None, sweep: Sweep) -> list[str]:
    if outcome is None:
        return []
    if outcome.trouble:
        return [f"blew up after {outcome.step} training steps"]
    steps = f"{outcome.step} steps" if outcome.done else f"{outcome.step} of {sweep.base.training.steps} steps"
    return [f"{outcome.accuracy:.0%} right after {steps}"] if math.isfinite(outcome.accuracy) else []


def lines_of(entry: Map, sweep: Sweep, quick: Findings) -> list[TheoryLine]:
    """Theory's lines: where it has a factor of 1, and how deep a network may be."""
    return [*(critical(sweep, quick) if entry.symbol else ()), *reach(sweep)]


def critical(sweep: Sweep, quick: Findings) -> list[TheoryLine]:
    """Where each row's predicted slope passes 0."""
    rows = {row: [each.predicted if each else math.nan for each in found] for row, found in quick.readings.items()}
    points = [(at, float(row)) for row, slopes in sorted(rows.items()) if (at := crossing(slopes)) is not None]
    names = {each.theory for found in quick.readings.values() for each in found if each and each.theory}
    return [TheoryLine("χ = 1" if names == {PREFERRED} else "theory: factor 1", tuple(points))] if points else []


@lru_cache(maxsize=64)
def reach(sweep: Sweep) -> tuple[TheoryLine, ...]:
    """6 ξ where one axis is the depth and the other a number: on either side of the edge a branch that leaves at the top."""
    depths, network = sweep.y.numbers, sweep.base.network
    (name, _), *more = sweep.x.stops[0].settings
    if (
        sweep.y.stops[0].settings[0][0] != "depth"
        or not sweep.x.numbers
        or more
        or not isinstance(network, FeedForward)
    ):
        return ()
    top = len(depths) - 0.5
    points: list[tuple[float, float]] = []
    for i in range(FINE * (len(sweep.x.stops) - 1) + 1):
        at = i / FINE
        depth = trainable_depth(sweep.base.changed(**{name: sweep.x.number(at)}).network)  # type: ignore[arg-type]
        beyond = len(depths) - 1 + (depth - depths[-1]) / (depths[-1] - depths[-2])
        place = sweep.y.index(depth) if depth <= depths[-1] else min(beyond, top)
        points.append((at, -0.5 if place is None else place))
    points = [point for point in points if not math.isnan(point[1])]
    inside = [i for i, (_, y) in enumerate(points) if y < top]
    branches = [range(start, end + 1) for start, end in _runs(inside)]
    found = [points[max(0, run.start - 1) : run.stop + 1] for run in branches]
    return tuple(TheoryLine("6 ξ" if i == len(found) - 1 else "", tuple(branch)) for i, branch in enumerate(found))


def _runs(numbers: list[int]) -> list[tuple[int, int]]:
    """First and last of each run of neighbours."""
    starts = [each for each in numbers if each - 1 not in numbers]
    ends = [each for each in numbers if each + 1 not in numbers]
    return list(zip(starts, ends, strict=True))


def sides_of(entry: Map, sweep: Sweep, quick: Findings) -> list[tuple[int, Side]]:
    """The sides between cells whose reading lies on one side of a level and on the other."""
    grid = []
    for row in range(len(sweep.y.stops)):
        found = [quick.reading((column, row)) for column in range(len(sweep.x.stops))]
        grid.append([each.decades if each else math.nan for each in found])
    return [(i, side) for i, level in enumerate(entry.levels) for side in staircase(grid, level.decades)]


def table_of(sweep: Sweep, quick: Findings, known: Findings) -> pd.DataFrame:
    """One row per cell with all that is known of it; logarithms are natural."""
    rows = []
    for column, row in sweep.experiments():
        place: Place = column, row
        found: dict[str, object] = {sweep.x.label: sweep.x.stops[column].label, sweep.y.label: sweep.y.stops[row].label}
        if reading := quick.reading(place):
            found |= {"ln_factor": reading.slope, "ln_share": reading.decades * LN10}
            found |= {"ln_factor_in_theory": reading.predicted, "theory": reading.theory}
        if outcome := known.outcomes.get(place):
            found |= {"accuracy": outcome.accuracy, "training_step": outcome.step, "trouble": outcome.trouble}
        rows.append(found)
    return pd.DataFrame(rows)
