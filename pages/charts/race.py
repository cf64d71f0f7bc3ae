"""A race: accuracy over training, a line for each network with its name at its end.

Below it stands the share of the signal that reaches the deciding word, in the same colours.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from core.questions.standings import Standing
from core.questions.thresholds import FLOWS, LOST
from core.wording import LN10, scientific
from pages.charts.axes import decades, only
from pages.charts.film import INSIDE
from pages.charts.palette import REMEDIES, THEORY

COLUMNS = ["role", "series", "colour", "step", "accuracy", "decades", "text"]
FLOOR, TOP = -12, 2
CEILING = 1.1  # of the accuracy, so that a line at 100 % can be seen
# of the steps: room for the numbers on the left and the names on the right, on a phone as well
BEFORE, ROOM = 0.11, 0.34
HEIGHT, LOW = 270, 190
LINE = 15  # pixels from one name to the next
# decades from which on nearly every network learned, and below which hardly any (47 of them)
SURE, HOPELESS = FLOWS / LN10, LOST / LN10


@dataclass(frozen=True)
class Course:
    """What stays still in a race: training steps, level of guessing (0 to 1), and what the right answers are called."""

    steps: int
    chance: float
    right: str

    @property
    def ticks(self) -> list[int]:
        """Returns the quarters of the way."""
        return sorted({round(self.steps * part / 4) for part in range(5)})


def frame(standings: Sequence[Standing], labels: Mapping[str, str], steps: int) -> pd.DataFrame:
    """Makes a row for every look at every network, and one for each name at the end of its line.

    labels: name → short label. steps: of the whole training.
    """
    rows: list[dict[str, Any]] = []
    for standing in standings:
        share = standing.share
        known = np.where(np.isnan(share), np.nan, np.clip(share / LN10, FLOOR, TOP))
        common = {"series": labels[standing.name], "colour": REMEDIES[standing.name]}
        rows += [
            common
            | {"role": "look", "step": int(standing.steps[i]), "accuracy": float(standing.accuracy[i])}
            | {"decades": round(float(known[i]), 3), "text": scientific(float(share[i]))}
            for i in range(len(standing.steps))
        ]
    lost = {labels[standing.name] for standing in standings if standing.blew_up is not None}
    return pd.DataFrame(rows + _names(rows, lost, ROOM * steps), columns=COLUMNS)


def _names(rows: Sequence[Mapping[str, Any]], lost: set[str], length: float) -> list[dict[str, Any]]:
    """Makes a row for each series: its name at its newest step, at heights in both charts where no name covers another.

    lost: those that blew up; length: steps that a name is long.
    """
    ends = list({row["series"]: row for row in rows}.values())
    high = _apart(ends, "accuracy", LINE / HEIGHT * CEILING, CEILING, length)
    low = _apart(ends, "decades", LINE / LOW * (TOP - FLOOR), TOP, length)
    return [
        {**row, "role": "name", "accuracy": at, "decades": below}
        | {"text": row["series"] + (" ✕ blew up" if row["series"] in lost else "")}
        for row, at, below in zip(ends, high, low, strict=True)
    ]


def _apart(ends: Sequence[Mapping[str, Any]], field: str, least: float, top: float, length: float) -> list[float]:
    """Finds heights near those of the ends, below ``top``, and ``least`` apart where names would cover each other.

    length: of a name. An unknown height (NaN) stays unknown.
    """
    heights = [float(row[field]) for row in ends]
    order = sorted((i for i, value in enumerate(heights) if not np.isnan(value)), key=lambda i: heights[i])

    def near(i: int, others: Sequence[int]) -> list[float]:
        return [heights[j] for j in others if abs(ends[i]["step"] - ends[j]["step"]) < length]

    for at, i in enumerate(order):  # upwards, then down again from the top
        heights[i] = max([heights[i], *(height + least for height in near(i, order[:at]))])
    for at, i in reversed(list(enumerate(order))):
        heights[i] = min([heights[i], top - least / 2, *(height - least for height in near(i, order[at + 1 :]))])
    return heights


def chart(table: pd.DataFrame, course: Course) -> alt.VConcatChart:
    """Draws two rows under each other with the same steps."""
    base = alt.Chart(table).encode(color=alt.Color("colour:N", scale=None, legend=None))
    scale = alt.Scale(domain=[0, CEILING], nice=False, clamp=True)
    up = alt.Y(
        "accuracy:Q", title=None, scale=scale, axis=alt.Axis(format="%", values=[0, 0.25, 0.5, 0.75, 1], **INSIDE)
    )
    down = decades("decades", "", FLOOR, TOP, **INSIDE)
    levels = [{"accuracy": course.chance, "text": "guessing"}]
    bounds = [{"decades": SURE, "text": ""}, {"decades": HOPELESS, "text": ""}]
    rows = (
        _row(base, course, up, levels, HEIGHT, f"share of {course.right} answered right"),
        _row(base, course, down, bounds, LOW, "share of the signal that reaches the deciding word now"),
    )
    return alt.vconcat(*rows, spacing=16).configure_title(anchor="start", fontSize=14, offset=4)


def _row(
    base: alt.Chart, course: Course, y: alt.Y, levels: Sequence[Mapping[str, Any]], height: int, title: str
) -> Any:
    """Draws lines with their names, over dashed levels."""
    scale = alt.Scale(domain=[-BEFORE * course.steps, (1 + ROOM) * course.steps], nice=False)
    last = height == LOW  # the steps stand under the lower row
    axis = alt.Axis(values=course.ticks, grid=False, ticks=False, labelFlush=True, labels=last, format="d")
    x = alt.X("step:Q", title="training step" if last else None, scale=scale, axis=axis)
    lines = only(base, "look").encode(x=x, y=y, detail="series:N", order="step:Q")
    tooltip = [
        alt.Tooltip("series:N", title="remedy"),
        alt.Tooltip("step:Q"),
        alt.Tooltip("accuracy:Q", format=".0%"),
        alt.Tooltip("text:N", title="share of the signal"),
    ]
    layers: list[alt.Chart] = []
    for level in levels:
        at = alt.Chart(alt.InlineData([dict(level) | {"step": 0, "end": course.steps}])).encode(
            y=y, color=alt.value(THEORY)
        )
        rule = at.mark_rule(strokeDash=[7, 5], strokeWidth=2).encode(x=x, x2="end:Q")
        layers += [
            rule,
            at.mark_text(align="left", dx=6, dy=9, fontSize=11).encode(x=x, text="text:N"),
        ]
    return alt.layer(
        *layers,
        lines.mark_line(strokeWidth=2.5),
        lines.mark_circle(size=22).encode(tooltip=tooltip),
        only(base, "name").mark_text(align="left", dx=6, fontSize=12, fontWeight=600).encode(x=x, y=y, text="text:N"),
    ).properties(height=height, title=title)
