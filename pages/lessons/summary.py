"""The end of a lesson: every question with what was said, and what is right."""

from dataclasses import replace

import streamlit as st

from core.execution.jobs import Answer
from pages.lessons.entry import JUDGED, Step
from pages.lessons.place import Place, go
from pages.results.measured import result, so_far, wait
from pages.results.verdicts import verdict


def summary(place: Place) -> None:
    """Draws the end; what is not known yet is waited for."""
    st.title("What have you found out?", anchor=False)
    steps = dict(enumerate(place.entry.steps, 1))
    outcomes = {number: _right_option(step) for number, step in steps.items()}
    answered = sum(place.answer(number) is not None for number in steps)
    right = sum(option is not None and option == place.answer(number) for number, option in outcomes.items())
    st.markdown(
        f"**{right} of {answered}** answers were right. That is not a mark: where you were wrong there was something to see."
        if answered
        else "You have not answered any question yet."
    )
    for number, step in steps.items():
        with st.container(border=True, gap="small"):
            _line(place, number, step, outcomes[number])
    if None in outcomes.values():
        waiting = next(step for number, step in steps.items() if outcomes[number] is None)
        wait(lambda: _measured(waiting), _working)


def _line(place: Place, number: int, step: Step, right: int | None) -> None:
    """Draws one question, its right option, what was said, and the ways back to it."""
    option = place.answer(number)
    known = "being computed …" if right is None else f"**{step.says(right)}**"
    said = "" if option is None else "; as you said" if option == right else f"; you said: {step.says(option)}"
    st.markdown(f"{number}. {step.question if step.right else step.page.question.claim}")
    st.markdown(f"{known}{said}.")
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button("Look again", key=f"lessons-again-{number}", on_click=go, args=(replace(place, step=number),))
        st.page_link(
            f"pages/{step.page.topic}.py",
            label=f"{step.row.upper()} with all its settings",
            query_params={"row": step.row},
        )


def _right_option(step: Step) -> int | None:
    """Place of the right option; None while it is not known, or if it can't be."""
    answer = _measured(step)
    if not answer.finished or answer.problem:
        return None
    return step.right(step.experiment, answer.value) if step.right else JUDGED.index(answer.value.verdict)


def _measured(step: Step) -> Answer:
    """What the step's right option is read from, as far as it is there."""
    question = step.page.question
    answer = result(question.measure, step.experiment, step.page.slow, patience=0)
    return answer if step.right else verdict(question, step.experiment, answer)


def _working(answer: Answer) -> None:
    st.caption(f"Working it out ({so_far(answer)}) …")
