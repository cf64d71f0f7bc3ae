"""Sweeps: experiments that differ in two things, as a grid. Each cell is an ordinary experiment, to be measured or trained.

    radius = along("spectral radius", "radius", (0.5, 1.0, 1.5))
    inputs = along("inputs", "inputs", (1, 16))
    sweep = Sweep.around(Experiment(Recurrent(), Noise()), radius, inputs)
    sweep.cell(2, 0).experiment                     # ρ = 1.5 with one input

Two sweeps around experiments that differ in nothing but where they stand on the axes are equal, so what is known of one is known
of the other.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np

from ..experiment.specs import Experiment
from ..fields import SpecError

SEEDS = 3  # random starts whose logarithms are averaged


@dataclass(frozen=True)
class AxisValue:
    """A place on an axis: what it is called, and the settings that make it, by their flat names."""

    label: str
    settings: tuple[tuple[str, Any], ...]

    @property
    def number(self) -> float | None:
        """Its value, where it is one number."""
        (_, value), *more = self.settings
        return float(value) if not more and isinstance(value, int | float) else None


@dataclass(frozen=True)
class SweepAxis:
    """Places in order: numbers that rise, or choices. Raises ValueError unless all stops say the same settings."""

    label: str
    stops: tuple[AxisValue, ...]

    def __post_init__(self) -> None:
        if len({frozenset(dict(stop.settings)) for stop in self.stops}) != 1:
            raise ValueError("an axis needs stops, and all of them must say the same settings")

    @property
    def numbers(self) -> list[float]:
        """The value at each stop; empty on an axis of choices."""
        found = [stop.number for stop in self.stops]
        return [each for each in found if each is not None] if None not in found else []

    def place(self, experiment: Experiment) -> float | None:
        """The index of the stop that the experiment stands on, between two of them for a number between theirs; else None."""
        for i, stop in enumerate(self.stops):
            if all(experiment.setting(name) == value for name, value in stop.settings):
                return float(i)
        if not self.numbers:
            return None
        return self.index(experiment.setting(self.stops[0].settings[0][0]))

    def index(self, number: float) -> float | None:
        """Where a number lies, counted in stops; None beyond the ends, or among choices."""
        values = self.numbers
        if not values or not values[0] <= number <= values[-1]:
            return None
        return float(np.interp(number, values, np.arange(len(values))))

    def number(self, index: float) -> float:
        """The other way round: the number at a place between stops."""
        return float(np.interp(index, np.arange(len(self.stops)), self.numbers))


def along(label: str, name: str, values: Sequence[float | str], labels: Sequence[str] = ()) -> SweepAxis:
    """An axis of one setting, called ``name``."""
    texts = labels or [f"{value:g}" if isinstance(value, int | float) else value for value in values]
    return SweepAxis(label, tuple(AxisValue(text, ((name, value),)) for text, value in zip(texts, values, strict=True)))


@dataclass(frozen=True)
class Tile:
    """One place of a grid. ``experiment`` is None, and ``reason`` says why, where the two settings can't go together."""

    column: int
    row: int
    experiment: Experiment | None
    reason: str = ""


@dataclass(frozen=True)
class Sweep:
    """``x`` × ``y`` around a base. seeds: random starts that a reading averages; closed: further holes (column, row, reason)."""

    base: Experiment
    x: SweepAxis
    y: SweepAxis
    seeds: int = SEEDS
    closed: tuple[tuple[int, int, str], ...] = ()

    @classmethod
    def around(cls, experiment: Experiment, x: SweepAxis, y: SweepAxis, seeds: int = SEEDS) -> "Sweep":
        """The sweep through an experiment: the first cell that can be stands for all of them as the base."""
        sweep = cls(experiment, x, y, seeds)
        places = ((column, row) for row in range(len(y.stops)) for column in range(len(x.stops)))
        found = (_one(sweep, *place).experiment for place in places)
        return replace(sweep, base=next((each for each in found if each), experiment))

    def without(self, complaints: Callable[[Experiment], Sequence[str]]) -> "Sweep":
        """The same with a hole wherever there are complaints about an experiment, such as those of ``Limits``."""
        found = [
            (cell.column, cell.row, "; ".join(said))
            for row in self.cells()
            for cell in row
            if cell.experiment and (said := complaints(cell.experiment))
        ]
        return replace(self, closed=(*self.closed, *found))

    def cells(self) -> tuple[tuple[Tile, ...], ...]:
        """All of them, row by row; ``cells()[row][column]``."""
        return _cells(self)

    def cell(self, column: int, row: int) -> Tile:
        """One of them."""
        return self.cells()[row][column]

    def experiments(self) -> dict[tuple[int, int], Experiment]:
        """(column, row) → experiment, without the holes."""
        return {(cell.column, cell.row): cell.experiment for row in self.cells() for cell in row if cell.experiment}


@lru_cache(maxsize=64)
def _cells(sweep: Sweep) -> tuple[tuple[Tile, ...], ...]:
    rows, columns = range(len(sweep.y.stops)), range(len(sweep.x.stops))
    return tuple(tuple(_one(sweep, column, row) for column in columns) for row in rows)


def _one(sweep: Sweep, column: int, row: int) -> Tile:
    for at, beside, reason in sweep.closed:
        if (at, beside) == (column, row):
            return Tile(column, row, None, reason)
    settings = dict(sweep.y.stops[row].settings) | dict(sweep.x.stops[column].settings)
    try:
        return Tile(column, row, sweep.base.changed(**settings))
    except SpecError as error:
        return Tile(column, row, None, str(error))
