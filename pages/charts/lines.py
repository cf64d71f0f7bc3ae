"""Lines and points over any two axes: what most exhibits draw.

``frame`` turns lines into one long table, ``chart`` draws any such table; its text depends on the axes alone.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import altair as alt
import numpy as np
import pandas as pd

from core.wording import LN10, scientific
from pages.charts.axes import haloed, only, round_powers
from pages.charts.palette import ACCENT, THEORY

COLUMNS = ["role", "series", "colour", "x", "y", "text", "value"]
LINE = 0.075  # of a chart's height: from one line of text to the next
EDGE = 0.3  # of its width: from here on there is no room for a mark's words on its right
_SIDES: tuple[tuple[Literal["left", "right"], int], ...] = (("left", 10), ("right", -10))  # and pixels away from it


@dataclass(frozen=True)
class Axis:
    """low and high: the domain, which stays still while sliders move. decades: values are log₁₀, labels powers of ten."""

    title: str
    low: float
    high: float
    decades: bool = False
    reverse: bool = False
    format: str = ""


@dataclass(frozen=True)
class Line:
    """x and y (N,): numbers, or log₁₀ on an axis of decades; what is not finite is left out; where a line leaves the
    picture it ends at the edge.

    kind: "measured" (line and points), "ghost" (faint), "theory" (dashed grey), "points". places: what each point stands for.
    """

    name: str
    x: Sequence[float] | np.ndarray
    y: Sequence[float] | np.ndarray
    colour: str = "#2F83C5"
    kind: str = "measured"
    places: Sequence[str] = ()


@dataclass(frozen=True)
class Mark:
    """A vertical line at x with words, such as the word that decides."""

    x: float
    text: str
    colour: str = ACCENT


def frame(
    lines: Sequence[Line],
    x: Axis,
    y: Axis,
    marks: Iterable[Mark] = (),
    corner: str = "top left",
    unnamed: Sequence[Line] = (),
) -> pd.DataFrame:
    """One row per point, name and mark; ``role`` says which. The names stand in the corner where the lines leave room, but for
    those of ``unnamed`` lines."""
    rows = [row for line in (*lines, *unnamed) for row in _rows(line, x, y)]
    rows += _names(lines, x, y, corner) if len(lines) > 1 else []
    rows += _marks(marks, y)
    return pd.DataFrame(rows, columns=COLUMNS)


def _rows(line: Line, x: Axis, y: Axis) -> Iterator[dict[str, Any]]:
    across, up = np.asarray(line.x, float), np.asarray(line.y, float)
    colour = THEORY if line.kind == "theory" else line.colour
    common = {"series": line.name, "colour": colour}
    with np.errstate(invalid="ignore"):
        inside = (up >= y.low) & (up <= y.high)
        cut = np.clip(up, y.low, y.high).tolist()
    beside = np.append(inside[1:], False) | np.append(False, inside[:-1])  # a line leaves the picture, and is cut there
    for i in np.flatnonzero((inside | beside) & np.isfinite(up) & (across >= x.low) & (across <= x.high)):
        value = scientific(up[i] * LN10) if y.decades else f"{up[i]:.4g}"
        text = line.places[int(i)] if len(line.places) else f"{across[i]:.4g}"
        role = line.kind if inside[i] or line.kind != "measured" else "outside"
        at = {"x": float(across[i]), "y": cut[i]}
        yield common | at | {"role": role, "text": text, "value": value}


def _names(lines: Sequence[Line], x: Axis, y: Axis, corner: str) -> list[dict[str, Any]]:
    """A row for each line's name, under each other; in the table because the chart's text knows no names."""
    vertical, side = corner.split()
    at = x.low if (side == "left") != x.reverse else x.high
    step = (y.high - y.low) * LINE
    heights = [y.high - step * (i + 0.7) for i in range(len(lines))]
    if vertical == "bottom":
        heights = [y.low + step * (i + 0.7) for i in reversed(range(len(lines)))]
    return [
        {
            "role": f"name {side}",
            "series": line.name,
            "colour": THEORY if line.kind == "theory" else line.colour,
            "x": at,
            "y": height,
            "text": ("┅ " if line.kind == "theory" else "● ") + line.name,
        }
        for line, height in zip(lines, heights, strict=True)
    ]


def _marks(marks: Iterable[Mark], y: Axis) -> Iterator[dict[str, Any]]:
    """A row for each mark, its words a line below those before it."""
    step = (y.high - y.low) * LINE
    for i, each in enumerate(marks):
        at = {"x": each.x, "y": y.high - step * (i + 0.5)}
        yield {"role": "mark", "series": each.text, "colour": each.colour, "text": each.text} | at


def read(table: pd.DataFrame, x: Axis, y: Axis, *_style: object) -> pd.DataFrame:
    """The same as a table to be read: what the axes and the lines are called, values as people write them."""
    shown = table[table["value"].notna()]
    across, up = (re.sub("^←.*· ", "", axis.title) for axis in (x, y))
    where = [scientific(value * LN10) if x.decades else f"{value:.4g}" for value in shown["x"]]
    columns = {"curve": shown["series"], across: where, "where": shown["text"], up: shown["value"]}
    if columns["where"].tolist() == where:
        del columns["where"]
    return pd.DataFrame(columns)


def scale_of(axis: Axis, few: str = "width < 420") -> tuple[alt.Scale, alt.Axis]:
    """Vega's scale and axis: fixed domain, powers of ten as 10⁻⁶. few: when there is room for few ticks only."""
    scale = alt.Scale(domain=[axis.low, axis.high], nice=False, reverse=axis.reverse)
    if not axis.decades:
        count = alt.expr(f"{few} ? 5 : 8")
        return scale, alt.Axis(format=axis.format, tickCount=count) if axis.format else alt.Axis(tickCount=count)
    return scale, alt.Axis(**round_powers(axis.low, axis.high), labelSeparation=8)


