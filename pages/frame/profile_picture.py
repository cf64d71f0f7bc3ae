"""Pictures of gradient profiles: the share of the signal against words, steps or layers back, with theory and ghosts."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from core import Experiment, GradientProfile, Recurrent, SpecError
from core.instruments.starts import Profiles
from pages.charts.palette import colour
from pages.charts.profile import Axes, Curve, chart, frame
from pages.charts.table import briefly, profiles
from pages.frame.phrases import journey, theory
from pages.frame.question_page import Picture, Seen


def main(experiment: Experiment) -> str:
    """Returns the choice that gives a curve its colour: the cell, or the activation."""
    network = experiment.network
    return network.cell if isinstance(network, Recurrent) else network.activation


def label(experiment: Experiment) -> str:
    """Returns what a curve is called."""
    network = experiment.network
    entry = getattr(network, "entry", None)
    return entry.label if entry else f"{getattr(network, 'activation', network.name)} network"


def profile_pictures(axes: Axes) -> Callable[[Seen], list[Picture]]:
    """Makes the picture of Profiles on fixed axes; the band are other random starts."""
    return lambda seen: [profile_picture(seen, axes)]


def profile_picture(seen: Seen, axes: Axes) -> Picture:
    """Draws Profiles with theory beside the experiment's own curve, the spread over starts, and ghosts."""
    found: Profiles = seen.result
    own = [
        Curve(label(seen.experiment), profile, colour(main(seen.experiment)), tuple(found[1:]), theory=True)
        for profile in found[:1]
    ]
    ghosts = [Curve(ghost.name, ghost.result[0], colour(main(ghost.experiment)), ghost=True) for ghost in seen.ghosts]
    curves = [*own, *ghosts]
    said = f"Line chart: the share of the learning signal against {axes.unit} back from the loss. The text says so too."
    table = frame(curves, axes)
    return Picture(chart, (axes,), table, said, numbers=partial(profiles, curves), brief=partial(briefly, curves))


def profile_said(seen: Seen) -> str:
    """Says how much arrives, how fast it goes, and what theory says."""
    own: GradientProfile = seen.result[0]
    fit = f" A straight line on this axis fits it with r² = {own.fit.r2:.3f}." if own.fit.r2 == own.fit.r2 else ""
    return f"{journey(own, label(seen.experiment))}{fit} {theory(own)}{spread(seen)}"


def spread(seen: Seen) -> str:
    """Says what the band is; nothing where there is none."""
    count = len(seen.result)
    return f" The band: {count} networks that differ in their random start alone." if count > 1 else ""


def explored(seen: Seen, axes: Axes) -> Picture:
    """Draws the same with a caption that says what the dashed line and the band are; the axes alone of an empty result."""
    picture = profile_picture(seen, axes)
    if not seen.result:
        return picture
    own: GradientProfile = seen.result[0]
    holds = "\n".join(f"- **{prediction.name}** is for {prediction.holds}." for prediction in own.predicted)
    return replace(picture, caption=f"Dashed grey: theory. {theory(own)}{spread(seen)}", hint=holds)


def with_cell(experiment: Experiment, cell: str) -> list[Experiment]:
    """Returns the experiment with another cell; none where that does not go with the other settings (Ω, untied weights)."""
    try:
        return [experiment.changed(cell=cell)]
    except SpecError:
        return []
