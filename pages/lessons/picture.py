"""A lesson's picture: what was measured, whether the answer was right, and what to take away."""

from functools import partial

import streamlit as st

from core.execution.jobs import Answer
from pages.frame.live import live_part
from pages.frame.page import Page
from pages.frame.settings import Settings
from pages.frame.verdict import card
from pages.lessons.entry import Step
from pages.lessons.place import Place
from pages.questions.show import controls, look
from pages.share.row import actions


def picture(place: Place, step: Step, option: int) -> None:
    """Draws the picture below a question to which ``option`` was the answer."""
    shown = step.page
    page = Page(
        f"{place.lesson}-{place.step}",
        shown.texts.question,
        shown.texts.watch,
        step.experiment,
        address=place.query(),
        sources=shown.question.sources,
    )

    def draw(settings: Settings) -> None:
        answer = look(shown, settings, partial(_compared, step, settings, option) if step.right else None)
        if step.right is None:
            card(page, shown.question, settings.experiment, answer, step.options[option])

    def choose(settings: Settings) -> None:
        controls(shown, settings, step.controls)

    live_part(page, choose, draw)
    st.info(step.then, icon=":material/lightbulb:")
    actions(page, pins=shown.pins, trains=shown.trains)


def _compared(step: Step, settings: Settings, option: int, answer: Answer) -> None:
    """Says, once it is measured, whether the answer is right; with other settings than the question's, what it would be."""
    if not answer.finished:
        return
    assert step.right
    right = step.right(settings.experiment, answer.value)
    if settings.experiment != step.experiment:
        st.info(f"With the settings as they are now: **{step.says(right)}**.", icon=":material/tune:")
    elif right == option:
        st.success(f"You said “{step.says(option)}”: right.", icon=":material/check:")
    else:
        st.info(f"You said “{step.says(option)}”. It is: **{step.says(right)}**.", icon=":material/lightbulb:")
