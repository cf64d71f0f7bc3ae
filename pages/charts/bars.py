"""Horizontal bars with their number beside them: a few named quantities on a linear axis."""

from collections.abc import Sequence
from dataclasses import dataclass

import altair as alt
import pandas as pd

from pages.charts.lines import Axis, scale_of
from pages.charts.palette import ACCENT

COLUMNS = ["role", "name", "colour", "start", "value", "text"]


@dataclass(frozen=True)
class Bar:
    """One bar; ``text`` is written beside it."""

    name: str
    value: float
    text: str
    colour: str = "#2F83C5"


def frame(bars: Sequence[Bar], axis: Axis) -> pd.DataFrame:
    """One row per bar, kept within the axis; bars on an axis of decades start at its low end."""
    start = axis.low if axis.decades else min(max(0.0, axis.low), axis.high)
    rows = [("bar", b.name, b.colour, start, min(max(b.value, axis.low), axis.high), b.text) for b in bars]
    return pd.DataFrame(rows, columns=COLUMNS)


def chart(table: pd.DataFrame, axis: Axis, names: tuple[str, ...], mark: float | None = None) -> alt.TopLevelMixin:
    """The picture of such a table; ``names`` fixes the order, ``mark`` draws a line, such as the level of guessing."""
    scale, ticks = scale_of(axis)
    base = alt.Chart(table).transform_filter("datum.role === 'bar'")
    y = alt.Y("name:N", title=None, sort=list(names), axis=alt.Axis(labelLimit=260, ticks=False))
    x = alt.X("value:Q", title=axis.title, scale=scale, axis=ticks)
    colour = alt.Color("colour:N", scale=None, legend=None)
    bars = base.mark_bar(height={"band": 0.7}, opacity=0.85).encode(
        y=y, x=x, x2="start:Q", color=colour, tooltip=["name:N", "text:N"]
    )
    texts = base.mark_text(align="left", dx=5, fontSize=13).encode(y=y, x=x, text="text:N")
    layers: list[alt.Chart] = [bars, texts]
    if mark is not None:
        layers.append(
            alt.Chart(table).mark_rule(color=ACCENT, strokeDash=[6, 4], strokeWidth=2).encode(x=alt.datum(mark))
        )
    return alt.layer(*layers).properties(height=80 + 32 * len(names))
