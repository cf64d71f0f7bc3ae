"""Horizontal bars, each under its name and with its number at its end: a few named quantities on a linear axis."""

from collections.abc import Sequence
from dataclasses import dataclass

import altair as alt
import pandas as pd

from pages.charts.axes import haloed
from pages.charts.lines import Axis, scale_of
from pages.charts.palette import INK

COLUMNS = ["role", "name", "colour", "start", "value", "text"]
ROW, TOP, AXIS = 36, 18, 88  # pixels of a name and its bar, of what is written above them, and of the axis below
NAME = 0.57  # of a row
NUMBER = 96  # pixels at the right for a number as long as 1.2·10⁻¹⁰, large type as well


@dataclass(frozen=True)
class Bar:
    """One bar; ``text`` is written at its end."""

    name: str
    value: float
    text: str
    colour: str = "#2F83C5"


@dataclass(frozen=True)
class Level:
    """A dashed line at a value, with a word for what it is, such as guessing."""

    at: float
    text: str


def frame(bars: Sequence[Bar], axis: Axis) -> pd.DataFrame:
    """One row per bar, kept within the axis; bars on an axis of decades start at its low end."""
    start = axis.low if axis.decades else min(max(0.0, axis.low), axis.high)
    rows = [("bar", b.name, b.colour, start, min(max(b.value, axis.low), axis.high), b.text) for b in bars]
    return pd.DataFrame(rows, columns=COLUMNS)


def chart(table: pd.DataFrame, axis: Axis, names: tuple[str, ...], level: Level | None = None) -> alt.TopLevelMixin:
    """The picture of such a table; ``names`` fixes the order. Names stand above their bars: a phone has no room beside them."""
    top = TOP if level else 0
    inner = top + ROW * len(names)
    scale, ticks = scale_of(axis)
    scale.range = [0, alt.expr(f"width - {NUMBER}")]
    x = alt.X("value:Q", title=axis.title, scale=scale, axis=ticks)
    rows = alt.Scale(paddingInner=NAME, paddingOuter=(NAME + top / ROW) / 2, align=1)  # all of the outer one above
    y = alt.Y("name:N", sort=list(names), scale=rows, axis=None)
    above = alt.Y("name:N", sort=list(names), scale=rows, axis=None, bandPosition=0)
    colour = alt.Color("colour:N", scale=None, legend=None)
    base = alt.Chart(table).transform_filter("datum.role === 'bar'")
    bars = base.mark_bar(opacity=0.85).encode(y=y, x=x, x2="start:Q", color=colour, tooltip=["name:N", "text:N"])
    called = base.encode(y=above, x=alt.value(0), text="name:N")
    numbers = base.encode(y=y, x=x, text="text:N")
    one = alt.Chart(table).transform_aggregate(rows="count()")
    layers = [bars, *(_level(one, level, axis, top / inner) if level else ())]
    layers += [*haloed(called, align="left", dy=-9, fontSize=13), *haloed(numbers, align="left", dx=5, fontSize=13)]
    return alt.layer(*layers).properties(height=inner + AXIS)


def _level(one: alt.Chart, level: Level, axis: Axis, top: float) -> list[alt.Chart]:
    """The line, drawn once, and above the first row its words on the side where there is more room. top: share of the height."""
    at = one.encode(x=alt.datum(level.at))
    left = level.at > (axis.low + axis.high) / 2
    words = at.encode(y=alt.value(alt.expr(f"height * {top / 2}")), text=alt.value(level.text))
    return [
        at.mark_rule(color=INK, strokeDash=[6, 4], strokeWidth=1.5),
        *haloed(words, align="right" if left else "left", dx=-5 if left else 5, fontSize=12),
    ]
