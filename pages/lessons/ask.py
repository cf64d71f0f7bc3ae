"""A lesson's question, the picture behind it, and at the end what came of all of them."""

from dataclasses import replace
from functools import partial

import streamlit as st

from core.claims.words import judge
from core.execution.jobs import Answer
from pages.frame.live import lab
from pages.frame.page import Page
from pages.frame.presentation import stage
from pages.frame.settings import Settings
from pages.frame.verdict import verdict
from pages.lessons.entry import JUDGED, Step
from pages.lessons.place import Place, go
from pages.questions.show import controls, look
from pages.results.jobs import jobs, student
from pages.results.measured import result, so_far, wait
from pages.share.row import actions


def page_of(at: Place, step: Step) -> Page:
    """A step's settings have an address of their own: the lesson's place."""
    exhibit = step.exhibit
    name = f"{at.lesson}-{at.step}"
    return Page(
        name, exhibit.question, exhibit.watch, step.experiment, address=at.query(), sources=exhibit.claim.sources
    )


def question(at: Place) -> bool:
    """Draws the question; whether it has been answered, so that the picture may be seen."""
    step = at.at
    assert step
    key = f"{at.lesson}-{at.step}-said"
    st.session_state[key] = at.answer(at.step)  # the address has it

    def answered() -> None:
        go(at.with_answer(st.session_state[key]))

    known = at.answer(at.step) is not None
    short = known and stage().present  # room for the picture
    st.title(step.question or step.exhibit.question, anchor=False)
    if not short:
        st.markdown(step.told)
    label = "Your answer" if step.right else f"“{step.exhibit.lesson}” With these settings, this claim …"
    st.radio(
        label,
        range(len(step.options)),
        format_func=step.says,
        key=key,
        on_change=answered,
        index=None,
        horizontal=short,
        label_visibility="collapsed" if step.right else "visible",
    )
    if not known:
        st.caption("Say what you expect, and the picture appears.")
    return known


def taught(at: Place) -> None:
    """The picture, whether the answer was right, and what to take away."""
    step, option = at.at, at.answer(at.step)
    assert step and option is not None
    page = page_of(at, step)

    def draw(settings: Settings) -> None:
        look(step.exhibit, settings, partial(_compared, step, settings, option) if step.right else None)
        if step.right is None:
            verdict(page, step.exhibit.claim, settings.experiment, step.options[option])

    def choose(settings: Settings) -> None:
        controls(step.exhibit, settings, step.controls)

    lab(page, choose, draw)
    st.info(step.then, icon=":material/lightbulb:")
    actions(page, pins=step.exhibit.pins, trains=step.exhibit.slow is True)


def _compared(step: Step, settings: Settings, option: int, answer: Answer) -> None:
    """Right or not; with other settings than the question's, what the answer would be."""
    assert step.right
    right = step.right(settings.experiment, answer.value)
    if settings.experiment != step.experiment:
        st.info(f"With the settings as they are now: **{step.says(right)}**.", icon=":material/tune:")
    elif right == option:
        st.success(f"You said “{step.says(option)}”: right.", icon=":material/check:")
    else:
        st.info(f"You said “{step.says(option)}”. It is: **{step.says(right)}**.", icon=":material/lightbulb:")


def outcome(step: Step) -> int | None:
    """Place of the right option; None while it is not known, or if it can't be."""
    answer = _asked(step)
    if not answer.finished or answer.problem:
        return None
    return step.right(step.experiment, answer.value) if step.right else JUDGED.index(answer.value.verdict)


def summary(at: Place) -> None:
    """Every question with what was said, and what is right."""
    st.title("What have you found out?", anchor=False)
    found = {i: outcome(step) for i, step in enumerate(at.course.steps, 1)}
    right = sum(value is not None and value == at.answer(i) for i, value in found.items())
    answered = sum(at.answer(i) is not None for i in found)
    st.markdown(
        f"**{right} of {answered}** answers were right. That is not a mark: where you were wrong there was something to see."
        if answered
        else "You have not answered any question yet."
    )
    for i, step in enumerate(at.course.steps, 1):
        option, value = at.answer(i), found[i]
        known = "being computed …" if value is None else f"**{step.says(value)}**"
        said = "" if option is None else "; as you said" if option == value else f"; you said: {step.says(option)}"
        with st.container(border=True, gap="small"):
            st.markdown(f"{i}. {step.question if step.right else step.exhibit.lesson}")
            st.markdown(f"{known}{said}.")
            with st.container(horizontal=True, vertical_alignment="center"):
                st.button("Look again", key=f"lessons-again-{i}", on_click=go, args=(replace(at, step=i),))
                st.page_link(
                    f"pages/{step.exhibit.topic}.py",
                    label=f"{step.row.upper()} with all its settings",
                    query_params={"row": step.row},
                )
    if None in found.values():
        waiting = next(step for i, step in enumerate(at.course.steps, 1) if found[i] is None)
        wait(lambda: _asked(waiting), _working)


def _working(answer: Answer) -> None:
    st.caption(f"Working it out ({so_far(answer)}) …")


def _asked(step: Step) -> Answer:
    if step.right is None:
        return jobs().ask(student(), judge, step.row, step.experiment)
    return result(step.exhibit, step.experiment, 0)
