"""The part that pages about profiles share: the line that says what is seen, pins, the picture, and how to take it away."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core import Experiment, GradientProfile, Recurrent
from core.execution.jobs import Answer
from pages.charts.palette import colour
from pages.charts.profile import Axes, Curve, chart, frame
from pages.charts.table import briefly, profiles
from pages.frame.draw import breathe, draw
from pages.frame.in_view import forget, keep, tell
from pages.frame.phrases import journey, plain, theory
from pages.frame.pins import differences, name_by, pinned
from pages.frame.settings import Settings
from pages.frame.table import numbers
from pages.results.profiles import again, glimpsed, measured
from pages.results.result import so_far, wait

Other = tuple[str, Experiment]  # a curve for comparison: its name and what it is of


@dataclass(frozen=True)
class _Seen:
    """What the picture shows: the experiment's own curve is the first, if it is known."""

    axes: Axes
    curves: Sequence[Curve] = ()


def picture(
    settings: Settings,
    label: str,
    axes: Axes,
    seeds: int,
    others: Sequence[Other] = (),
    above: Callable[[GradientProfile], None] | None = None,
) -> None:
    """Draws the experiment's profile with theory, pins and others, and the spread over ``seeds`` random starts.

    ``above`` draws more of the profile above it. What a worker measures comes when it is there; until then words say so, and the
    last picture stays, pale.
    """
    name, experiment = settings.page.name, settings.experiment
    answer = measured(experiment, seeds)
    if answer.problem:
        st.warning(plain(answer.problem), icon=":material/edit_off:")
        st.button("Try again", key=f"{name}-retry", on_click=again, args=(experiment, seeds))
        return
    top, line = st.container(key=f"{name}-above"), st.container()
    if not answer.finished:
        with line:
            wait(lambda: measured(experiment, seeds, patience=0), _words)
        _draw(name, st.session_state.get(f"{name}-seen", _Seen(axes)), top, above, pale=True)
        differences(settings)
        return
    profile, *band = answer.value
    ghosts = [*others, *((name_by(each, [experiment]), each) for each in pinned(settings))]
    found = glimpsed([each for _, each in ghosts])
    curves = [
        Curve(label, profile, colour(main(experiment)), tuple(band), theory=True),
        *(_ghost(*each, known.value) for each, known in zip(ghosts, found, strict=True) if known.value),
    ]
    st.session_state[f"{name}-seen"] = seen = _Seen(axes, curves)
    _draw(name, seen, top, above)
    with line:
        tell(journey(profile, label), f"{name}-line")
    differences(settings)
    for problem in sorted({known.problem for known in found if known.problem}):
        st.caption(f"A curve for comparison is missing. {plain(problem)}")
    if not all(known.finished for known in found):
        wait(lambda: _all(glimpsed([each for _, each in ghosts])), _other_words)


def _draw(
    name: str, seen: _Seen, top: DeltaGenerator, above: Callable[[GradientProfile], None] | None, pale: bool = False
) -> None:
    """The chart and what belongs to it; ``pale`` if it is not true any more, so that nobody can take it away."""
    key = f"{name}-chart"
    with st.container(key=f"{name}-picture"):
        against = f"the share of the learning signal against {seen.axes.unit} back from the loss"
        said = f"Line chart: {against}. The text below says so too."
        carried, read = partial(profiles, seen.curves), partial(briefly, seen.curves)
        draw(chart, seen.axes, data=frame(seen.curves, seen.axes), said=said, key=key, numbers=carried, brief=read)
        breathe()
        for own in seen.curves[:1]:
            if above:
                with top:
                    above(own.profile)
            spread = (
                f" The band: {len(own.band) + 1} networks that differ in their random start alone." if own.band else ""
            )
            holds = "\n".join(f"- **{each.name}** is for {each.holds}." for each in own.profile.predicted)
            lines = f"Dashed grey: theory. {theory(own.profile)}{spread}"
            st.caption(lines, help=holds)
            keep(lines, f"{name}-theory")
            numbers(key)
        if pale:
            st.html(f"<style>.st-key-{name}-above,.st-key-{name}-picture{{opacity:.4}}</style>")
            forget(name)


def _ghost(name: str, experiment: Experiment, profile: GradientProfile) -> Curve:
    """A faint curve for comparison, without theory."""
    return Curve(name, profile, colour(main(experiment)), ghost=True)


def _all(answers: Sequence[Answer]) -> Answer:
    return Answer(
        finished=all(each.finished for each in answers), since=float(np.fmax.reduce([each.since for each in answers]))
    )


def _words(answer: Answer) -> None:
    """In place of the sentence."""
    st.markdown(f":material/hourglass_top: **Measuring ({so_far(answer)})**: a network of this size takes a while …")


def _other_words(answer: Answer) -> None:
    st.caption(f":material/hourglass_top: Measuring the curves for comparison ({so_far(answer)}) …")


def main(experiment: Experiment) -> str:
    """The choice that gives a curve its colour."""
    network = experiment.network
    return network.cell if isinstance(network, Recurrent) else network.activation
