"""Lessons: an ordered path through the experiments, with a question before each picture."""

from dataclasses import replace
from functools import partial

import streamlit as st

from pages.frame.page import STYLE
from pages.frame.phrases import plain
from pages.frame.presentation import stage
from pages.lessons import LESSONS
from pages.lessons.ask import question, summary, taught
from pages.lessons.place import Place, go, place


def contents() -> None:
    """All lessons, each with a button that begins it."""
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


def onward(at: Place) -> None:
    """Back, on, and to the list; on a projector the page keys do it, too."""
    keys = ("PageUp", "PageDown") if stage().present else (None, None)
    with st.container(horizontal=True, key="lessons-onward"):
        back = partial(go, replace(at, step=max(1, at.step - 1)))
        st.button(
            "Back",
            icon=":material/arrow_back:",
            on_click=back,
            disabled=at.step == 1,
            shortcut=keys[0],
            key="lessons-back",
        )
        if at.at:
            ahead = partial(go, replace(at, step=at.step + 1))
            label = "Next" if at.step < len(at.course.steps) else "To the end"
            st.button(label, icon=":material/arrow_forward:", on_click=ahead, shortcut=keys[1], key="lessons-next")
        st.button("All lessons", icon=":material/list:", on_click=go, args=(None,))
        st.button("Begin anew", icon=":material/restart_alt:", on_click=go, args=(Place(at.lesson),))


st.html(STYLE)
at, complaints = place()
if complaints:
    st.warning(
        "This link asks for something that can't be shown: " + plain("; ".join(complaints)) + ".",
        icon=":material/link_off:",
    )
if at is None:
    contents()
else:
    number = min(at.step, len(at.course.steps))
    st.progress(number / len(at.course.steps), f"{at.course.label} · {number} of {len(at.course.steps)}")
    if at.at is None:
        summary(at)
    elif question(at):
        taught(at)
    onward(at)
