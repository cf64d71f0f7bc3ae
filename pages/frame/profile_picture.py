"""Pictures of gradient profiles: the share of the signal against words, steps or layers back, with theory and ghosts."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from core import Experiment, GradientProfile, SpecError
from core.instruments.starts import Profiles, decay_of, mean_of
from pages.charts.palette import colour
from pages.charts.profile import Axes, Curve, chart, frame
from pages.charts.table import briefly, profiles
from pages.frame.phrases import journey, theory
from pages.frame.question_page import Picture, Seen


def main(experiment: Experiment) -> str:
    """Returns the choice that gives a curve its colour: the cell, or the activation."""
    return str(getattr(experiment.network, experiment.network.main))


def label(experiment: Experiment) -> str:
    """Returns what a curve is called."""
    network = experiment.network
    entry = getattr(network, "entry", None)
    return entry.label if entry else f"{getattr(network, 'activation', network.name)} network"


def profile_pictures(axes: Axes) -> Callable[[Seen], list[Picture]]:
    """Makes the picture of several starts on fixed axes: their mean, and all of them as a band."""
    return lambda seen: [profile_picture(seen, axes, mean=True)]


def profile_picture(seen: Seen, axes: Axes, mean: bool = False) -> Picture:
    """Draws Profiles with theory beside the experiment's own curve (or the mean), the spread over starts, and ghosts."""
    found: Profiles = seen.result
    curves = [
        Curve(
            label(seen.experiment), own, colour(main(seen.experiment)), tuple(found if mean else found[1:]), theory=True
        )
        for own in ([mean_of(found)] if mean else found[:1])
    ]
    for ghost in seen.ghosts:
        own = mean_of(ghost.result) if mean else ghost.result[0]
        curves.append(Curve(ghost.name, own, colour(main(ghost.experiment)), ghost=True))
    said = f"Line chart: the share of the learning signal against {axes.unit} back from the loss. The text says so too."
    table = frame(curves, axes)
    return Picture(chart, (axes,), table, said, numbers=partial(profiles, curves), brief=partial(briefly, curves))


def profile_said(seen: Seen) -> str:
    """Says how much arrives in the mean of all starts, how fast it goes, and what theory says."""
    found: Profiles = seen.result
    mean = mean_of(found)
    fit = (
        f" A straight line on this axis fits it with r² = {decay_of(found).r2:.3f}."
        if mean.fit.r2 == mean.fit.r2
        else ""
    )
    drawn = f" Drawn is the mean of {len(found)} random starts; the band holds all of them."
    return f"{journey(mean, label(seen.experiment))}{fit} {theory(mean)}{drawn}"


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
