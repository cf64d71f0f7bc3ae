"""Balls that roll down a curve, step by step: one control for the scene (a start, a learning rate), one for the steps drawn.

All scenes are in the table, and both controls are Vega-Lite parameters, so scrubbing asks the server nothing. In the scene that
is shown first balls and names play the roles "ball" and "name", in all others "asleep" and "asleep name".
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from core.wording import minus
from pages.charts.axes import haloed, only
from pages.charts.lines import Axis, scale_of
from pages.charts.palette import ACCENT, THEORY

COLUMNS = ["role", "scene", "series", "colour", "step", "x", "y", "edge", "label", "text"]
NUMBERED = 4  # steps
_LATER = "datum.label && datum.step > 0 && (width > 420 || datum.step % 2)"  # a phone has no room for all
APART = 0.018  # of the axis's length: closer labels would cover each other


@dataclass(frozen=True)
class Scenes:
    """What can be chosen inside the chart: ``values`` evenly spaced for a slider, or a few ``buttons``; ``shown`` at first.
    ``steps``: the last step in the table.
    """

    name: str
    values: tuple[float, ...]
    shown: float
    steps: int
    buttons: bool = False


@dataclass(frozen=True)
class Roller:
    """A ball's places in one scene: x and y (S + 1,), before each step and after the last. numbered: its first steps are."""

    name: str
    x: np.ndarray
    y: np.ndarray
    colour: str = ACCENT
    numbered: bool = False


def frame(
    curve: tuple[np.ndarray, np.ndarray],
    marks: Mapping[float, str],
    balls: Mapping[float, Sequence[Roller]],
    names: Mapping[float, Sequence[tuple[str, str]]],
    x: Axis,
    y: Axis,
    scenes: Scenes,
) -> pd.DataFrame:
    """One row per point of the curve, mark (place → words), ball's place, and name (text, colour) at a scene's top.

    A ball that leaves the picture is seen once more, at its edge.
    """
    rows: list[dict[str, Any]] = [
        {"role": "curve", "x": a, "y": b}
        for a, b in zip(*(each.tolist() for each in curve), strict=True)
        if x.low <= a <= x.high and y.low <= b <= y.high  # what is drawn beside the axes makes Vega shrink them
    ]
    rows += [{"role": "mark", "x": at, "label": text} for at, text in marks.items()]
    for scene, some in balls.items():
        role = "ball" if scene == scenes.shown else "asleep"
        rows += [{"role": role, "scene": scene} | row for each in some for row in _rows(each, x, y, scenes.steps)]
    for scene, told in names.items():
        role = "name" if scene == scenes.shown else "asleep name"
        for i, (text, colour) in enumerate(told):
            at = {"x": (x.low + x.high) / 2, "y": y.high - (y.high - y.low) * 0.075 * (i + 1.7)}
            rows.append({"role": role, "scene": scene, "series": text, "colour": colour, "label": f"● {text}"} | at)
    return pd.DataFrame(rows, columns=COLUMNS)


def _rows(ball: Roller, x: Axis, y: Axis, steps: int) -> Iterator[dict[str, Any]]:
    inside = (ball.x >= x.low) & (ball.x <= x.high) & (ball.y >= y.low) & (ball.y <= y.high)
    labelled: list[float] = []
    for step in range(min(len(ball.x), steps + 1)):
        at = float(ball.x[step])
        if not inside[step] and step and not inside[step - 1]:
            continue
        label = None
        if ball.numbered and step <= NUMBERED and all(abs(at - each) > APART * (x.high - x.low) for each in labelled):
            label = str(step) if step else "start"
            labelled += [at] if step else []  # the start's word stands below
        yield {
            "series": ball.name,
            "colour": ball.colour,
            "step": step,
            "x": min(max(at, x.low), x.high),
            "y": min(max(float(ball.y[step]), y.low), y.high),
            "edge": 0.0 if inside[step] else 1.0,
            "label": label,
            "text": minus(f"{at:.3g}"),
        }


