"""Axes that charts share: powers of ten as 10⁻⁶ on a fixed range, and lags that run back to the left."""

from typing import Any

import altair as alt

from core.wording import power
from pages.charts.palette import GROUND, INK


def decades(field: str, title: str, floor: int, top: int, **style: object) -> alt.Y:
    """A log axis for a field that holds log₁₀: linear to Vega, so that no 0 can ruin it; labels are powers of ten."""
    step = max(1, round((top - floor) / 7))
    values = [v for v in range(-(-floor // step) * step, top + 1, step)]
    names = ", ".join(f"'{v}': '{power(v) if v else '1'}'" for v in values)
    axis = alt.Axis(values=values, labelExpr=f"{{{names}}}[datum.value]", **style)  # type: ignore[arg-type]
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
