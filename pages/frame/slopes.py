"""Where a network's units sit on the slope of their activation: a picture and a sentence."""

import numpy as np

from core import Experiment
from core.instruments.saturation import Saturation
from core.parts.activations import ACTIVATIONS
from pages.charts.lines import Axis, Line, chart, frame
from pages.charts.palette import colour
from pages.frame.profile_picture import main
from pages.frame.question_page import Picture

Z = Axis("what goes into the activation (z)", -8, 8)
SLOPE = Axis("slope; units (tallest = 1)", 0, 1.3)
GATES = ("#2F83C5", "#12936B", "#B07A10", "#A8629B", "#6E7781")


def slopes_picture(experiment: Experiment, units: Saturation) -> Picture:
    """Draws each activation's slope, and how many units sit at each place of it."""
    middle = (units.edges[1:] + units.edges[:-1]) / 2
    curves = dict(zip(units.activations, units.curve, strict=True))  # gates share them
    lines = [
        Line(f"slope of {ACTIVATIONS[name].label}", middle, curve, kind="theory") for name, curve in curves.items()
    ]
    own = colour(main(experiment))
    shades = [own, *(gate for gate in GATES if gate != own)]
    for g, (name, shade) in enumerate(zip(units.names, shades, strict=False)):
        counts = units.counts[..., g, :].sum(axis=(0, 1))
        lines.append(Line(f"units: {name}", middle, counts / max(1, counts.max()), shade))
    said = "Line chart: the activation's slope, and how many units sit at each place of it."
    return Picture(chart, (Z, SLOPE), frame(lines, Z, SLOPE, corner="top right"), said)


def slopes_said(units: Saturation) -> str:
    """Says what slope the gradient meets, and how many units are saturated."""
    mean, flat = float(np.nanmean(units.slope)), float(np.nanmean(units.saturated))
    steepest = max(ACTIVATIONS[name].steepest for name in units.activations)
    return (
        f"The mean slope that the gradient meets is **{mean:.2f}** (steepest: {steepest:.2f}); **{flat:.0%}** of the units are "
        "saturated, with less than a tenth of the steepest slope."
    )
