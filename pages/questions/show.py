"""Draws one exhibit in the rhythm of all pages: question, controls, guess, picture, sentence, verdict, why."""

from collections.abc import Callable, Sequence
from typing import Any

import streamlit as st

from core.claims import VERDICTS
from core.execution.jobs import Answer
from pages.frame.draw import breathe
from pages.frame.in_view import tell
from pages.frame.live import lab
from pages.frame.page import Page, head
from pages.frame.phrases import plain
from pages.frame.pictures import faded, gallery
from pages.frame.pins import differences, name_by, pinned
from pages.frame.presentation import stage
from pages.frame.question_page import Exhibit, Pinned
from pages.frame.settings import Settings
from pages.frame.verdict import asked, verdict
from pages.glossary.linking import linked
from pages.results.result import result, so_far, wait
from pages.share.row import actions


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
    actions(page, pins=exhibit.pins, trains=exhibit.slow is True)
    with st.expander("Why? The mathematics, the papers, the caveats"):
        st.markdown(linked(exhibit.why))
        if page.sources:
            st.caption("Sources: " + "; ".join(page.sources) + ".")


def controls(exhibit: Exhibit, settings: Settings, names: Sequence[str] | None = None) -> None:
    """The controls (by default the exhibit's own) in two columns, the rest folded."""
    shown = settings.visible(exhibit.controls if names is None else names)
    half = len(shown) if stage().present else -(-len(shown) // 2)
    parts = [part for part in (shown[:half], shown[half:]) if part]
    for column, part in zip(st.columns(1 if stage().present else 2), parts, strict=False):
        with column:
            for name in part:
                settings.control(name, exhibit.highs.get(name))


def _controls(exhibit: Exhibit, settings: Settings) -> None:
    """All that the exhibit has, and one click to overturn it."""
    controls(exhibit, settings)
    settings.folded(*exhibit.more, "seed", "guess")
    _turns(exhibit, settings.page)


def _look(exhibit: Exhibit, settings: Settings) -> None:
    """Sentence, pictures and verdict; behind a guess if the visitor wants to make one."""
    guess = _guess(exhibit, settings) if settings.view.guess else None
    if settings.view.guess and guess is None:
        return
    look(exhibit, settings)
    verdict(settings.page, exhibit.claim, settings.experiment, guess)


def look(exhibit: Exhibit, settings: Settings, first: Callable[[Answer], None] | None = None) -> None:
    """Sentence and pictures of what was measured, after whatever ``first`` says of it; words until it is there."""
    name, experiment = settings.page.name, settings.experiment
    answer = result(exhibit, experiment)
    if first and answer.finished and not answer.problem:
        first(answer)
    if answer.problem:
        st.warning(plain(answer.problem), icon=":material/edit_off:")
    elif answer.finished:
        st.session_state[f"{name}-shown"] = experiment, answer.value
        tell(exhibit.said(experiment, answer.value), f"{name}-line")
        gallery(name, exhibit.pictures(experiment, answer.value, _ghosts(exhibit, settings)))
        breathe()
        differences(settings)
    else:
        wait(lambda: result(exhibit, experiment, patience=0), lambda answer: _words(exhibit, answer))
        if f"{name}-shown" in st.session_state:
            before, found = st.session_state[f"{name}-shown"]
            faded(name, exhibit.pictures(before, found, ()))


def _ghosts(exhibit: Exhibit, settings: Settings) -> list[Pinned]:
    """What is known of the pinned experiments."""
    answers = [(each, result(exhibit, each, patience=0)) for each in pinned(settings)] if exhibit.pins else []
    known = [(each, answer.value) for each, answer in answers if answer.finished and not answer.problem]
    return [Pinned(name_by(each, [settings.experiment]), each, value) for each, value in known]


def _words(exhibit: Exhibit, answer: Answer) -> None:
    """In place of the sentence, while a worker measures."""
    what = "networks are trained for it" if exhibit.slow is True else "with these settings there is much to work out"
    st.info(f"Measuring ({so_far(answer)}): {what} …", icon=":material/hourglass_top:")


def _guess(exhibit: Exhibit, settings: Settings) -> str | None:
    """The verdict that the visitor expects; None as long as he has not said."""
    st.markdown(f"**Your guess first.** “{exhibit.lesson}” With these settings, this …")
    choice: str | None = st.segmented_control(
        "Your guess",
        list(VERDICTS),
        format_func=lambda name: VERDICTS[name].label,
        key=f"{settings.page.name}-guess-{hash(settings.experiment)}",
        label_visibility="collapsed",
        wrap=True,
    )
    if choice is None:
        st.caption("Choose, and the picture appears. The switch “Guess first” turns this off.")
    return choice


def _turns(exhibit: Exhibit, page: Page) -> None:
    """Buttons that load settings under which the picture, and most times the verdict, is another one."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown("Overturn it:", width="content")
        for i, (label, settings) in enumerate(exhibit.turns.items()):
            st.button(label, key=f"{page.name}-turn{i}", on_click=_turn, args=(exhibit, page, dict(settings)))


def _turn(exhibit: Exhibit, page: Page, settings: dict[str, Any]) -> None:
    """Loads the settings and has them judged: that is the question."""
    experiment = page.base.changed(**settings)
    Settings(page).load(experiment)
    asked(page, exhibit.claim).add(experiment)
