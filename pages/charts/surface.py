"""A surface seen from above, with the path that training takes over it."""

import altair as alt
import numpy as np
import pandas as pd

from pages.charts.axes import haloed, only
from pages.charts.palette import ACCENT

COLUMNS = ["role", "x", "y", "loss", "step"]
FIRST, SECOND = "direction in which training moved most →", "… and second most →"


def frame(x: np.ndarray, y: np.ndarray, loss: np.ndarray, path: np.ndarray, steps: np.ndarray) -> pd.DataFrame:
    """One row per cell of ``loss`` (y, x) and per stop of ``path`` (S, 2), both axes scaled to −1 … 1."""
    middle, half = (x[0] + x[-1]) / 2, max((x[-1] - x[0]) / 2, 1e-12)
    level, side = (y[0] + y[-1]) / 2, max((y[-1] - y[0]) / 2, 1e-12)
    across, up = np.meshgrid((x - middle) / half, (y - level) / side)
    cells = pd.DataFrame({"role": "cell", "x": across.ravel(), "y": up.ravel(), "loss": loss.ravel()})
    stops = pd.DataFrame(
        {"role": "path", "x": (path[:, 0] - middle) / half, "y": (path[:, 1] - level) / side, "step": steps}
    )
    ends = stops.iloc[[0, -1]].assign(role=["start", "end"])
    return pd.concat([cells, stops, ends], ignore_index=True).reindex(columns=COLUMNS)


def chart(table: pd.DataFrame, size: int, high: float, height: int = 420) -> alt.TopLevelMixin:
    """size × size cells, loss from 0 (dark) to ``high`` (light)."""
    base = alt.Chart(table)
    scale = alt.Scale(domain=[-1 - 1 / size, 1 + 1 / size], nice=False)
    bare = alt.Axis(labels=False, ticks=False, grid=False)
    x = alt.X("x:Q", title=FIRST, scale=scale, axis=bare)
    y = alt.Y("y:Q", title=SECOND, scale=scale, axis=bare)
    loss = alt.Color(
        "loss:Q",
        scale=alt.Scale(domain=[0, high], scheme="viridis", clamp=True),
        legend=alt.Legend(title="loss", orient="bottom", gradientLength=200),
    )
    half = 1 / (size - 1) * 1.04
    cells = (
        only(base, "cell")
        .transform_calculate(
            x1=f"datum.x - {half}", x2=f"datum.x + {half}", y1=f"datum.y - {half}", y2=f"datum.y + {half}"
        )
        .mark_rect()
        .encode(
            x=alt.X("x1:Q", title=FIRST, scale=scale, axis=bare),
            x2="x2:Q",
            y=alt.Y("y1:Q", title=SECOND, scale=scale, axis=bare),
            y2="y2:Q",
            color=loss,
            tooltip=[alt.Tooltip("loss:Q", format=".3f")],
        )
    )
    path = only(base, "path").encode(x=x, y=y, order="step:Q")
    names = {"start": "start", "end": "end of training"}
    side, dx = (alt.expr(f"datum.x > 0.3 ? {late} : {early}") for late, early in (("'right'", "'left'"), (-9, 9)))
    texts = [
        layer
        for role, said in names.items()
        for layer in haloed(
            only(base, role).encode(x=x, y=y, text=alt.value(said)),
            *("#1F2328", "#FFFFFF"),  # on the colours of the loss, whatever the theme
            **{"align": side, "dx": dx, "dy": -9, "fontSize": 14, "fontWeight": "bold"},
        )
    ]
    stops = path.mark_circle(size=45, color=ACCENT, opacity=1).encode(tooltip=["step:Q"])
    return alt.layer(cells, path.mark_line(color=ACCENT, strokeWidth=2.5), stops, *texts).properties(height=height)
