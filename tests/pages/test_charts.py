"""From measurements to the table that is drawn: nothing outside the frame, nothing lost without a word."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import GradientProfile
from core.wording import LN10
from pages.charts import bars, lines
from pages.charts.profile import Axes, Curve, chart, frame
from pages.charts.sentence import sentence

AXES = Axes(2, -12, 2, "layers")
BELOW, ABOVE, INSIDE = "below", "above", ("sunk", "risen", "beside")


def profile(*decades: float) -> GradientProfile:
    """Layers 1, 2, … with the given log₁₀ norms."""
    logs = np.array(decades) * LN10
    return GradientProfile("layer", np.arange(1, len(logs) + 1), logs, logs[None])


def table(*decades: float, **curve: object) -> list[dict[str, object]]:
    """The rows that ``frame`` makes of one curve."""
    return frame([Curve("it", profile(*decades), "#000000", **curve)], AXES).to_dict("records")  # type: ignore[arg-type]


def points(rows: list[dict[str, object]], role: str = "measured") -> list[tuple[object, object]]:
    """(lag, decades) in the order drawn."""
    return [(row["lag"], row["decades"]) for row in rows if row["role"] == role]


def marks(rows: list[dict[str, object]]) -> list[tuple[object, object, object, object]]:
    """(role, lag, decades, text) of labels and edge marks."""
    roles = (BELOW, ABOVE, *INSIDE)
    return [(row["role"], row["lag"], row["decades"], row["text"]) for row in rows if row["role"] in roles]


def test_a_curve_inside_the_frame() -> None:
    """All of its points relative to the last, and its name at the far end."""
    rows = table(-5, -3, -1)
    assert points(rows) == [(2, pytest.approx(-4)), (1, pytest.approx(-2)), (0, 0.0)]
    assert marks(rows) == [("sunk", 2, pytest.approx(-4), "it")]


def test_a_rising_curve_has_its_name_above() -> None:
    """So that the line itself is not in the way."""
    assert [mark[0] for mark in marks(table(1.5, 0.5, 0))] == ["risen"]


def test_a_curve_that_leaves_below() -> None:
    """One point at the edge, then a mark that says how much there is at its end."""
    rows = table(-300, -20, -11, -5, 0)
    assert points(rows) == [(3, -12.0), (2, pytest.approx(-11)), (1, pytest.approx(-5)), (0, 0.0)]
    assert marks(rows) == [(BELOW, 3, -12.0, "it: 10⁻³⁰⁰ at layer 1")]


def test_a_curve_that_leaves_above() -> None:
    """The same at the upper edge."""
    rows = table(50, 3, 1, 0)
    assert points(rows) == [(2, 2.0), (1, pytest.approx(1)), (0, 0.0)]
    assert marks(rows) == [(ABOVE, 2, 2.0, "it: 10⁵⁰ at layer 1")]


def test_an_exact_zero() -> None:
    """Not a number to be drawn, but a place and a word."""
    rows = table(-np.inf, -np.inf, -2, 0)
    assert points(rows) == [(1, pytest.approx(-2)), (0, 0.0)]
    assert marks(rows) == [(BELOW, 2, -12.0, "it: exactly 0 from here")]


@pytest.mark.parametrize("bad", [np.inf, np.nan])
def test_infinity_and_nan(bad: float) -> None:
    """At the upper edge, in words."""
    rows = table(bad, bad, 1, 0)
    assert points(rows) == [(1, pytest.approx(1)), (0, 0.0)]
    assert marks(rows) == [(ABOVE, 2, 2.0, "it blew up")]


@pytest.mark.parametrize("bad", [-np.inf, np.inf, np.nan])
def test_nothing_but(bad: float) -> None:
    """Not even the last layer has a number: no points, one mark."""
    rows = table(bad, bad, bad)
    assert points(rows) == []
    (mark,) = marks(rows)
    assert mark[0] == (BELOW if bad == -np.inf else ABOVE)


def test_the_cue_is_marked_once() -> None:
    """At its own lag, with its word; ghosts do not mark it again."""
    logs = np.array([-3.0, -2.0, 0.0])
    words = GradientProfile("step", np.arange(3), logs, logs[None], ("I", "France", "speak"), 1)
    rows = frame([Curve("a", words, "#000000"), Curve("b", words, "#111111", ghost=True)], AXES).to_dict("records")
    cues = [row for row in rows if row["role"] == "cue"]
    assert [(row["lag"], row["text"]) for row in cues] == [(1, "France")]
    assert {row["role"] for row in rows if row["series"] == "b"} == {"ghost", "sunk"}


def test_a_short_curve_has_its_name_beside_it() -> None:
    """Where there is room at its far end."""
    rows = frame([Curve("it", profile(-1, 0), "#000000")], Axes(50, -12, 2, "layers")).to_dict("records")
    assert marks(rows) == [("beside", 1, pytest.approx(-1), "it")]


def test_the_band_spans_the_curves() -> None:
    """From lowest to highest, cut at the frame."""
    band = (profile(-30, -1, 0), profile(-3, -4, 0))
    rows = [row for row in table(-2, -2, 0, band=band) if row["role"] == "measured"]
    assert [row["low"] for row in rows] == [-12.0, pytest.approx(-4), 0.0]
    assert [row["high"] for row in rows] == [pytest.approx(-2), pytest.approx(-1), 0.0]


anything = st.lists(
    st.one_of(st.floats(-400, 400), st.sampled_from([-np.inf, np.inf, np.nan, 0.0, -12.0, 2.0])),
    min_size=1,
    max_size=12,
)


@given(anything, st.booleans(), st.sampled_from([AXES, Axes(2, -35, 7, "layers"), Axes(2, -12, 60, "layers")]))
def test_no_point_is_ever_outside(decades: list[float], ghost: bool, axes: Axes) -> None:
    """Whatever was measured: points and marks inside the frame, and exactly one name or edge mark with text."""
    rows = frame([Curve("it", profile(*decades), "#000000", ghost=ghost, theory=True)], axes).to_dict("records")
    for row in rows:
        for column in ("decades", "low", "high"):
            assert np.isnan(row[column]) or axes.floor <= row[column] <= axes.top
        assert 0 <= row["lag"] < len(decades)
        if row["role"] in ("measured", "ghost"):
            assert np.isfinite([row["decades"], row["low"], row["high"]]).all()
    (mark,) = marks(rows)
    assert str(mark[3]).startswith("it")
    assert np.isfinite(mark[2])


def test_the_chart_depends_on_the_axes_alone() -> None:
    """Its text is the same for other tables, and another for other axes."""

    def text(axes: Axes, *decades: float) -> str:
        made = chart(frame([Curve("it", profile(*decades), "#000000")], AXES), axes).to_dict()
        (data,) = made.pop("datasets")
        return json.dumps(made).replace(data, "")

    assert text(AXES, 0.0, 1.0) == text(AXES, -3.0, -2.0, 0.0)
    assert text(AXES, 0.0, 1.0) != text(Axes(2, -35, 7, "layers"), 0.0, 1.0)


def test_a_sentence_of_nothing() -> None:
    """Zero, infinity and NaN under words: discs have sizes all the same."""
    logs = np.array([-np.inf, np.nan, np.inf, 0.0])
    html = sentence(GradientProfile("step", np.arange(4), logs, logs[None], ("a", "<b>", "c", '"d'), 1), "x?")
    assert "nan" not in html.replace("title", "").lower()
    assert "inf" not in html.lower()
    assert html.count("<b>") == 5
    assert "&lt;b&gt;" in html and "&quot;d" in html


def test_marks_words_never_stand_over_each_other() -> None:
    """However near the marks are: each a line lower."""
    x, y = lines.Axis("x", 0, 200, reverse=True), lines.Axis("y", -60, 2, decades=True)
    marks = [
        lines.Mark(133, "float32 reads 0"),
        lines.Mark(149, "bfloat16 reads 0"),
        lines.Mark(133, "float16 reads 0"),
    ]
    heights = lines.frame([], x, y, marks)["y"].tolist()
    assert heights[0] < y.high
    assert np.diff(heights) == pytest.approx([-lines.LINE * 62] * 2)


def test_bars_have_names_numbers_and_a_level_in_words() -> None:
    """Numbers are written over the level's line, and in a colour that follows the ground; no bar leaves room for none."""
    axis = lines.Axis("share", 0, 1, format="%")
    table = bars.frame([bars.Bar("nothing", 0.2, "20%"), bars.Bar("all", 3.0, "300%")], axis)
    assert table["value"].tolist() == [0.2, 1.0]
    made = bars.chart(table, axis, ("nothing", "all"), bars.Level(0.25, "guessing")).to_dict()["layer"]
    kinds = [layer["mark"]["type"] for layer in made]
    texts = [layer["encoding"]["text"] for layer in made if layer["mark"]["type"] == "text"]
    assert {"field": "name", "type": "nominal"} in texts and {"value": "guessing"} in texts
    assert texts[-1] == {"field": "text", "type": "nominal"} and kinds.index("rule") < kinds.index("text")
    assert all("background" in layer["mark"]["color"]["expr"] for layer in made if layer["mark"]["type"] == "text")
    assert bars.Level(0.25, "guessing").text not in str(bars.chart(table, axis, ("nothing", "all")).to_dict())
