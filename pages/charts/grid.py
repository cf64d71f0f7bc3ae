"""A grid of cells with a colour each: whose loss reaches which word, layers against steps, words against training."""

from collections.abc import Sequence
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from core.wording import LN10, scientific
from pages.charts.axes import powers

COLUMNS = ["role", "x", "y", "value", "text", "across", "down"]
AROUND = 170  # pixels for the axes, their titles and the legend


def frame(
    values: np.ndarray, across: Sequence[str], down: Sequence[str], low: float, high: float, decades: bool
) -> pd.DataFrame:
    """values (rows, columns): log₁₀ where ``decades``; NaN leaves a cell empty. Names of columns and rows must differ."""
    rows = []
    shades = np.clip(values, low, high).tolist()
    for i, j in np.argwhere(~np.isnan(values)):
        value = float(values[i, j])
        text = scientific(value * LN10) if decades else f"{value:.3g}"
        rows.append(("cell", int(j), int(i), shades[i][j], text, across[j], down[i]))
    return pd.DataFrame(rows, columns=COLUMNS)


def chart(
    table: pd.DataFrame,
    rows: int,
    low: float,
    high: float,
    decades: bool,
    title: str,
    x: str,
    y: str,
    tilt: int = -45,
) -> alt.TopLevelMixin:
    """A cell for each row of the table; dark is low. ``rows`` decides the height alone. tilt: of columns' names, in degrees."""
    # no more labels than three, so that they stay apart
    fixed = powers((int(low), round((low + high) / 2), int(high))) if decades else {}
    legend = alt.Legend(title=title, orient="bottom", gradientLength=240, titleLimit=300, **fixed)
    quiet: dict[str, Any] = {"ticks": False, "domain": False, "labelOverlap": True}
    tips = (("down", y), ("across", x), ("text", title))
    return (
        alt.Chart(table)
        .mark_rect()
        .encode(
            x=alt.X(
                "across:N",
                sort=alt.SortField("x"),
                title=x,
                axis=alt.Axis(labelAngle=tilt, labelSeparation=0 if tilt else 12, **quiet),
            ),
            y=alt.Y("down:N", sort=alt.SortField("y"), title=y, axis=alt.Axis(**quiet)),
            color=alt.Color(
                "value:Q", scale=alt.Scale(domain=[low, high], scheme="viridis", clamp=True), legend=legend
            ),
            tooltip=[alt.Tooltip(f"{name}:N", title=said) for name, said in tips],
        )
        .properties(height=AROUND + max(9 * rows, min(20 * rows, 400), min(60 * rows, 180)))
    )
