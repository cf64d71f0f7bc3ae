"""The part that pages about profiles share: the line that says what is seen, pins, the picture, and how to take it away."""

from collections.abc import Sequence
from functools import partial

import streamlit as st

from core import Experiment, Recurrent
from pages.charts.palette import colour
from pages.charts.profile import Axes, Curve, chart, frame
from pages.charts.table import briefly, profiles
from pages.ui.cache import glimpsed, measured
from pages.ui.draw import breathe, draw
from pages.ui.drawn import keep, tell
from pages.ui.numbers import numbers
from pages.ui.pins import differences, name_by, pinned
from pages.ui.settings import Settings
from pages.ui.wording import journey, theory


def picture(settings: Settings, label: str, axes: Axes, seeds: int, ghosts: Sequence[Curve] = ()) -> None:
    """Draws the experiment's profile with theory, pins and ghosts, and the spread over ``seeds`` random starts."""
    experiment = settings.experiment
    profile, *band = measured(experiment, seeds)
    curves = [
        Curve(label, profile, colour(main(experiment)), tuple(band), theory=True),
        *ghosts,
        *(ghost(name_by(each, [experiment]), each) for each in pinned(settings)),
    ]
    line = st.container()
    said = f"Line chart: the share of the learning signal against {axes.unit} back from the loss. The text below says so too."
    key = f"{settings.page.name}-chart"
    carried, read = partial(profiles, curves), partial(briefly, curves)
    draw(chart, axes, data=frame(curves, axes), said=said, key=key, numbers=carried, brief=read)
    breathe()
    with line:
        tell(journey(profile, label), f"{settings.page.name}-line")
    spread = f" The band: {seeds} networks that differ in their random start alone." if band else ""
    holds = "\n".join(f"- **{each.name}** is for {each.holds}." for each in profile.predicted)
    lines = f"Dashed grey: theory. {theory(profile)}{spread}"
    st.caption(lines, help=holds)
    keep(lines, f"{settings.page.name}-theory")
    numbers(key)
    differences(settings)


def ghost(name: str, experiment: Experiment) -> Curve:
    """A faint curve for comparison, without theory."""
    return Curve(name, glimpsed(experiment), colour(main(experiment)), ghost=True)


def main(experiment: Experiment) -> str:
    """The choice that gives a curve its colour."""
    network = experiment.network
    return network.cell if isinstance(network, Recurrent) else network.activation
