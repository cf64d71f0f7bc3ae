"""The picture of a recording: every number in its place, zero and NaN never as a point on the scale, names never in its text."""

import json
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.diagnosis import QUANTITIES, Flow, flow
from core.recording import Recording
from core.recording.kinds import ORDER
from core.recording.ledger import ROW
from core.wording import LN10
from pages.charts.recording import chart
from pages.charts.recording_axes import frame, recording_axes

Row = tuple[int, int, str, int, float, float]  # step, layer, kind, position, log_norm, zeros
NAMES = ("first'\\", "second](", "a.very.long.name.of.a.layer", "(model)")


def made(rows: list[Row], losses: tuple[tuple[int, float], ...] = (), names: tuple[str, ...] = NAMES) -> Flow:
    """The flow of a recording of these rows."""
    table = np.array([(s, i, ORDER.index(kind), at, log, zeros, 0, 10) for s, i, kind, at, log, zeros in rows], ROW)
    return flow(Recording(1, names, table, losses))


def plain(*logs: float) -> Flow:
    """One layer with weights, its signal at steps 0, 10, 20 …"""
    rows: list[Row] = []
    for i, log in enumerate(logs):
        rows += [(10 * i, 0, "output", -1, log, 0.5), (10 * i, 0, "weight", -1, 0.0, 0.0)]
    return made(rows)


def test_numbers_are_powers_of_ten_in_their_columns() -> None:
    """Columns touch, rows are in order; the scale is whole decades around them."""
    drawn = plain(-3 * LN10, -1.5 * LN10, 0.2 * LN10)
    axes = recording_axes(drawn, "signal")
    assert (axes.floor, axes.top, axes.first, axes.last, axes.gap) == (-3, 1, 0, 20, 10)
    cells = frame(drawn, "signal").query("role == 'cell'")
    assert cells["value"].tolist() == [-3.0, -1.5, 0.2]
    assert cells["left"].tolist() == [-5.0, 5.0, 15.0]
    assert (cells["right"].to_numpy()[:-1] >= cells["left"].to_numpy()[1:]).all() and cells["right"].iloc[-1] == 25.0
    assert set(cells["state"]) == {"ok"}
    assert set(frame(drawn, "zeros").query("role == 'cell'")["text"]) == {"50.0%"}


@pytest.mark.parametrize(
    ("log", "state", "text"),
    [(-math.inf, "zero", "exactly 0"), (math.inf, "bad", "NaN or ∞"), (math.nan, "bad", "NaN or ∞")],
)
def test_what_is_no_number_is_a_mark_of_its_own(log: float, state: str, text: str) -> None:
    """And never moves the scale."""
    drawn = plain(-1.0, log, -2.0)
    cells = frame(drawn, "signal").query("role == 'cell'")
    assert cells["state"].tolist() == ["ok", state, "ok"] and cells["text"].tolist()[1] == text
    assert (recording_axes(drawn, "signal").floor, recording_axes(drawn, "signal").top) == (-1, 0)


def test_nothing_but_zeros() -> None:
    """There is a picture all the same."""
    drawn = plain(-math.inf)
    assert recording_axes(drawn, "signal").top > recording_axes(drawn, "signal").floor
    assert chart(frame(drawn, "signal"), recording_axes(drawn, "signal")).to_dict()


def test_losses_and_clipping() -> None:
    """A loss of 0, one below 0, one that is NaN; the whole gradient only where it was clipped."""
    rows: list[Row] = [(s, 3, kind, -1, log, 0.0) for s in (0, 1) for kind, log in (("gradient", 2.0), ("seen", 0.0))]
    rows += [(s, 0, "output", -1, 0.0, 0.0) for s in (0, 1)]
    drawn = made(rows, ((0, 1.0), (1, 0.0), (2, -1.0), (3, math.nan), (4, math.inf)))
    table = frame(drawn, "signal")
    losses = table.query("role == 'loss'")
    assert losses["step"].tolist() == [0, 1, 3, 4]
    assert losses["state"].tolist() == ["ok", "zero", "bad", "bad"]
    assert table.query("role == 'whole'")["text"].tolist() == ["7.4", "7.4", "1", "1"]
    assert recording_axes(plain(0.0, 0.0), "signal").clip is None


def test_time_runs_back_to_the_left() -> None:
    """The last step at 0."""
    rows: list[Row] = [(0, 1, "state", t, -float(t), 0.0) for t in range(6)] + [(0, 1, "output", -1, 0.0, 0.0)]
    table = frame(made(rows), "signal").query("role == 'time'")
    assert table["lag"].tolist() == [5, 4, 3, 2, 1, 0]
    assert set(table["series"]) == {NAMES[1]}


def test_names_travel_with_the_data_only() -> None:
    """The chart's text is kept for everybody: it has no layer's name in it, and depends on the axes alone."""
    rows: list[Row] = [(0, i, "output", -1, -float(i), 0.0) for i in range(3)] + [
        (0, 0, "input", t, 0.0, 0.0) for t in range(6)
    ]

    def text(names: tuple[str, ...]) -> str:
        drawn = made(rows, names=names)
        made_chart = chart(frame(drawn, "signal"), recording_axes(drawn, "signal")).to_dict()
        for name in list(made_chart.pop("datasets")):
            made_chart = json.loads(json.dumps(made_chart).replace(name, "data"))
        return json.dumps(made_chart)

    assert text(NAMES) == text(("x", "y", "z", "(model)"))
    keys = set(frame(made(rows), "signal").query("role == 'name'")["key"])
    assert keys == {"000 first'\\", "001 second](", "002 …me.of.a.layer"}


anything = st.one_of(st.floats(-800, 800), st.sampled_from([-math.inf, math.inf, math.nan, 0.0]))
lines = st.tuples(
    st.sampled_from([0, 1, 2, 7, 2**31 - 1]),
    st.integers(0, 3),
    st.sampled_from(ORDER),
    st.sampled_from([-1, -1, 0, 1, 9]),
    anything,
    st.floats(0, 1),
)


@given(
    st.lists(lines, min_size=1, max_size=40),
    st.lists(st.tuples(st.integers(0, 9), anything), max_size=4),
    st.sampled_from(list(QUANTITIES)),
)
def test_no_point_is_ever_outside(rows: list[Row], losses: list[tuple[int, float]], quantity: str) -> None:
    """Whatever was recorded, the table can be drawn: every value within its scale, every cell with a size."""
    drawn = made(rows, tuple(losses))
    axes = recording_axes(drawn, quantity)
    table = frame(drawn, quantity)
    spans = {"cell": (axes.floor, axes.top), "time": axes.time_range, "loss": axes.loss, "whole": axes.clip}
    for role, span in spans.items():
        values = table.query(f"role == '{role}'")["value"]
        assert not len(values) or (span and values.between(*span).all())
    cells = table.query("role == 'cell'")
    assert (cells["left"] < cells["right"]).all()
    assert axes.top > axes.floor and axes.gap > 0
    assert json.dumps(chart(table.head(0), axes).to_dict(validate=False), allow_nan=False)
