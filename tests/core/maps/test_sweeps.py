"""Sweeps and what is read off them: each cell is an ordinary experiment, each reading what it would be alone."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import core
from core.execution.limits import Limits
from core.maps import surveys
from core.maps.surveys import Reading, crossing, read_row, staircase, untrained
from core.maps.sweeps import AxisValue, Sweep, SweepAxis, along
from core.wording import LN10

RADIUS = along("spectral radius", "radius", (0.5, 1.0, 1.5))
INPUTS = along("inputs", "inputs", (1, 4))
NOISE = core.Experiment(core.Recurrent(hidden=8, initialiser="orthogonal"), core.Noise(length=12))
SWEEP = Sweep.around(NOISE, RADIUS, INPUTS)
GAP = along("gap", "gap", (2, 5))
CELL = SweepAxis(
    "cell",
    (
        AxisValue("RNN", (("cell", "tanh"), ("forget_bias", 1.0))),
        AxisValue("LSTM", (("cell", "lstm"), ("forget_bias", 3.0))),
    ),
)
WORDS = Sweep.around(core.Experiment(core.Recurrent(hidden=8), core.France(gap=2)), GAP, CELL)
LAYERS = Sweep.around(
    core.Experiment(core.FeedForward(activation="tanh", initialiser="gaussian", depth=12), core.Blobs()),
    along("σ", "gain", (0.5, 1.0, 2.0)),
    along("layers", "depth", (12, 20)),
)
every_sweep = pytest.mark.parametrize("sweep", [SWEEP, WORDS, LAYERS], ids=["radius", "words", "layers"])


def alone(experiment: core.Experiment, count: int) -> Reading:
    """The same from one measurement at a time."""
    profiles = [core.measure(replace(experiment, seed=experiment.seed + i)) for i in range(count)]
    named = {each.name: each.slope for each in profiles[0].predicted if math.isfinite(each.slope)}
    theory = "mean field" if "mean field" in named else next(iter(named), "")
    return Reading(
        float(np.mean([profile.fit.slope for profile in profiles])),
        float(np.mean([profile.relative[profile.cue or 0] for profile in profiles])) / LN10,
        named.get(theory, math.nan),
        theory,
    )


def test_a_cell_is_the_base_with_the_settings_of_its_column_and_row() -> None:
    """And nothing else is changed."""
    for row, inputs in enumerate((1, 4)):
        for column, radius in enumerate((0.5, 1.0, 1.5)):
            cell = SWEEP.cell(column, row)
            assert (cell.column, cell.row, cell.reason) == (column, row, "")
            assert cell.experiment == NOISE.changed(radius=radius, inputs=inputs)
    assert list(SWEEP.experiments()) == [(0, 0), (1, 0), (2, 0), (0, 1), (1, 1), (2, 1)]
    assert WORDS.cell(1, 1).experiment == WORDS.base.changed(gap=5, cell="lstm", forget_bias=3.0)


@every_sweep
def test_a_sweep_is_the_same_around_each_of_its_cells(sweep: Sweep) -> None:
    """So that taking another network in hand asks for nothing new; another setting makes another sweep."""
    for experiment in sweep.experiments().values():
        assert Sweep.around(experiment, sweep.x, sweep.y) == sweep
        assert hash(Sweep.around(experiment, sweep.x, sweep.y)) == hash(sweep)
        assert Sweep.around(replace(experiment, seed=7), sweep.x, sweep.y) != sweep


def test_settings_that_do_not_go_together_leave_a_hole() -> None:
    """With the reason; the others of its row are read all the same."""
    sweep = Sweep.around(NOISE, RADIUS, along("inputs", "inputs", (0, 4)))
    assert all(cell.experiment is None and "inputs must be" in cell.reason for cell in sweep.cells()[0])
    assert list(sweep.experiments()) == [(0, 1), (1, 1), (2, 1)]
    assert sweep.base == sweep.cell(0, 1).experiment
    assert read_row(sweep, 0) == (None, None, None)


def test_what_a_server_does_not_allow_is_a_hole_too() -> None:
    """Limits say why; nothing of it is measured."""
    sweep = LAYERS.without(Limits(length=15).complaints)
    assert [cell.reason for cell in sweep.cells()[1]] == ["this server allows 15 time steps or layers, not 20"] * 3
    assert all(cell.experiment for cell in sweep.cells()[0])
    assert read_row(sweep, 1) == (None, None, None)
    assert read_row(sweep, 0) == read_row(LAYERS, 0)


@given(st.floats(0.5, 1.5))
def test_places_between_stops(radius: float) -> None:
    """A number's place, and the number at a place, are each other's inverse."""
    place = RADIUS.place(NOISE.changed(radius=radius))
    assert place is not None and RADIUS.number(place) == pytest.approx(radius)
    assert place == pytest.approx((radius - 0.5) / 0.5)


def test_places_beside_the_axis() -> None:
    """Beyond the ends, and choices that are not on it, have none."""
    assert RADIUS.place(NOISE.changed(radius=2.0)) is None
    assert CELL.place(WORDS.base.changed(cell="gru")) is None
    assert CELL.place(WORDS.base.changed(cell="lstm", forget_bias=1.0)) is None
    assert CELL.place(WORDS.base.changed(cell="lstm", forget_bias=3.0)) == 1.0
    assert not CELL.numbers and CELL.index(3.0) is None


def test_stops_of_an_axis_must_say_the_same_settings() -> None:
    """Otherwise what one leaves open would hang on where one came from."""
    with pytest.raises(ValueError, match="same settings"):
        SweepAxis(
            "cell", (AxisValue("RNN", (("cell", "tanh"),)), AxisValue("LSTM", (("cell", "lstm"), ("forget_bias", 3.0))))
        )
    with pytest.raises(ValueError, match="needs stops"):
        SweepAxis("nothing", ())


@every_sweep
def test_a_reading_is_what_its_cell_measures_alone(sweep: Sweep) -> None:
    """Slope, share and theory, though a row is measured side by side."""
    for row in range(len(sweep.y.stops)):
        for column, reading in enumerate(read_row(sweep, row)):
            experiment = sweep.cell(column, row).experiment
            assert reading is not None and experiment is not None
            expected = alone(experiment, sweep.seeds)
            assert reading.slope == pytest.approx(expected.slope, abs=1e-9)
            assert reading.decades == pytest.approx(expected.decades, abs=1e-9)
            assert reading.predicted == pytest.approx(expected.predicted, abs=1e-9, nan_ok=True)
            assert reading.theory == expected.theory
            assert reading.rate == pytest.approx(math.exp(expected.slope))


def test_theory_of_settings_alone_comes_first() -> None:
    """Where mean field holds it is drawn, though the Lyapunov exponent holds as well."""
    radius = along("spectral radius", "radius", (0.5, 1.0))
    theories = [
        {
            reading.theory
            for reading in read_row(Sweep.around(NOISE.changed(hidden=hidden, length=40), radius, INPUTS), 0)
            if reading
        }
        for hidden in (32, 8)
    ]
    assert theories == [{"mean field"}, {"generalised Lyapunov exponent"}]


@every_sweep
def test_how_many_are_measured_at_a_time_changes_nothing(sweep: Sweep, monkeypatch: pytest.MonkeyPatch) -> None:
    """One by one, if memory were that small; and one by one they are."""
    expected, sizes = read_row(sweep, 0), []
    real = surveys.measure_many
    monkeypatch.setattr(surveys, "MOST", 1)
    monkeypatch.setattr(surveys, "measure_many", lambda group: sizes.append(len(group)) or real(group))
    for one, other in zip(read_row(sweep, 0), expected, strict=True):
        assert one is not None and other is not None
        assert (one.slope, one.decades) == pytest.approx((other.slope, other.decades), abs=1e-9)
    assert sizes == [1] * sweep.seeds * len(sweep.x.stops)


def test_training_does_not_matter_before_it() -> None:
    """Sweeps that differ in training alone share their readings."""
    other = Sweep.around(NOISE.changed(learning_rate=0.5, steps=7), RADIUS, INPUTS)
    assert other != SWEEP
    assert untrained(other) == untrained(SWEEP)
    assert read_row(untrained(other), 1) == read_row(SWEEP, 1)


def test_nothing_arrives_and_everything_blows_up() -> None:
    """−∞ and ∞, not a number that looks like one."""
    cut = Sweep.around(NOISE.changed(gain=0.0), RADIUS, INPUTS)
    assert [(each.slope, each.decades) for each in read_row(cut, 0) if each] == [(-math.inf, -math.inf)] * 3
    relu = core.Experiment(core.Recurrent(cell="relu", initialiser="identity", hidden=4, gain=10.0), core.Noise())
    wild = Sweep.around(relu, along("steps", "length", (20, 400)), INPUTS)
    modest, gone = read_row(wild, 0)
    assert modest is not None and gone is not None
    assert modest.slope == pytest.approx(LN10, rel=0.05)
    assert (gone.slope, gone.decades, gone.rate) == (math.inf, math.inf, math.inf)


@given(st.integers(0, 6), st.floats(0.01, 0.99), st.floats(-2.0, 2.0), st.booleans())
def test_crossing_of_a_straight_line(stop: int, part: float, level: float, rising: bool) -> None:
    """Where it was put."""
    values = [(level + (i - stop - part) * 0.3) if rising else (level - (i - stop - part) * 0.3) for i in range(8)]
    assert crossing(values, level) == pytest.approx(stop + part)


def test_crossings_that_are_none() -> None:
    """No change of side, or nothing known on one side of it."""
    assert crossing([-3.0, -2.0, -1.0]) is None
    assert crossing([-1.0, math.nan, 1.0]) is None
    assert crossing([-math.inf, 1.0]) is None
    assert crossing([math.nan, -1.0, 1.0, -1.0]) == pytest.approx(1.5)


cells = st.one_of(st.just(math.nan), st.sampled_from([-5.0, -2.0, -1.7, 0.0]))


@given(st.lists(st.lists(cells, min_size=3, max_size=3), min_size=2, max_size=4))
def test_a_staircase_separates_what_is_below(grid: list[list[float]]) -> None:
    """A side for each pair of known neighbours on two sides of the level, and no other."""
    level, expected = -1.7, set()
    for row, values in enumerate(grid):
        for column, value in enumerate(values):
            for right, up in ((1, 0), (0, 1)):
                if column + right < 3 and row + up < len(grid):
                    other = grid[row + up][column + right]
                    if not math.isnan(value) and not math.isnan(other) and (value < level) != (other < level):
                        corner = (column + right, row + up)
                        expected.add((*corner, column + 1, row + 1))
    found = staircase(grid, level)
    assert set(found) == expected
    assert len(found) == len(expected)
