"""A training as a film: accuracy and loss on the way, and profile and answers at the step that the slider shows.

All frames are in the table; the slider below the picture is a Vega-Lite parameter, so scrubbing asks the server nothing.
"""

import math
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from core import Experiment, Run
from core.wording import LN10, scientific
from pages.charts import axes as shared_axes
from pages.charts.palette import ACCENT, THEORY

COLUMNS = [
    "role",
    "series",
    "colour",
    "step",
    "accuracy",
    "loss",
    "lag",
    "decades",
    "word",
    "answer",
    "probability",
    "text",
]
FLOOR, TOP = -12, 3
# Labels inside the plot: the rows are then exactly as wide as the page, on a phone as well.
INSIDE: dict[str, Any] = {
    "labelAlign": "left",
    "labelPadding": -4,
    "labelBaseline": "bottom",
    "ticks": False,
    "domain": False,
}


@dataclass(frozen=True)
class Take:
    """One run with its name and colour. Two are equal if they look the same: that many frames of the same experiment."""

    name: str
    run: Run = field(compare=False)
    colour: str
    shown: tuple[Experiment, int] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "shown", (self.run.experiment, len(self.run.film)))


@dataclass(frozen=True)
class FilmAxes:
    """What stays still: training steps, steps per frame, answers and the right one, longest lag, chance level (0 to 1)."""

    steps: int
    every: int
    answers: tuple[str, ...]
    right: str
    back: int
    chance: float

    @property
    def last(self) -> int:
        """The slider's last stop."""
        return -(-self.steps // self.every) * self.every


@lru_cache(maxsize=100)  # many look at the same film, and look again before there is a new frame
def frame(takes: tuple[Take, ...], words: tuple[str, ...], cue: int, answers: tuple[str, ...]) -> pd.DataFrame:
    """One row per frame, per point of each frame's profile, and per answer of each frame."""
    table: dict[str, list[Any]] = {name: [] for name in COLUMNS}

    def add(count: int, **columns: Any) -> None:
        """``count`` rows; a value that is no list is the same in all of them, one that is missing is empty."""
        for name, column in table.items():
            value = columns.get(name)
            column.extend(value if isinstance(value, list) else [value] * count)

    add(1, role="cue", lag=len(words) - 1 - cue, text=words[cue])
    for take in takes:
        for shot in take.run.film:
            now = {"series": take.name, "colour": take.colour, "step": shot.step}
            add(1, role="score", accuracy=shot.accuracy, loss=shot.loss, **now)
            said = shot.probability.round(4).tolist()
            add(len(answers), role="answer", answer=list(answers), probability=said, **now)
            share = shot.log_norm - shot.log_norm[-1]
            known = np.flatnonzero(np.isfinite(share))
            add(
                len(known),
                role="profile",
                lag=(len(words) - 1 - known).tolist(),
                decades=np.clip(share[known] / LN10, FLOOR, TOP).round(3).tolist(),
                word=[words[i] for i in known],
                text=[scientific(value) for value in share[known].tolist()],
                **now,
            )
    result = pd.DataFrame(table)
    for name in ("role", "series", "colour", "word", "answer", "text"):
        result[name] = result[name].astype("category")  # sent once each, not once a row
    return result


def chart(table: pd.DataFrame, axes: FilmAxes) -> alt.VConcatChart:
    """Four rows under each other, sharing one slider."""
    base = alt.Chart(table).encode(color=alt.Color("colour:N", scale=None, legend=None))
    shown = alt.param(
        name="shown",
        value=axes.last,
        bind=alt.binding_range(min=0, max=axes.last, step=axes.every, name="Training step in view  "),
    )
    rows = (
        _history(base, axes, "accuracy", "accuracy on new sentences", [0, 1.1], 130, axes.chance),
        _history(base, axes, "loss", "loss", [0, round(1.4 * math.log(len(axes.answers)), 1)], 60, None),
        _profile(base, axes),
        _answers(base, axes),
    )
    return alt.vconcat(*rows, spacing=14).add_params(shown).configure_title(anchor="start", fontSize=14, offset=4)


def _history(
    base: alt.Chart, axes: FilmAxes, field: str, title: str, domain: list[float], height: int, guess: float | None
) -> Any:
    """A number against training step, with a line where the slider stands and one at the level of guessing."""
    scale = alt.Scale(domain=domain, nice=False, clamp=True)
    axis = alt.Axis(tickCount=3, format="%" if field == "accuracy" else "", **INSIDE)
    y = alt.Y(f"{field}:Q", title=None, scale=scale, axis=axis)
    steps = alt.Scale(domain=[0, axes.last], nice=False)
    shared = field == "accuracy"  # its labels stand under the next row
    labels = alt.Axis(grid=False, labels=not shared, ticks=False, labelFlush=True, tickCount=6)
    x = alt.X("step:Q", title=None if shared else "training step", scale=steps, axis=labels)
    lines = shared_axes.only(base, "score").encode(x=x, y=y, detail="series:N")
    tooltip = ["series:N", "step:Q", alt.Tooltip("accuracy:Q", format=".0%"), alt.Tooltip("loss:Q", format=".3f")]
    now = alt.Chart(alt.InlineData([{}])).transform_calculate(step="shown").mark_rule(opacity=0.5).encode(x=x)
    layers: list[alt.Chart] = [
        now,
        lines.mark_line(strokeWidth=2.5),
        lines.mark_circle(size=26).encode(tooltip=tooltip),
    ]
    if guess is not None:
        level = alt.Chart(alt.InlineData([{field: guess, "text": "guessing"}])).encode(y=y)
        layers.append(level.mark_rule(strokeDash=[7, 5], strokeWidth=2).encode(color=alt.value(THEORY)))
        layers.append(level.mark_text(dy=9, x=200).encode(text="text:N", color=alt.value(THEORY)))
        newest = lines.transform_joinaggregate(latest="max(step)", groupby=["series"])
        newest = newest.transform_filter("datum.step === datum.latest")
        layers.append(newest.mark_text(align="right", dx=-4, dy=-11, fontSize=13).encode(text="series:N"))
    return alt.layer(*layers).properties(height=height, title=title)


def _current(base: alt.Chart, role: str) -> alt.Chart:
    """Each run's newest frame that is not later than the slider."""
    return (
        shared_axes.only(base, role)
        .transform_filter("datum.step <= shown")
        .transform_joinaggregate(latest="max(step)", groupby=["series"])
        .transform_filter("datum.step === datum.latest")
    )


def _profile(base: alt.Chart, axes: FilmAxes) -> Any:
    """The gradient profile at the step in view, the deciding word marked."""
    x = shared_axes.lag("← further back · words back from the blank", axes.back)
    y = shared_axes.decades("decades", "", FLOOR, TOP, **INSIDE)
    points = _current(base, "profile").encode(x=x, y=y, detail="series:N")
    tooltip = ["series:N", "word:N", alt.Tooltip("text:N", title="share"), "step:Q"]
    cue = shared_axes.only(base, "cue").encode(x=x)
    return alt.layer(
        cue.mark_rule(strokeWidth=2, opacity=0.5).encode(color=alt.value(ACCENT)),
        cue.mark_text(align="left", dx=5, y=8, fontSize=14, fontWeight="bold").encode(
            text="text:N", color=alt.value(ACCENT)
        ),
        points.mark_line(strokeWidth=2.5),
        points.mark_circle(size=26).encode(tooltip=tooltip),
    ).properties(height=200, title="share of the signal per word, at the step in view")


def _answers(base: alt.Chart, axes: FilmAxes) -> alt.Chart:
    """What the network says next, at the step in view."""
    axis = alt.Axis(format="%", tickCount=2, **INSIDE)
    return (
        _current(base, "answer")
        .mark_bar()
        .encode(
            x=alt.X("answer:N", sort=list(axes.answers), title=None, axis=alt.Axis(labelAngle=0, labelOverlap=True)),
            xOffset=alt.XOffset("series:N"),
            y=alt.Y("probability:Q", title=None, scale=alt.Scale(domain=[0, 1]), axis=axis),
            tooltip=["series:N", "answer:N", alt.Tooltip("probability:Q", format=".1%"), "step:Q"],
        )
        .properties(height=90, title=f"what they would say next (right: {axes.right})")
    )
