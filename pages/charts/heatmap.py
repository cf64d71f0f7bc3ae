"""A map of networks: one tile each, its colour a number, with theory's lines across it and a frame around the chosen network.

Both axes count tiles, so that numbers and choices are drawn alike, and a line can run between them: tile (column, row) covers
column … column + 1 and row … row + 1, the first row at the bottom.
"""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import altair as alt
import pandas as pd

from core.wording import LN10, power, scientific
from pages.charts.axes import only

COLUMNS = [
    *("role", "column", "row", "left", "right", "bottom", "top", "x", "y"),
    *("value", "text", "ink", "said", "series", "order", "stamp"),
]
# vanishing blue, neutral grey, explosion orange: told apart by the colour-blind, and on light and dark ground
DIVERGING = ["#08519C", "#6FA8D6", "#D9D8D3", "#F0A35E", "#A63E00"]
LEARNING = ["#D3D1CB", "#7FBBA5", "#0B6E50"]  # guessing grey, learned green
LINE, HALO = "#3F4550", "#FFFFFF"  # theory: dashed grey, here on colours
GREY = "#8A8F98"
PALE, DARK = "#FFFFFF", "#1F2328"  # numbers on dark and on pale tiles
LEVELS = ("solid", "dotted")
GAP = 0.02  # of a tile, on each side


@dataclass(frozen=True)
class Look:
    """What stays still. kind: "rate" (per ``unit``), "share" or "learned"; end: nats or decades of full colour, or the accuracy
    of guessing.
    """

    x: str
    y: str
    columns: tuple[str, ...]
    rows: tuple[str, ...]
    kind: str
    end: float
    unit: str = "step"

    @property
    def crowded(self) -> bool:
        """Too many tiles for a number in each."""
        return len(self.columns) * len(self.rows) > 100


@dataclass(frozen=True)
class Tile:
    """state: "done", "going" (``value`` is what there is so far), "waiting" or "hole"; said: all about it in one line."""

    column: int
    row: int
    state: str
    value: float
    text: str
    said: str


@dataclass(frozen=True)
class TheoryLine:
    """A line through points (x, y) counted in stops: (0, 0) is the middle of the first tile.

    Its name ("": none) stands to the right of its top, or above its middle if it falls to the right.
    """

    name: str
    points: tuple[tuple[float, float], ...]


_ENDS = ("left", "bottom", "right", "top")
Side = tuple[float, float, float, float]  # left, bottom, right, top in tiles


def frame(
    tiles: Iterable[Tile],
    look: Look,
    lines: Iterable[TheoryLine] = (),
    sides: Iterable[tuple[int, Side]] = (),
    here: tuple[float, float] | None = None,
) -> pd.DataFrame:
    """One row per tile, per point of a line, per side between tiles (with its level, 0 or 1); ``here`` in stops."""
    rows = [_tile(tile, look) for tile in tiles]
    for i, line in enumerate(lines):
        rows += _line(i, line)
    rows += [{"role": "side", "series": LEVELS[i], **dict(zip(_ENDS, side, strict=True))} for i, side in sides]
    if here is not None:
        x, y = here
        rows.append({"role": "here", "said": "You are here", **dict(zip(_ENDS, (x, y, x + 1, y + 1), strict=True))})
    table = pd.DataFrame(rows, columns=COLUMNS)
    table["stamp"] = f"{here}"  # so that a click on a tile that was clicked before is news when one has left it since
    return table


def _tile(tile: Tile, look: Look) -> dict[str, Any]:
    column, row = tile.column, tile.row
    found = {"role": tile.state, "column": column, "row": row, "x": column + 0.5, "y": row + 0.5, "said": tile.said}
    found |= dict(zip(_ENDS, (column + GAP, row + GAP, column + 1 - GAP, row + 1 - GAP), strict=True))
    if tile.state in ("done", "going"):
        found |= {"value": _clipped(tile.value, look), "ink": _ink(tile.value, look)}
    return found | {"text": tile.text if tile.state == "done" else ""}


def _clipped(value: float, look: Look) -> float:
    low, high = (look.end, 1.0) if look.kind == "learned" else (-look.end, look.end)
    return min(max(value, low), high)


def _ink(value: float, look: Look) -> str:
    if look.kind == "learned":
        return PALE if _clipped(value, look) > 0.7 + 0.3 * look.end else DARK
    return PALE if abs(_clipped(value, look)) > 0.62 * look.end else DARK


