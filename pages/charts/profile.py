"""The gradient profile: share of the signal that arrives, against steps or layers back from the loss.

``frame`` turns measurements into one long table, ``chart`` draws any such table. The chart's text depends on the axes
alone, so that a moving slider changes data only.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from core import GradientProfile
from core.wording import LN10, scientific
from pages.charts import axes as axes_of
from pages.charts.palette import ACCENT, THEORY

COLUMNS = ["role", "series", "colour", "lag", "decades", "low", "high", "text", "place", "share", "norm"]

ROOM = 0.8  # a curve that ends before this part of the axis leaves room for its name on its far side


@dataclass(frozen=True)
class Curve:
    """One line: ``band`` are profiles of other seeds (same positions), ``ghost`` draws it faintly."""

    name: str
    profile: GradientProfile
    colour: str
    band: tuple[GradientProfile, ...] = ()
    ghost: bool = False
    theory: bool = False


@dataclass(frozen=True)
class Axes:
    """What stays still while sliders move: lags 0 … ``back``, decades ``floor`` … ``top``; ``unit`` in the plural."""

    back: int
    floor: int
    top: int
    unit: str
    height: int = 340


def frame(curves: Iterable[Curve], axes: Axes) -> pd.DataFrame:
    """One row per point, label, edge mark and cue; ``role`` says which."""
    rows = [row for curve in curves for row in _rows(curve, axes)]
    return pd.DataFrame(rows, columns=COLUMNS)


def _rows(curve: Curve, axes: Axes) -> Iterator[dict[str, Any]]:
    profile = curve.profile
    decades = profile.relative / LN10
    role = "ghost" if curve.ghost else "measured"
    low, high = _band(curve)
    common = {"series": curve.name, "colour": curve.colour}
    inside = _inside(decades, axes)
    at, bottom, top = (np.clip(each, axes.floor, axes.top).tolist() for each in (decades, low, high))
    for i in np.flatnonzero(inside | _next_to(inside)):
        if np.isfinite(decades[i]):
            yield common | {
                "role": role,
                "lag": int(profile.lag[i]),
                "decades": at[i],
                "low": bottom[i],
                "high": top[i],
                "place": place(profile, int(i)),
                "share": scientific(profile.relative[i]),
                "norm": scientific(profile.log_norm[i]),
            }
    yield from _ends(curve, decades, inside, axes)
    if curve.theory:
        yield from _theory(profile, axes)
    if profile.cue is not None and not curve.ghost:
        yield {
            "role": "cue",
            "colour": ACCENT,
            "lag": int(profile.lag[profile.cue]),
            "text": profile.words[profile.cue],
        }


def _ends(curve: Curve, decades: np.ndarray, inside: np.ndarray, axes: Axes) -> Iterator[dict[str, Any]]:
    """The curve's name at its far end, or where and with which number it leaves the picture."""
    profile = curve.profile
    mark = {"series": curve.name, "colour": curve.colour}
    gone = np.flatnonzero(~inside)
    if not len(gone):
        first = int(np.argmax(profile.lag))
        yield mark | {
            "role": "beside" if profile.lag[first] < ROOM * axes.back else ("sunk" if decades[first] <= 0 else "risen"),
            "lag": int(profile.lag[first]),
            "decades": float(decades[first]),
            "text": curve.name,
        }
        return
    at = int(gone[-1])  # positions run from old to new: the last one outside is where the way back leaves
    state, value = profile.state[at], decades[at]
    below = not value > axes.top
    where = {"lag": int(profile.lag[at]), "decades": float(axes.floor if below else axes.top)}
    if state in ("infinite", "nan"):
        text = f"{curve.name} blew up"
        where["decades"], below = float(axes.top), False
    elif state == "zero":
        text = f"{curve.name}: exactly 0 from here"
    else:
        end = int(np.flatnonzero(np.isfinite(decades))[0])
        text = f"{curve.name}: {scientific(profile.relative[end])} at {place(profile, end)}"
    yield mark | where | {"role": "below" if below else "above", "text": text}