def read(table: pd.DataFrame, x: Axis, y: Axis, scenes: Scenes) -> pd.DataFrame:
    """The same as a table to be read: a row per scene, ball and step."""
    shown = table[table["step"].notna()]
    loss = ["outside" if edge else minus(f"{value:.3g}") for edge, value in zip(shown["edge"], shown["y"], strict=True)]
    scene = [minus(f"{value:g}") for value in shown["scene"]]
    return pd.DataFrame(
        {
            scenes.name: scene,
            "ball": shown["series"],
            "step": shown["step"].astype(int),
            x.title: shown["text"],
            y.title: loss,
        }
    )


def chart(table: pd.DataFrame, x: Axis, y: Axis, scenes: Scenes, height: int = 320) -> alt.TopLevelMixin:
    """The picture of a table made by ``frame`` for the same axes and scenes."""
    (across, below), (up, beside) = scale_of(x), scale_of(y)
    at_x = alt.X("x:Q", title=x.title, scale=across, axis=below)
    at_y = alt.Y("y:Q", title=y.title, scale=up, axis=beside)
    colour = alt.Color("colour:N", scale=None, legend=None)
    base = alt.Chart(table)
    upto = alt.param(
        name="upto", value=scenes.steps, bind=alt.binding_range(min=0, max=scenes.steps, step=1, name="Steps drawn  ")
    )
    chosen = alt.param(name="chosen", value=scenes.shown, bind=_control(scenes))

    def now(*roles: str) -> alt.Chart:
        return (
            only(base, *roles).transform_filter("abs(datum.scene - chosen) < 1e-9").encode(x=at_x, y=at_y, color=colour)
        )

    rolling = now("ball", "asleep").transform_filter("datum.step <= upto").encode(detail="series:N")
    newest = rolling.transform_joinaggregate(latest="max(step)", groupby=["series"])
    newest = newest.transform_filter("datum.step === datum.latest && !datum.edge")
    tooltip = [
        alt.Tooltip(f"{name}:N", title=said) for name, said in (("series", "ball"), ("step", "step"), ("text", x.title))
    ]
    mark = only(base, "mark").encode(x=at_x)
    layers = [
        mark.mark_rule(strokeWidth=1.5, strokeDash=[3, 4], color=THEORY),
        mark.mark_text(align="left", dx=5, y=10, fontSize=13, color=THEORY).encode(text="label:N"),
        only(base, "curve").mark_line(strokeWidth=3, color=THEORY, opacity=0.7).encode(x=at_x, y=at_y, order="x:Q"),
        rolling.mark_line(strokeWidth=1.2, opacity=0.7).encode(order="step:Q"),
        rolling.transform_filter("!datum.edge").mark_circle(size=34, opacity=0.75).encode(tooltip=tooltip),
        rolling.transform_filter("datum.edge")
        .mark_point(shape="diamond", size=70, filled=True)
        .encode(tooltip=tooltip),
        rolling.transform_filter("datum.step === 0").mark_point(size=170, strokeWidth=2.5),
        newest.mark_circle(size=150, opacity=1).encode(tooltip=tooltip),
        *(
            text
            for which, dy in ((_LATER, -15), ("datum.label && datum.step === 0", 20))
            for text in haloed(
                rolling.transform_filter(which).encode(text="label:N"), colour, dy=dy, fontSize=13, fontWeight="bold"
            )
        ),
        *haloed(now("name", "asleep name").encode(text="label:N"), colour, fontSize=13, fontWeight=600),
    ]
    return alt.layer(*layers).add_params(chosen, upto).properties(height=height)


def _control(scenes: Scenes) -> alt.BindRange | alt.BindRadioSelect:
    name, values = f"{scenes.name}  ", scenes.values
    if scenes.buttons:
        return alt.binding_radio(options=list(values), name=name)
    return alt.binding_range(min=values[0], max=values[-1], step=values[1] - values[0], name=name)
