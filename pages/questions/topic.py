"""A topic: several questions on one page, chosen by a row of buttons; the address says which."""

from collections.abc import Callable

import streamlit as st

from pages.frame.phrases import plain
from pages.questions import QUESTION_PAGES
from pages.questions.show import show

EXPLORE = "explore"


def topic(name: str, explore: Callable[[], None] | None = None) -> None:
    """Draws the buttons and the chosen question, or what there is to ``explore``."""
    own = {row: entry for row, entry in QUESTION_PAGES.items() if entry.topic == name}
    options = [EXPLORE, *own] if explore else list(own)
    key = f"topic {name}"
    asked = st.query_params.get("row", options[0] if len(st.query_params) else None)
    if asked in options:
        st.session_state[key] = asked
    elif asked is not None:
        del st.query_params["row"]  # said here, so that nobody else need wonder what it is
        st.warning(f"There is no question {plain(asked[:20])} on this page.", icon=":material/link_off:")
        if asked in QUESTION_PAGES:
            there = QUESTION_PAGES[asked]
            label = f"It is here: {there.texts.question}"
            st.page_link(f"pages/{there.topic}.py", label=label, query_params={"row": asked})
    row = st.segmented_control(
        "Question",
        options,
        default=None if key in st.session_state else options[0],
        format_func=lambda row: "**Explore**" if row == EXPLORE else f"**{row.upper()}** {own[row].question.label}",
        key=key,
        required=True,
        wrap=True,
        label_visibility="collapsed",
        on_change=st.query_params.clear,  # the chosen one has settings of its own, and writes them there
    )
    if row in own:
        show(own[row])
    elif explore:
        explore()