def _line(number: int, line: TheoryLine) -> Iterator[dict[str, Any]]:
    points = [(x + 0.5, y + 0.5) for x, y in line.points]
    for i, (x, y) in enumerate(points):
        yield {"role": "line", "series": f"line {number}", "order": i, "x": x, "y": y}
    if line.name and points:
        falls = len(points) > 4 and points[0][1] > points[-1][1]
        x, y = points[len(points) // 2] if falls else max(points, key=lambda point: point[1])
        yield {"role": "above" if falls else "beside", "text": line.name, "x": x, "y": y}


def chart(table: pd.DataFrame, look: Look) -> alt.TopLevelMixin:
    """The picture of a table made by ``frame``; but for the data it depends on the look alone."""
    base = alt.Chart(table)
    wide, high = len(look.columns), len(look.rows)
    place = {"x": _axis(alt.X, "x", look.columns, look.x), "y": _axis(alt.Y, "y", look.rows, look.y)}
    box = {"x": _axis(alt.X, "left", look.columns, look.x), "x2": "right:Q"}
    box |= {"y": _axis(alt.Y, "bottom", look.rows, look.y), "y2": "top:Q"}
    colour = _colour(look)
    small = alt.expr(f"pow(0.5 * min(width / {wide}, height / {high}), 2)")
    # where tiles are narrow, as on a phone, a number in each could not be read
    shown = 0 if look.crowded else alt.expr(f"width / {wide} < 27 ? 0 : 1")
    picked = alt.selection_point(name="picked", fields=["column", "row", "stamp"], on="click", clear=False)

    def tiles(*roles: str) -> alt.Chart:
        return only(base, *roles).encode(**box)

    def points(*roles: str) -> alt.Chart:
        return only(base, *roles).encode(**place)

    path = points("line").encode(detail="series:N", order="order:Q")
    dash = alt.Scale(domain=list(LEVELS), range=[[1, 0], [3, 3]])
    quiet: dict[str, Any] = {"aria": False}  # the tiles on top say it all
    frame_of: dict[str, Any] = {"filled": False, "strokeOpacity": 1, "cornerRadius": 2}
    edge = f"datum.x > {wide - 4}"  # there is no room to the right of it
    words: dict[str, Any] = {"fontSize": 13, **quiet}
    words |= {"align": alt.expr(f"{edge} ? 'right' : 'left'"), "dx": alt.expr(f"{edge} ? -7 : 7")}
    layers = [
        tiles("waiting", "going").mark_rect(filled=False, stroke=GREY, strokeDash=[2, 3], strokeOpacity=0.6, **quiet),
        tiles("done").mark_rect(**quiet).encode(color=colour),
        points("going").mark_point(shape="square", filled=True, opacity=1, size=small, **quiet).encode(color=colour),
        points("hole").mark_text(text="×", fontSize=14, color=GREY, **quiet),
        points("done")
        .mark_text(fontSize=11, opacity=shown, **quiet)
        .encode(text="text:N", color=alt.Color("ink:N", scale=None)),
        tiles("side").mark_rule(strokeWidth=5, color=HALO, **quiet),
        tiles("side")
        .mark_rule(strokeWidth=2.5, color=LINE, **quiet)
        .encode(strokeDash=alt.StrokeDash("series:N", legend=None, scale=dash)),
        path.mark_line(strokeWidth=5, color=HALO, opacity=0.85, **quiet),
        path.mark_line(strokeWidth=2.5, color=LINE, strokeDash=[7, 5], **quiet),
        *(
            points(role).mark_text(dy=dy, **style, **words).encode(text="text:N")
            for role, dy in (("beside", 9), ("above", -11))
            for style in ({"color": HALO, "stroke": HALO, "strokeWidth": 6, "strokeJoin": "round"}, {"color": LINE})
        ),
        tiles("here").mark_rect(stroke=HALO, strokeWidth=6, **frame_of, **quiet),
        tiles("here").mark_rect(stroke=DARK, strokeWidth=2.5, **frame_of).encode(description="said:N"),
        tiles("done", "going", "waiting", "hole")
        .mark_rect(opacity=0)
        .encode(tooltip="said:N", description="said:N")
        .add_params(picked),
    ]
    around = 140 + (40 if _tilted(look.columns) else 0)  # what legend, labels and titles take of the height
    return alt.layer(*layers).properties(height=around + min(460, max(240, 34 * high)))


def _axis(channel: Any, field: str, labels: tuple[str, ...], title: str) -> Any:
    """Tiles counted along an axis, each named in its middle."""
    names = ", ".join(f"'{i + 0.5:g}': {_quoted(label)}" for i, label in enumerate(labels))
    axis = alt.Axis(
        values=[i + 0.5 for i in range(len(labels))],
        labelExpr=f"{{{names}}}[datum.value]",
        labelAngle=-35 if channel is alt.X and _tilted(labels) else 0,
        labelLimit=150,
        labelFlush=False,
        labelOverlap="greedy" if channel is alt.X else False,
        grid=False,
        ticks=False,
        domain=False,
    )
    scale = alt.Scale(domain=[0, len(labels)], nice=False, zero=False)
    return channel(f"{field}:Q", title=title, scale=scale, axis=axis)


def _tilted(labels: tuple[str, ...]) -> bool:
    """Labels too long to stand beside each other under the tiles."""
    return max(map(len, labels)) > 5


def _quoted(label: str) -> str:
    return "'" + label.replace("\\", "\\\\").replace("'", "\\'") + "'"


def _colour(look: Look) -> alt.Color:
    if look.kind == "learned":
        values = [look.end, (1 + look.end) / 2, 1.0]
        scale = alt.Scale(domain=values, range=LEARNING, interpolate="lab", clamp=True)
        label = "format(100 * datum.value, '.0f') + ' %'"
        return alt.Color("value:Q", scale=scale, legend=_legend("accuracy on new data", values, label))
    ends = [-1.0, -0.5, 0.0, 0.5, 1.0]
    values = [look.end * each for each in ends]
    texts = [_end(value, look.kind) for value in values]
    names = ", ".join(f"'{i}': '{text}'" for i, text in enumerate(texts))
    label = f"{{{names}}}[round((datum.value / {look.end!r} + 1) * 2)]"
    title = f"factor per {look.unit} back" if look.kind == "rate" else "share of the signal that arrives"
    scale = alt.Scale(domain=values, range=DIVERGING, interpolate="lab", clamp=True)
    return alt.Color("value:Q", scale=scale, legend=_legend(title, values, label))


def _end(value: float, kind: str) -> str:
    if kind == "share":
        return power(round(value)) if round(value) else "1"
    return scientific(value) if abs(value) < 2 * LN10 else f"{math.exp(value):.2g}"


def _legend(title: str, values: list[float], label: str) -> alt.Legend:
    return alt.Legend(
        title=title,
        orient="top",
        direction="horizontal",
        gradientLength=220,
        titleLimit=300,
        values=values,
        labelExpr=label,
    )
