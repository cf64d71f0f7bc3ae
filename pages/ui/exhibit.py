"""Draws one exhibit in the rhythm of all pages: question, controls, guess, picture, sentence, verdict, why."""

from collections.abc import Sequence
from typing import Any

import streamlit as st

from core import Experiment, SpecError
from core.claims import VERDICTS
from core.claims.settings import changed
from core.execution.jobs import Answer
from pages.ui.actions import actions
from pages.ui.draw import draw
from pages.ui.drawn import tell
from pages.ui.entry import Exhibit, Picture, Pinned
from pages.ui.jobs import jobs, limits, student
from pages.ui.lab import lab
from pages.ui.numbers import numbers
from pages.ui.page import Page, head
from pages.ui.pins import differences, name_by, pinned
from pages.ui.settings import Settings
from pages.ui.verdict import EVERY, verdict
from pages.ui.wording import plain


def page_of(exhibit: Exhibit) -> Page:
    """The exhibit's settings have an address of their own: the topic's, with the row in it."""
    claim = exhibit.claim
    return Page(
        exhibit.row, exhibit.question, exhibit.watch, claim.base, address={"row": exhibit.row}, sources=claim.sources
    )


def show(exhibit: Exhibit) -> None:
    """The whole exhibit."""
    page = page_of(exhibit)
    head(page)
    lab(page, lambda settings: _controls(exhibit, settings), lambda settings: _look(exhibit, settings))
    _turns(exhibit, page)
    actions(page, pins=exhibit.pins, trains=exhibit.slow)
    with st.expander("Why? The mathematics, the papers, the caveats"):
        st.markdown(exhibit.why)
        if page.sources:
            st.caption("Sources: " + "; ".join(page.sources) + ".")


def _controls(exhibit: Exhibit, settings: Settings) -> None:
    """Two columns; switches and choices of few take a line of their own height."""
    half = -(-len(exhibit.controls) // 2)
    for column, names in zip(st.columns(2), (exhibit.controls[:half], exhibit.controls[half:]), strict=True):
        with column:
            for name in names:
                settings.control(name, exhibit.highs.get(name))
    settings.folded(*exhibit.more, "seed", "guess")


def _look(exhibit: Exhibit, settings: Settings) -> None:
    """Picture, sentence and verdict; behind a guess if the visitor wants to make one."""
    if settings.view.guess and not _guessed(exhibit, settings):
        return
    answer = _result(exhibit, settings.experiment)
    if not answer.finished:
        st.fragment(_waiting, run_every=EVERY)(exhibit, settings.experiment)
    elif answer.problem:
        st.warning(plain(answer.problem), icon=":material/edit_off:")
    else:
        _pictures(exhibit, settings, answer.value)
    verdict(settings.page, exhibit.claim, settings.experiment)


def _pictures(exhibit: Exhibit, settings: Settings, result: Any) -> None:
    name, experiment = settings.page.name, settings.experiment
    ghosts = _ghosts(exhibit, settings) if exhibit.pins else []
    pictures: Sequence[Picture] = exhibit.pictures(experiment, result, ghosts)
    tell(exhibit.said(experiment, result), f"{name}-line")
    for i, picture in enumerate(pictures):
        key = f"{name}-chart{i or ''}"
        if picture.title:
            st.markdown(f"**{picture.title}**")
        draw(picture.factory, *picture.axes, data=picture.table, said=picture.said, key=key, title=picture.title)
        numbers(key)
    if exhibit.pins:
        differences(settings)


def _ghosts(exhibit: Exhibit, settings: Settings) -> list[Pinned]:
    found = []
    for each in pinned(settings):
        answer = _result(exhibit, each)
        if answer.finished and not answer.problem:
            found.append(Pinned(name_by(each, [settings.experiment]), each, answer.value))
    return found


def _result(exhibit: Exhibit, experiment: Experiment) -> Answer:
    """What the instrument measures: here and now, or on a worker."""
    if exhibit.slow:
        return jobs().ask(student(), exhibit.measure, experiment)
    try:
        return Answer(_here(exhibit.row, exhibit.measure, experiment), finished=True)
    except SpecError as error:
        return Answer(problem=f"{error}.", finished=True)


@st.cache_resource(max_entries=limits().measurements, show_spinner=False)
def _here(row: str, _measure: Any, experiment: Experiment) -> Any:
    return _measure(experiment)


def _waiting(exhibit: Exhibit, experiment: Experiment) -> None:
    if jobs().ask(student(), exhibit.measure, experiment).finished:
        st.rerun()
    st.info(
        "Measuring: this takes some seconds, because networks are trained for it …", icon=":material/hourglass_top:"
    )


def _guessed(exhibit: Exhibit, settings: Settings) -> bool:
    """True once the visitor has said what he expects of the claim."""
    st.markdown(f"**Your guess first.** “{exhibit.lesson}” With these settings, this …")
    choice = st.segmented_control(
        "Your guess",
        list(VERDICTS),
        format_func=lambda name: VERDICTS[name].label,
        key=f"{settings.page.name}-guess-{hash(settings.experiment)}",
        label_visibility="collapsed",
    )
    if choice is None:
        st.caption("Choose, and the picture appears. The switch “Guess first” turns this off.")
        return False
    st.caption(f"You said: {VERDICTS[choice].label}. Compare with the verdict below.")
    return True


def _turns(exhibit: Exhibit, page: Page) -> None:
    """Buttons that load settings under which the verdict is another one."""
    if not exhibit.turns:
        return
    st.caption("Overturn it: load settings with which the picture is another one.")
    with st.container(horizontal=True):
        for i, (label, settings) in enumerate(exhibit.turns.items()):
            st.button(
                label,
                icon=":material/swap_horiz:",
                key=f"{page.name}-turn{i}",
                on_click=_turn,
                args=(page, dict(settings)),
            )


def _turn(page: Page, settings: dict[str, Any]) -> None:
    Settings(page).load(changed(page.base, **settings))
