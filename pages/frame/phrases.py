"""The one line under a picture: what is seen, in numbers, computed from the result."""

import math
import re

import numpy as np

from core import GradientProfile
from core.gradients.profile import SMALLEST
from core.wording import scientific
from pages.charts.numbers import fraction, pace

_PARTS = {"a third": 1 / 3, "a quarter": 1 / 4, "a fifth": 1 / 5}
_PARTS |= {"a tenth": 1e-1, "a hundredth": 1e-2, "a thousandth": 1e-3, "a millionth": 1e-6, "a billionth": 1e-9}
_NEAR = 0.12  # nats: ten percent, give or take


def journey(profile: GradientProfile, name: str) -> str:
    """How much of the signal arrives at the far end (or the cue), how fast it goes, and where float32 gives up."""
    unit = _unit(profile)
    at = profile.cue if profile.cue is not None else 0
    back = int(profile.lag[at])
    place = (
        f"the word *{profile.words[at]}*" if profile.words else ("layer 1" if unit == "layers" else "the first step")
    )
    trouble = {state for state in profile.state if state in ("infinite", "nan")}
    if trouble:
        return f"**{name} blew up**: the numbers left the range of float64 on the way. Lower the gain or the weights."
    share = profile.relative[at]
    if np.isneginf(profile.log_norm[at]):
        return (
            f"In the **{name}**, {place}, {back} {unit} back, receives exactly nothing: a factor of the product is 0."
        )
    size = f"{_part(share)} of the signal"
    slope = profile.fit.slope
    if share > 0.7:
        size = f"{scientific(share)} times the signal: it {'explodes' if share > 4.6 else 'grows'}"
    text = f"In the **{name}**, {place}, {back} {unit} back, receives **{size}**"
    turn = "after the first few steps back it" if share * slope < 0 and abs(share) > 0.7 else "it"
    return f"{text}; {turn} {pace(slope, unit)}.{_lost(profile, unit)}"


def _part(log: float) -> str:
    """e^log of something: in words where they say it well, "about a quarter (0.24)", and as a number elsewhere."""
    if log > math.log(0.37):
        return fraction(log)
    for name, part in _PARTS.items():
        if abs(log - math.log(part)) < _NEAR:
            return f"about {name} ({scientific(log)})"
    return scientific(log)


def theory(profile: GradientProfile) -> str:
    """Prediction beside measurement, as rates per step."""
    known = [p for p in profile.predicted if math.isfinite(p.slope)]
    if not known or not math.isfinite(profile.fit.slope):
        return ""
    said = ", ".join(f"{math.exp(p.slope):.3f} ({p.name})" for p in known)
    return f"Measured factor per {_unit(profile)[:-1]}: **{profile.rate:.3f}**. Predicted by theory: {said}."


def plain(text: str) -> str:
    """Text of unknown origin for a place that reads Markdown: nothing in it means anything."""
    return re.sub(r"[\\`*_\[\]<>#|$~&]|:(?=\w)", r"\\\g<0>", text)


def _unit(profile: GradientProfile) -> str:
    if profile.axis == "layer":
        return "layers"
    return "words" if profile.words else "steps"


def _lost(profile: GradientProfile, unit: str) -> str:
    after = profile.lost_after("float32")
    if not math.isfinite(after) or after > 2000:
        return ""
    measured = profile.log_norm.min() < SMALLEST["float32"]
    return f" Plain float32 {'loses' if measured else 'would lose'} it altogether {after:.0f} {unit} back."
