"""Draws one question in the rhythm of all pages: question, controls, guess, picture, sentence, verdict, why."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

import streamlit as st

from core import Experiment
from core.execution.jobs import Answer
from core.questions import VERDICTS
from pages.frame.draw import let_it_draw
from pages.frame.guess import SHARES, compared, guess
from pages.frame.in_view import keep, tell
from pages.frame.live import live_part
from pages.frame.page import Page, head
from pages.frame.phrases import plain
from pages.frame.pictures import show_faded, show_pictures
from pages.frame.pins import differences, name_by, pinned
from pages.frame.presentation import presentation
from pages.frame.question_page import Ghost, QuestionPage, Seen
from pages.frame.settings import Settings
from pages.frame.verdict import asked, card
from pages.glossary.linking import linked
from pages.results.measured import again, result, results, so_far, wait
from pages.results.verdicts import longest
from pages.share.row import actions


def show(entry: QuestionPage, below: Callable[[], None] | None = None) -> None:
    """Draws the whole question; ``below`` draws more under the row of buttons."""
    page = entry.page
    head(page)
    live_part(page, lambda settings: _controls(entry, settings), lambda settings: _look(entry, settings))
    actions(page, pins=entry.pins, trains=entry.trains)
    if below:
        below()
    claim = entry.question.claim
    with st.expander("Why? The mathematics, the papers, the caveats" if claim else "Why does this happen?"):
        st.markdown(linked(entry.texts.why))
        if claim and entry.question.sources:
            st.caption("Sources: " + "; ".join(entry.question.sources) + ".")


def controls(entry: QuestionPage, settings: Settings, names: Sequence[str] | None = None) -> None:
    """Draws the controls (by default the question's own) in two columns."""
    meant = entry.controls if names is None else names
    idle = entry.hidden(settings.experiment)
    shown = settings.visible(name for name in meant if name not in idle)
    half = len(shown) if presentation().present else -(-len(shown) // 2)
    parts = [part for part in (shown[:half], shown[half:]) if part]
    for column, part in zip(st.columns(1 if presentation().present else 2), parts, strict=False):
        with column:
            for name in part:
                settings.control(name, entry.highs.get(name))


def _controls(entry: QuestionPage, settings: Settings) -> None:
    controls(entry, settings)
    settings.folded(*entry.more, "seed", *(["axis"] if hasattr(entry.view, "axis") else []), "guess")
    if entry.turns:
        _turns(entry, settings.page)


def _look(entry: QuestionPage, settings: Settings) -> None:
    """Draws sentence, pictures and verdict; behind a guess if the visitor wants to make one."""
    choice = None
    if settings.view.guess:
        choice = _guess(entry, settings)
        if choice is None:
            return
    graded = partial(_compared, choice) if choice and not entry.question.claim else None
    answer = look(entry, settings, graded)
    if entry.question.claim:
        card(settings.page, entry.question, settings.experiment, answer, choice)


def _guess(entry: QuestionPage, settings: Settings) -> str | None:
    """Asks for the verdict that the visitor expects; where nothing is claimed, for the share of the signal that arrives."""
    if entry.question.claim:
        question = f"“{entry.question.claim}” With these settings, this …"
        return guess(settings, question, VERDICTS, settings.experiment, lambda name: VERDICTS[name].label)
    assert entry.ask
    return guess(settings, entry.ask(settings.experiment), SHARES, settings.experiment)


def _compared(choice: str, answer: Answer) -> None:
    profile = answer.value[0] if answer.finished and not answer.problem else None
    compared(choice, None if profile is None else float(profile.relative[profile.cue or 0]))


def look(entry: QuestionPage, settings: Settings, first: Callable[[Answer], None] | None = None) -> Answer:
    """Draws sentence and pictures of what was measured, after whatever ``first`` says of it; words until it is there."""
    name, experiment, measure = settings.page.name, settings.experiment, entry.question.measure
    answer = result(measure, experiment, entry.slow)
    if first and not answer.problem:
        first(answer)
    if answer.problem:
        st.warning(plain(answer.problem), icon=":material/edit_off:")
        st.button("Try again", key=f"{name}-retry", on_click=again, args=(measure, experiment))
    elif answer.finished:
        rivals = {**entry.rivals(experiment), **_pinned(entry, settings)}
        beside = results(entry.beside or measure, list(rivals.values()), entry.slow)
        known = zip(rivals.items(), beside, strict=True)
        ghosts = [Ghost(*rival, answer.value) for rival, answer in known if answer.value is not None]
        st.session_state[f"seen {name}"] = seen = Seen(experiment, answer.value, ghosts, settings.view)
        if entry.above:
            words = entry.above(seen)
            st.html(words)
            keep(words, f"{name}-words", html=True)
        tell(entry.said(seen), f"{name}-line")
        show_pictures(name, entry.pictures(seen))
        let_it_draw()
        differences(settings)
        _missing(beside, lambda: results(entry.beside or measure, list(rivals.values()), entry.slow))
    else:
        wait(lambda: result(measure, experiment, entry.slow, patience=0), lambda answer: _words(entry, answer))
        before: Seen | None = st.session_state.get(f"seen {name}")
        if before or entry.empty is not None:
            show_faded(name, entry.pictures(before or Seen(experiment, entry.empty, (), settings.view)))
    return answer


def _pinned(entry: QuestionPage, settings: Settings) -> Mapping[str, Experiment]:
    kept = pinned(settings) if entry.pins else []
    return {name_by(experiment, [settings.experiment]): experiment for experiment in kept}


def _missing(ghosts: Sequence[Answer], ask: Callable[[], Sequence[Answer]]) -> None:
    """Says which curves for comparison are missing, and waits for those that are still to come."""
    for problem in sorted({answer.problem for answer in ghosts if answer.problem}):
        st.caption(f"A curve for comparison is missing. {plain(problem)}")
    if not all(answer.finished for answer in ghosts):
        wait(lambda: _all(ask()), _other_words)


def _all(answers: Sequence[Answer]) -> Answer:
    return Answer(finished=all(answer.finished for answer in answers), since=longest(answers))


def _other_words(answer: Answer) -> None:
    st.caption(f":material/hourglass_top: Measuring the curves for comparison ({so_far(answer)}) …")


def _words(entry: QuestionPage, answer: Answer) -> None:
    """Stands in place of the sentence while a worker measures."""
    what = "networks are trained for it" if entry.trains else "with these settings there is much to work out"
    st.info(f"Measuring ({so_far(answer)}): {what} …", icon=":material/hourglass_top:")


def _turns(entry: QuestionPage, page: Page) -> None:
    """Draws buttons that load settings under which the picture, and most times the verdict, is another one."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown("Overturn it:", width="content")
        for i, (label, settings) in enumerate(entry.turns.items()):
            st.button(label, key=f"{page.name}-turn{i}", on_click=_turn, args=(entry, page, dict(settings)))


def _turn(entry: QuestionPage, page: Page, settings: dict[str, Any]) -> None:
    """Loads the settings and has them judged: that is the question."""
    experiment = page.base.changed(**settings)
    Settings(page).load(experiment)
    asked(page, entry.question).add(experiment)