def chart(table: pd.DataFrame, x: Axis, y: Axis, height: int = 300) -> alt.TopLevelMixin:
    """The picture of a table made by ``frame`` for the same axes."""
    (across, below), (up, beside) = scale_of(x), scale_of(y, "height < 180")
    base = alt.Chart(table)
    at_x = alt.X("x:Q", title=x.title, scale=across, axis=below)
    at_y = alt.Y("y:Q", title=y.title, scale=up, axis=beside)
    colour = alt.Color("colour:N", scale=None, legend=None)
    tooltip = [
        alt.Tooltip(f"{name}:N", title=said)
        for name, said in (("series", "curve"), ("text", "where"), ("value", "value"))
    ]

    last = x.low + EDGE * (x.high - x.low) if x.reverse else x.high - EDGE * (x.high - x.low)
    late = f"datum.x {'<' if x.reverse else '>'} {last}"
    beside_it = {"align": alt.expr(f"{late} ? 'right' : 'left'"), "dx": alt.expr(f"{late} ? -5 : 5")}

    def layer(*roles: str) -> alt.Chart:
        return only(base, *roles).encode(x=at_x)

    def curve(*roles: str) -> alt.Chart:
        return layer(*roles).encode(y=at_y, color=colour, detail="series:N", order="x:Q")

    layers = [
        layer("mark").mark_rule(strokeWidth=2, opacity=0.5).encode(color=colour),
        curve("theory").mark_line(strokeWidth=5, strokeDash=[7, 5], opacity=0.6),
        curve("ghost").mark_line(strokeWidth=1.5, opacity=0.45),
        curve("measured", "outside").mark_line(strokeWidth=2.5),
        curve("measured", "points").mark_circle(size=40, opacity=0.9).encode(tooltip=tooltip),
        curve("outside").mark_point(shape="diamond", size=50).encode(tooltip=tooltip),
        *(
            curve(f"name {side}").mark_text(align=side, dx=dx, fontSize=13, fontWeight=600).encode(text="text:N")
            for side, dx in _SIDES
        ),
        *haloed(layer("mark").encode(y=at_y, text="text:N"), colour, **beside_it, fontSize=13, fontWeight="bold"),
    ]
    return alt.layer(*layers).properties(height=height)
