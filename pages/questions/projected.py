"""What a projector walks through: the first page, then every question, topic by topic, as the menu has them."""

from collections.abc import Callable

import streamlit as st

from pages.questions import QUESTION_PAGES
from pages.share.projector import LARGE, Slide, bar, follow, show_code

TOPICS = ("descent", "depth", "time", "unrolled", "sentences", "roles", "matters", "exists", "remedies")
SLIDES = (
    Slide("pages/home.py", {}),
    *(
        Slide(f"pages/{topic}.py", {"row": row})
        for topic in TOPICS
        for row, each in QUESTION_PAGES.items()
        if each.topic == topic
    ),
)
OWN_KEYS = ("lessons",)  # pages with a way on of their own


def projected(page: str, run: Callable[[], None]) -> None:
    """Runs a page, called by its address, as it is to be seen on a projector."""
    follow()
    st.html(LARGE)
    code = bar(page, () if page in OWN_KEYS else SLIDES)
    run()
    if code:  # after the page, whose address it shows
        show_code()
