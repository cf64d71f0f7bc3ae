"""A lesson's question, which is answered before the picture is seen."""

import streamlit as st

from pages.frame.presentation import presentation
from pages.lessons.entry import Step
from pages.lessons.place import Place, go


def ask(place: Place, step: Step) -> bool:
    """Draws the question; whether it has been answered, so that the picture may be seen."""
    key = f"{place.lesson}-{place.step}-said"
    st.session_state[key] = place.answer(place.step)  # the address has it

    def answered() -> None:
        go(place.with_answer(st.session_state[key]))

    known = place.answer(place.step) is not None
    short = known and presentation().present  # room for the picture
    st.title(step.question or step.page.texts.question, anchor=False)
    if not short:
        st.markdown(step.told)
    st.radio(
        "Your answer" if step.right else f"“{step.page.question.claim}” With these settings, this claim …",
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
