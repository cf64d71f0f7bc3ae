"""The lessons' page: the list of them, or one step of one with a question before its picture."""

from dataclasses import replace
from functools import partial

import streamlit as st

from pages.frame.page import STYLE
from pages.frame.phrases import plain
from pages.frame.presentation import presentation
from pages.lessons import LESSONS
from pages.lessons.ask import ask
from pages.lessons.picture import picture
from pages.lessons.place import Place, go, place
from pages.lessons.summary import summary


def lessons() -> None:
    """Draws what the address asks for."""
    st.html(STYLE)
    here, complaints = place()
    if complaints:
        st.warning(
            "This link asks for something that can't be shown: " + plain("; ".join(complaints)) + ".",
            icon=":material/link_off:",
        )
    if here is None:
        _contents()
    else:
        _in_view(here)
        _onward(here)


def _in_view(here: Place) -> None:
    """Draws how far it is, and the step or the end."""
    steps, step = len(here.entry.steps), here.step_in_view
    number = min(here.step, steps)
    st.progress(number / steps, f"{here.entry.label} · {number} of {steps}")
    if step is None:
        summary(here)
    elif ask(here, step):
        option = here.answer(here.step)
        assert option is not None
        picture(here, step, option)


def _contents() -> None:
    """Draws all lessons, each with a button that begins it."""
    st.title("What shall we find out today?", anchor=False)
    st.markdown(
        "Each lesson is a path through the experiments. **Before each picture you say what you expect**; the answer is "
        "computed while you look. Your place and your answers stand in the address: copy it to go on later."
    )
    for lesson in LESSONS.values():
        with st.container(border=True):
            st.header(lesson.label, anchor=False)
            st.markdown(f"{lesson.lesson} *{len(lesson.steps)} questions, about {lesson.minutes} minutes in a class.*")
            begin = partial(go, Place(lesson.name))
            st.button("Begin", icon=":material/play_arrow:", key=f"lessons-{lesson.name}", on_click=begin)


def _onward(here: Place) -> None:
    """Draws the buttons back, on, and to the list; on a projector the page keys do it, too."""
    keys = ("PageUp", "PageDown") if presentation().present else (None, None)
    with st.container(horizontal=True, key="lessons-onward"):
        st.button(
            "Back",
            icon=":material/arrow_back:",
            on_click=partial(go, replace(here, step=max(1, here.step - 1))),
            disabled=here.step == 1,
            shortcut=keys[0],
            key="lessons-back",
        )
        if here.step_in_view:
            ahead = partial(go, replace(here, step=here.step + 1))
            label = "Next" if here.step < len(here.entry.steps) else "To the end"
            st.button(label, icon=":material/arrow_forward:", on_click=ahead, shortcut=keys[1], key="lessons-next")
        st.button("All lessons", icon=":material/list:", on_click=go, args=(None,))
        st.button("Begin anew", icon=":material/restart_alt:", on_click=go, args=(Place(here.lesson),))
