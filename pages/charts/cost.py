"""What recording costs: how many times as long a training step takes, for each network of the benchmark."""

from dataclasses import dataclass
from typing import Any

import altair as alt
import pandas as pd

from pages.charts.palette import THEORY

TENTH, EACH = "every 10th step", "every step"
COLOURS = {TENTH: "#2F83C5", EACH: "#D98A2B"}


@dataclass(frozen=True)
class Cost:
    """Ratios (low, high) over four runs; None where it was not measured."""

    network: str
    tenth: tuple[float, float]
    each: tuple[float, float] | None


# what benchmarks/recorder.py printed, as docs/recorder.md has it: processor time with over without a recorder, one thread
COSTS = (
    Cost("GPT-2 built from a configuration, 6 layers", (1.07, 1.07), (1.25, 1.29)),
    Cost("nn.Transformer, 4 + 4 layers", (1.06, 1.08), (1.24, 1.30)),
    Cost("residual network, 55 convolutions, 32 × 32 images", (1.06, 1.08), (1.20, 1.24)),
    Cost("the same with 16 × 16 images", (1.12, 1.15), None),
    Cost("nn.LSTM, 100 steps", (1.08, 1.13), (1.5, 1.6)),
    Cost("nn.RNN, 100 steps", (1.09, 1.23), (1.65, 1.71)),
)


def frame() -> pd.DataFrame:
    """One row for each network and way of recording."""
    rows = [
        {
            "network": cost.network,
            "series": name,
            "low": low,
            "high": high,
            "middle": (low + high) / 2,
            "text": _said(low, high),
        }
        for cost in COSTS
        for name, span in ((TENTH, cost.tenth), (EACH, cost.each))
        if span
        for low, high in (span,)
    ]
    return pd.DataFrame(rows)


def _said(low: float, high: float) -> str:
    return f"{low:.2f}" if low == high else f"{low:.2f} to {high:.2f}"


def chart(table: pd.DataFrame) -> alt.LayerChart:
    """Ranges side by side; 1 is a step without a recorder."""
    scale = alt.Scale(domain=[1, 1.8], nice=False)
    axis = alt.Axis(values=[1, 1.2, 1.4, 1.6, 1.8], format=".1f", labelFlush=True)
    inside: dict[str, Any] = {"labelAlign": "left", "labelPadding": -2, "labelBaseline": "bottom", "labelOffset": -4}
    names = alt.Axis(ticks=False, domain=False, labelLimit=330, **inside)
    order = [cost.network for cost in COSTS]
    y = alt.Y("network:N", sort=order, title=None, axis=names, scale=alt.Scale(type="band"))
    colour = alt.Color(
        "series:N",
        scale=alt.Scale(domain=list(COLOURS), range=list(COLOURS.values())),
        legend=alt.Legend(orient="top", title=None),
    )
    tooltip = [
        alt.Tooltip("network:N"),
        alt.Tooltip("series:N", title="recorded"),
        alt.Tooltip("text:N", title="times as long"),
    ]
    base = alt.Chart(table).encode(y=y, color=colour, tooltip=tooltip)
    x = alt.X("low:Q", scale=scale, axis=axis, title="times as long as without a recorder")
    return (
        alt.layer(
            base.mark_rule(strokeWidth=6, strokeCap="round", yOffset=9).encode(x=x, x2="high:Q"),
            base.mark_circle(size=110, opacity=1, yOffset=9).encode(x=alt.X("middle:Q", scale=scale, axis=axis)),
        )
        .properties(height=44 * len(COSTS) + 130)
        .configure_axisY(grid=False)
        .configure_rule(color=THEORY)
    )
