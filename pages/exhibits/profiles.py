"""Exhibits whose picture is the gradient profile: share of the signal against steps or layers back, pins as ghosts."""

from collections.abc import Callable, Sequence

from core import Experiment, GradientProfile
from pages.charts.palette import colour
from pages.charts.profile import Axes, Curve, chart, frame
from pages.frame.phrases import journey, theory
from pages.frame.profile_picture import main
from pages.frame.question_page import Picture, Pinned

Profiles = list[GradientProfile]  # the experiment's own with theory, then other random starts


def label(experiment: Experiment) -> str:
    """What the curve is called."""
    network = experiment.network
    entry = getattr(network, "entry", None)
    return entry.label if entry else f"{getattr(network, 'activation', network.name)} network"


def pictures(axes: Axes) -> Callable[[Experiment, Profiles, Sequence[Pinned]], list[Picture]]:
    """The profile on fixed axes; the band are other random starts."""

    def draw(experiment: Experiment, found: Profiles, pins: Sequence[Pinned]) -> list[Picture]:
        own, *band = found
        curves = [Curve(label(experiment), own, colour(main(experiment)), tuple(band), theory=True)]
        curves += [Curve(pin.name, pin.result[0], colour(main(pin.experiment)), ghost=True) for pin in pins]
        said = f"Line chart: the share of the learning signal against {axes.unit} back from the loss. The text says so too."
        return [Picture(chart, (axes,), frame(curves, axes), said)]

    return draw


def said(experiment: Experiment, found: Profiles) -> str:
    """How much arrives, how fast it goes, and what theory says."""
    own, *band = found
    fit = f" A straight line on this axis fits it with r² = {own.fit.r2:.3f}." if own.fit.r2 == own.fit.r2 else ""
    spread = f" The band: {len(found)} networks that differ in their random start alone." if band else ""
    return f"{journey(own, label(experiment))}{fit} {theory(own)}{spread}"
