"""A topic: several questions on one page, chosen by a row of buttons; the address says which."""

from collections.abc import Callable

import streamlit as st

from pages.frame.chooser import choose
from pages.frame.phrases import plain
from pages.questions import QUESTION_PAGES
from pages.questions.show import show

EXPLORE = "explore"


def topic(name: str, explore: Callable[[], None] | None = None) -> None:
    """Draws the buttons and the chosen question, or what there is to ``explore``."""
    entries = {row: entry for row, entry in QUESTION_PAGES.items() if entry.topic == name}
    words = {row: f"**{row.upper()}** {entry.question.label}" for row, entry in entries.items()}
    options = {EXPLORE: "**Explore**"} | words if explore else words
    row, unknown = choose("row", f"topic {name}", options, options.__getitem__)
    if unknown:
        st.warning(f"There is no question {plain(unknown[:20])} on this page.", icon=":material/link_off:")
    if unknown in QUESTION_PAGES:
        there = QUESTION_PAGES[unknown]
        label = f"It is here: {there.texts.question}"
        st.page_link(f"pages/{there.topic}.py", label=label, query_params={"row": unknown})
    if row in entries:
        show(entries[row])
    elif explore:
        explore()
