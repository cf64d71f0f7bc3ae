"""The complex plane: eigenvalues as points, sizes as circles around 0; equally long units on both axes, however wide it is."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from pages.charts.axes import only

COLUMNS = ["role", "series", "colour", "x", "y", "modulus", "text"]
LINE = 24  # pixels of a name's line, of which the axes take a quarter


@dataclass(frozen=True)
class Plane:
    """half: the largest modulus in view, fixed. names: how many lines of names stand above. height in pixels."""

    half: float
    names: int
    height: int = 340

    @property
    def units(self) -> float:
        """How many units the height holds: from −half to half, and the names."""
        return 2 * self.half / (1 - LINE * self.names / self.height)


@dataclass(frozen=True)
class Points:
    """values (N,): complex."""

    name: str
    values: Sequence[complex] | np.ndarray
    colour: str


@dataclass(frozen=True)
class Circle:
    """Around 0; ``dashed`` for a bound."""

    name: str
    radius: float
    colour: str
    dashed: bool = False


def frame(points: Sequence[Points], circles: Sequence[Circle], plane: Plane) -> pd.DataFrame:
    """One row per point, circle and name; a point further out than the plane goes sits at its edge."""
    rows = [row for group in points for row in _points(group, plane.half)]
    for circle in circles:
        role = "bound" if circle.dashed else "circle"
        role = "beyond" if circle.radius > plane.half else role
        rows.append(_row(role, circle, 0j, circle.radius))
    named: list[Points | Circle] = [*circles, *points]
    for i, each in enumerate(named):
        height = plane.half + (len(named) - i - 0.5) * LINE * plane.units / plane.height
        outside = ", outside" if isinstance(each, Circle) and each.radius > plane.half else ""
        sign = "○" if isinstance(each, Circle) else "●"
        rows.append(_row("name", each, 1j * height, None, f"{sign} {each.name}{outside}"))
    return pd.DataFrame(rows, columns=COLUMNS)


def read(table: pd.DataFrame, _plane: Plane) -> pd.DataFrame:
    """The same as a table to be read."""
    shown = table[table["role"] != "name"]
    return pd.DataFrame({"of": shown["series"], "value": shown["text"], "modulus": shown["modulus"].round(4)})


def _points(group: Points, half: float) -> Iterator[dict[str, Any]]:
    for value in np.asarray(group.values, complex):
        size = float(abs(value))
        text = f"{value.real:.3g} {'-' if value.imag < 0 else '+'} {abs(value.imag):.3g}i".replace("-", "−")
        at = value * half / max(size, half)
        yield _row("outside" if size > half else "point", group, at, size, text)


def _row(role: str, each: Points | Circle, at: complex, modulus: float | None, text: str = "") -> dict[str, Any]:
    where = {"x": at.real, "y": at.imag, "modulus": modulus}
    return {"role": role, "series": each.name, "colour": each.colour, "text": text} | where


def chart(table: pd.DataFrame, plane: Plane) -> alt.TopLevelMixin:
    """The picture of such a table."""
    base = alt.Chart(table)
    sides = [alt.expr(f"{sign * plane.units / 2} * width / height") for sign in (-1, 1)]
    whole = alt.Axis(values=list(range(-int(plane.half), int(plane.half) + 1)))
    x = alt.X("x:Q", title="real part", scale=alt.Scale(domain=sides, nice=False), axis=alt.Axis(tickMinStep=1))
    up = alt.Scale(domain=[-plane.half, plane.units - plane.half], nice=False)
    y = alt.Y("y:Q", title="imaginary part", scale=up, axis=whole)
    colour = alt.Color("colour:N", scale=None, legend=None)
    tooltip = [alt.Tooltip("series:N", title="of"), alt.Tooltip("text:N", title="value"), "modulus:Q"]

    def part(*roles: str) -> alt.Chart:
        return only(base, *roles).encode(x=x, y=y, color=colour)

    def circle(role: str, **style: Any) -> alt.Chart:
        around = alt.expr(f"pow(2 * datum.modulus * height / {plane.units}, 2)")
        return part(role).mark_point(shape="circle", size=around, opacity=1, **style)

    layers = [
        circle("circle", strokeWidth=1.5),
        circle("bound", strokeWidth=2, strokeDash=[3, 3]),
        part("point").mark_circle(size=34, opacity=0.85).encode(tooltip=tooltip),
        part("outside").mark_point(shape="diamond", size=50).encode(tooltip=tooltip),
        only(base, "name")
        .mark_text(align="left", fontSize=13, fontWeight=600)
        .encode(x=alt.value(4), y=y, text="text:N", color=colour),
    ]
    return alt.layer(*layers).properties(height=plane.height)
