"""Axes that charts share: powers of ten as 10⁻⁶ on a fixed range, and lags that run back to the left."""

from collections.abc import Iterable
from typing import Any

import altair as alt

from core.wording import power
from pages.charts.palette import GROUND, INK


def powers(values: Iterable[int]) -> dict[str, Any]:
    """Ticks at log₁₀ values, labelled 10⁻⁶ and 1: the options of an axis or a legend that is linear to Vega."""
    values = list(values)
    names = ", ".join(f"'{value}': '{power(value) if value else '1'}'" for value in values)
    return {"values": values, "labelExpr": f"{{{names}}}[datum.value]"}


def round_powers(low: float, high: float) -> dict[str, Any]:
    """The same at some seven round exponents between low and high."""
    step = max(1, round((high - low) / 7))
    return powers(range(-(-int(low) // step) * step, int(high) + 1, step))


def decades(field: str, title: str, floor: int, top: int, **style: Any) -> alt.Y:
    """A log axis for a field that holds log₁₀: linear to Vega, so that no 0 can ruin it; labels are powers of ten."""
    axis = alt.Axis(**round_powers(floor, top), **style)
    return alt.Y(f"{field}:Q", title=title, scale=alt.Scale(domain=[floor, top], nice=False), axis=axis)


def lag(title: str, back: int) -> alt.X:
    """Steps or layers back from the loss; the loss is at the right edge."""
    scale = alt.Scale(domain=[0, back], reverse=True, nice=False)
    return alt.X(
        "lag:Q", title=title, scale=scale, axis=alt.Axis(tickMinStep=1, tickCount=8, grid=False, labelFlush=True)
    )


def only(chart: alt.Chart, *roles: str) -> alt.Chart:
    """The rows that play one of these roles."""
    return chart.transform_filter(" || ".join(f"datum.role === '{role}'" for role in roles))


def haloed(chart: alt.Chart, ink: Any = INK, ground: Any = GROUND, **style: Any) -> tuple[alt.Chart, alt.Chart]:
    """The chart's texts, and under them the same ones wide in the colour of the ground, so that no line runs through them.

    ink: a colour, or the encoding of one.
    """
    wide = chart.mark_text(color=ground, stroke=ground, strokeWidth=4, strokeJoin="round", **style)
    if isinstance(ink, alt.Color):
        return wide, chart.mark_text(**style).encode(color=ink)
    return wide, chart.mark_text(color=ink, **style)
