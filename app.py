"""Gradient Decay Lab: the list of pages, and nothing else."""

import streamlit as st

from pages.frame.icon import icon
from pages.frame.presentation import presentation
from pages.questions.projected import projected
from pages.results.warm_up import warm_up
from pages.server.room import admitted, full

ABOUT = "Gradient Decay Lab: see, touch and understand why gradients decay."


def main() -> None:
    """Runs the page that the address names."""
    st.set_page_config(
        page_title="Gradient Decay Lab", page_icon=icon(), layout="centered", menu_items={"About": ABOUT}
    )
    warm_up()
    pages = {
        "": [
            st.Page("pages/home.py", title="Start", icon=":material/home:", default=True),
            st.Page("pages/questions.py", title="Questions", icon=":material/quiz:"),
            st.Page("pages/lessons.py", title="Lessons", icon=":material/school:"),
            st.Page("pages/challenges.py", title="Challenges", icon=":material/build:"),
            st.Page("pages/glossary.py", title="Glossary", icon=":material/dictionary:"),
        ],
        "Mechanics": [
            st.Page("pages/descent.py", title="Descent", icon=":material/downhill_skiing:"),
            st.Page("pages/depth.py", title="Depth", icon=":material/layers:"),
            st.Page("pages/time.py", title="Time", icon=":material/timeline:"),
            st.Page("pages/unrolled.py", title="Unrolled", icon=":material/view_column:"),
        ],
        "Language": [
            st.Page("pages/sentences.py", title="Sentences", icon=":material/translate:"),
            st.Page("pages/roles.py", title="Was or were?", icon=":material/call_split:"),
        ],
        "Judgement": [
            st.Page("pages/matters.py", title="Does it matter?", icon=":material/balance:"),
            st.Page("pages/exists.py", title="Does it exist?", icon=":material/menu_book:"),
            st.Page("pages/remedies.py", title="Remedies", icon=":material/healing:"),
            st.Page("pages/map.py", title="Where can it learn?", icon=":material/map:"),
        ],
        "Yours": [
            st.Page("pages/yours.py", title="Your network", icon=":material/neurology:"),
            st.Page("pages/attach.py", title="Attach the recorder", icon=":material/cable:"),
            st.Page("pages/admin.py", title="For admins", icon=":material/monitoring:", visibility="hidden"),
        ],
    }
    welcome = admitted()
    projector = welcome and presentation().present
    page = st.navigation(pages, position="top" if welcome and not projector else "hidden")
    if projector:
        projected(page.url_path or "home", page.run)
    elif welcome or page.url_path == "admin":  # a full room is when an admin wants to look
        page.run()
    else:
        full()


if __name__ == "__main__":  # worker processes import this file as well; they must not run it
    main()
