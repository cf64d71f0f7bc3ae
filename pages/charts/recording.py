"""A recording as one picture: a heatmap layers × steps, and below it what there was at the step that the slider shows.

All steps are in the table; the slider is a Vega-Lite parameter, so scrubbing asks the server nothing. An exact zero and what is
no number are marks of their own, never points on a scale.
"""

from typing import Any

import altair as alt
import pandas as pd

from core.wording import power
from pages.charts.axes import only
from pages.charts.palette import ACCENT, THEORY
from pages.charts.recording_axes import GUTTER, RecordingAxes

LINE, ZERO = "#2F83C5", "#8A8F98"
SERIES = ["#2F83C5", "#D98A2B", "#12936B", "#A8629B"]
# labels inside of the plot: the rows are then exactly as wide as the page, on a phone as well
_INSIDE: dict[str, Any] = {"labelAlign": "left", "labelPadding": -2, "ticks": False, "domain": False}
_QUIET: dict[str, Any] = {"aria": False}


def chart(table: pd.DataFrame, axes: RecordingAxes) -> alt.VConcatChart:
    """The picture of a table made by ``frame``; but for the data it depends on the axes alone."""
    base = alt.Chart(table)
    shown = alt.param(
        name="shown",
        value=axes.last,
        bind=alt.binding_range(min=axes.first, max=axes.last, step=axes.gap, name="Training step in view  "),
    )
    rows: list[Any] = [_heatmap(base, axes), _profile(base, axes)]
    if axes.times:
        rows.append(_through_time(base, axes))
    if axes.loss:
        rows.append(_history(base, axes, "loss", "loss", axes.loss))
    if axes.clip:
        rows.append(_history(base, axes, "whole", "length of the whole gradient", axes.clip))
    return alt.vconcat(*rows, spacing=16).add_params(shown).configure_title(anchor="start", fontSize=14, offset=6)


def _heatmap(base: alt.Chart, axes: RecordingAxes) -> Any:
    """Layers × steps; the line stands where the slider does."""
    legend = alt.Legend(
        orient="top",
        direction="horizontal",
        gradientLength=200,
        title=None,
        values=_marks(axes),
        labelExpr=_said(axes),
    )
    scale = alt.Scale(domain=[axes.floor, axes.top], scheme="viridis", clamp=True)
    cells = only(base, "cell").encode(x=_steps(axes, "left"), x2="right:Q", y=_layers(axes), tooltip=_tooltip(axes))
    layers = [
        _names(base, axes).encode(x=_steps(axes, "step")),
        _state(cells, "ok").mark_rect().encode(color=alt.Color("value:Q", scale=scale, legend=legend)),
        _state(cells, "zero").mark_rect(color=ZERO),
        _state(cells, "bad").mark_rect(color=ACCENT),
        _now(base, axes),
    ]
    height = axes.row_height * axes.layers
    return alt.layer(*layers).properties(height=height, title=f"{axes.title}, layer by layer, the input at the top")


def _profile(base: alt.Chart, axes: RecordingAxes) -> Any:
    """The layers' values at the step in view, and faintly those of the first step."""
    room = (axes.top - axes.floor) * GUTTER / (1 - GUTTER)
    axis = alt.Axis(values=_marks(axes), labelExpr=_said(axes), ticks=False, domain=False, labelFlush=True)
    scale = alt.Scale(domain=[axes.floor - room, axes.top], nice=False, clamp=True)
    place: dict[str, Any] = {"x": alt.X("value:Q", scale=scale, axis=axis, title=axes.unit), "y": _layers(axes)}
    now = _current(base, "cell").encode(**place)
    first = only(base, "cell").transform_filter(f"datum.step === {axes.first}").encode(**place)
    line: dict[str, Any] = {"order": alt.Order("key:O")}
    edge: dict[str, Any] = {"filled": True, "size": 90, "opacity": 1}
    layers = [
        _names(base, axes).encode(x=place["x"]),
        _state(first, "ok").mark_line(color=THEORY, strokeWidth=2, strokeDash=[2, 3], **_QUIET).encode(**line),
        _state(now, "ok").mark_line(color=LINE, strokeWidth=2.5, **_QUIET).encode(**line),
        _state(now, "ok").mark_circle(color=LINE, size=44, opacity=1).encode(tooltip=_tooltip(axes)),
        _state(now, "zero").mark_point(shape="triangle-left", color=ZERO, **edge).encode(tooltip=_tooltip(axes)),
        _state(now, "bad").mark_point(shape="triangle-right", color=ACCENT, **edge).encode(tooltip=_tooltip(axes)),
    ]
    height = max(80, axes.row_height * axes.layers)
    return alt.layer(*layers).properties(
        height=height, title="the same at the step in view (dotted: at the first step)"
    )


def _through_time(base: alt.Chart, axes: RecordingAxes) -> Any:
    """A recurrent layer's signal against time step, at the training step in view."""
    x = alt.X(
        "lag:Q",
        title="← further back · steps back from the end of the sequence",
        scale=alt.Scale(domain=[0, axes.times], reverse=True, nice=False),
        axis=alt.Axis(tickMinStep=1, tickCount=8, grid=False, labelFlush=True),
    )
    points = _current(base, "time").encode(x=x, y=_decades(*axes.time_range), color=_series("layer"))
    tooltip = [
        alt.Tooltip("series:N", title="layer"),
        alt.Tooltip("lag:Q", title="steps back"),
        alt.Tooltip("text:N", title="signal"),
    ]
    layers = [
        _state(points, "ok").mark_line(strokeWidth=2.5, **_QUIET),
        _state(points, "ok").mark_circle(size=26).encode(tooltip=tooltip),
        _state(points, "zero").mark_point(shape="triangle-down", filled=True, size=50).encode(tooltip=tooltip),
        _state(points, "bad").mark_point(shape="triangle-up", filled=True, size=50).encode(tooltip=tooltip),
    ]
    return alt.layer(*layers).properties(height=180, title="signal through time, at the step in view")