def _theory(profile: GradientProfile, axes: Axes) -> Iterator[dict[str, Any]]:
    """The first prediction: its own curve, or a straight line through the fit's intercept."""
    for prediction in [each for each in profile.predicted if np.isfinite(each.slope)][:1]:
        fit = profile.fit
        if prediction.curve is not None:
            values = prediction.curve / LN10
        elif np.isfinite(prediction.slope) and np.isfinite(fit.slope):
            # laid through the middle of the fitted part, so that only the slope is judged
            middle = profile.lag.max() / 2
            start = fit.intercept + (fit.slope - prediction.slope) * middle - profile.log_norm[-1]
            values = (start + prediction.slope * profile.lag) / LN10
        else:
            continue
        shown = np.flatnonzero(_inside(values, axes))
        for i in shown if prediction.curve is not None else shown[[0, -1]] if len(shown) else ():
            yield {
                "role": "theory",
                "series": f"theory: {prediction.name}",
                "colour": THEORY,
                "lag": int(profile.lag[i]),
                "decades": float(values[i]),
                "place": place(profile, int(i)),
                "share": scientific(values[i] * LN10),
            }


def _band(curve: Curve) -> tuple[np.ndarray, np.ndarray]:
    each = np.stack([p.relative for p in (curve.profile, *curve.band)]) / LN10
    return each.min(0), each.max(0)


def _inside(decades: np.ndarray, axes: Axes) -> np.ndarray:
    with np.errstate(invalid="ignore"):
        return np.isfinite(decades) & (decades >= axes.floor) & (decades <= axes.top)


def _next_to(inside: np.ndarray) -> np.ndarray:
    """The first point outside, so that the line reaches the edge."""
    return ~inside & np.append(inside[1:], False)


def place(profile: GradientProfile, i: int) -> str:
    """“layer 3” or “step 4, France”."""
    if profile.axis == "layer":
        return f"layer {profile.position[i]}"
    return f"step {profile.position[i] + 1}" + (f", {profile.words[i]}" if profile.words else "")


def chart(table: pd.DataFrame, axes: Axes) -> alt.TopLevelMixin:
    """The picture of a table made by ``frame``; but for the data it depends on the axes alone."""
    title = "share of the signal that arrives"
    y, low = (axes_of.decades(field, title, axes.floor, axes.top) for field in ("decades", "low"))
    x = axes_of.lag(f"← further back · {axes.unit} back from the loss", axes.back)
    colour = alt.Color("colour:N", scale=None, legend=None)
    tooltip = [
        alt.Tooltip("series:N", title="curve"),
        alt.Tooltip("place:N", title="where"),
        alt.Tooltip("share:N", title="share of the signal"),
        alt.Tooltip("norm:N", title="‖∂L/∂h‖"),
    ]
    base = alt.Chart(table)

    def only(*roles: str) -> alt.Chart:
        return axes_of.only(base, *roles).encode(x=x)

    measured = only("measured").encode(y=y, color=colour, detail="series:N")
    label: dict[str, Any] = {"fontSize": 13, "baseline": "middle", "clip": False}
    layers = [
        only("cue").mark_rule(strokeWidth=2, opacity=0.5, color=ACCENT),
        only("cue")
        .mark_text(align="left", dx=5, y=8, fontSize=14, fontWeight="bold", color=ACCENT)
        .encode(text="text:N"),
        measured.mark_area(opacity=0.15).encode(y=low, y2="high:Q"),
        only("ghost").mark_line(strokeWidth=1.5, opacity=0.45).encode(y=y, color=colour, detail="series:N"),
        # wide and under the measured line, so that both are seen where they agree
        only("theory")
        .mark_line(strokeWidth=6, strokeDash=[7, 5], color=THEORY, opacity=0.6)
        .encode(y=y, detail="series:N"),
        measured.mark_line(strokeWidth=2.5),
        measured.mark_circle(size=34, opacity=0.9).encode(tooltip=tooltip),
        # beside the far end where there is room, else under a curve that has sunk and over one that has risen
        only("beside").mark_text(align="right", dx=-9, **label).encode(y=y, text="text:N", color=colour),
        only("sunk").mark_text(align="left", dx=-4, dy=17, **label).encode(y=y, text="text:N", color=colour),
        only("risen").mark_text(align="left", dx=-4, dy=-15, **label).encode(y=y, text="text:N", color=colour),
        only("below").mark_text(align="right", dx=-8, dy=-9, **label).encode(y=y, text="text:N", color=colour),
        only("below").mark_point(shape="triangle-down", filled=True, size=90).encode(y=y, color=colour),
        only("above").mark_text(align="right", dx=-8, dy=9, **label).encode(y=y, text="text:N", color=colour),
        only("above").mark_point(shape="triangle-up", filled=True, size=90).encode(y=y, color=colour),
    ]
    return alt.layer(*layers).properties(height=axes.height)