def _history(base: alt.Chart, axes: RecordingAxes, role: str, title: str, span: tuple[int, int]) -> Any:
    """A positive number against training step, on a log axis."""
    tooltip = [alt.Tooltip("series:N", title="what"), alt.Tooltip("step:Q"), alt.Tooltip("text:N", title="value")]
    points = only(base, role).encode(
        x=_steps(axes, "step"), y=_decades(*span), color=_series(None if role == "loss" else "series")
    )
    layers = [
        _state(points, "ok").mark_line(strokeWidth=2, **_QUIET),
        _state(points, "ok").mark_circle(size=20).encode(tooltip=tooltip),
        _state(points, "bad")
        .mark_point(shape="triangle-up", filled=True, size=60)
        .encode(tooltip=tooltip, color=alt.value(ACCENT)),
        _now(base, axes),
    ]
    return alt.layer(*layers).properties(height=100, title=title)


def _state(chart: alt.Chart, state: str) -> alt.Chart:
    """The rows that are a number ("ok"), an exact zero, or no number at all ("bad")."""
    return chart.transform_filter(f"datum.state === '{state}'")


def _current(base: alt.Chart, role: str) -> alt.Chart:
    """The newest recorded step that is not later than the slider."""
    return (
        only(base, role)
        .transform_filter("datum.step <= shown")
        .transform_joinaggregate(latest="max(step)")
        .transform_filter("datum.step === datum.latest")
    )


def _now(base: alt.Chart, axes: RecordingAxes) -> alt.Chart:
    """A line where the slider stands."""
    here = only(base, "now").transform_calculate(now="shown")
    return here.mark_rule(color=ACCENT, strokeWidth=2, **_QUIET).encode(x=_steps(axes, "now"))


def _names(base: alt.Chart, axes: RecordingAxes) -> alt.Chart:
    """Nothing to be seen: it keeps every layer's row in its place, whatever is in view."""
    return only(base, "name").mark_point(opacity=0, **_QUIET).encode(y=_layers(axes))


def _layers(axes: RecordingAxes) -> alt.Y:
    """A row for each layer, the input's at the top; where there are many, every second or third is named."""
    every = -(-13 // axes.row_height)
    said = f"toNumber(slice(datum.label, 0, 3)) % {every} === 0 ? slice(datum.label, 4) : ''"
    axis = alt.Axis(labelExpr=said, labelLimit=150, labelFontSize=12, grid=False, labelOverlap=False, **_INSIDE)
    return alt.Y(
        "key:O",
        title=None,
        axis=axis,
        sort="ascending",
        scale=alt.Scale(type="band", paddingInner=0.06, paddingOuter=0),
    )


def _steps(axes: RecordingAxes, field: str) -> alt.X:
    """Training steps, with room for names on the left."""
    said = f"datum.value < {axes.first} ? '' : datum.label"
    axis = alt.Axis(grid=False, ticks=False, labelExpr=said, labelFlush=True, domain=False, tickCount=7, tickMinStep=1)
    return alt.X(f"{field}:Q", scale=alt.Scale(domain=list(axes.span), nice=False), axis=axis, title="training step")


def _decades(floor: int, top: int) -> alt.Y:
    """Powers of ten, labelled inside of the plot."""
    step = max(1, -(-(top - floor) // 4))
    values = list(range(floor, top + 1, step))
    names = ", ".join(f"'{value}': '{_power(value)}'" for value in values)
    axis = alt.Axis(values=values, labelExpr=f"{{{names}}}[datum.value]", labelBaseline="bottom", **_INSIDE)
    return alt.Y("value:Q", title=None, scale=alt.Scale(domain=[floor, top], nice=False, clamp=True), axis=axis)


def _series(named: str | None) -> alt.Color:
    """A colour for each series, with their names above if there is more to say than the title does."""
    legend = alt.Legend(orient="top", title=None, labelLimit=260) if named else None
    return alt.Color("series:N", scale=alt.Scale(range=SERIES), legend=legend)


def _tooltip(axes: RecordingAxes) -> list[alt.Tooltip]:
    return [alt.Tooltip("layer:N"), alt.Tooltip("step:Q"), alt.Tooltip("text:N", title=axes.unit)]


def _marks(axes: RecordingAxes) -> list[float]:
    """Where the scale is labelled: powers of ten, or quarters of a share."""
    if axes.share:
        return [0, 0.25, 0.5, 0.75, 1]
    step = max(1, -(-int(axes.top - axes.floor) // 5))
    return [float(value) for value in range(int(axes.floor), int(axes.top) + 1, step)]


def _said(axes: RecordingAxes) -> str:
    """Vega's expression for those labels."""
    if axes.share:
        return "format(datum.value, '.0%')"
    names = ", ".join(f"'{value:g}': '{_power(int(value))}'" for value in _marks(axes))
    return f"{{{names}}}[datum.value]"


def _power(exponent: int) -> str:
    return power(exponent) if exponent else "1"
