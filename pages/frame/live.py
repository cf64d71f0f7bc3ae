"""The part of a page that follows the hand: one fragment with controls above and the picture below."""

from collections.abc import Callable

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pages.frame.in_view import forget
from pages.frame.page import Page
from pages.frame.settings import Settings

Draw = Callable[[Settings], None]


@st.fragment
def live_part(page: Page, controls: Draw, look: Draw) -> None:
    """Draws the picture first, because it takes longest; the address last, because it makes the browser draw all anew."""
    settings = Settings(page)
    forget(page.name)
    above, below = sides()
    with below:
        look(settings)
    with above:
        settings.complain()
        controls(settings)
    settings.publish()


def sides() -> tuple[DeltaGenerator, DeltaGenerator]:
    """Places for controls and picture: beside each other, so that what a hand does is seen; on small screens above each other."""
    with st.container(key="body"):  # what is small, and what stays in view: see the style in pages/frame/page.py
        left, right = st.columns([3, 8], gap="medium")
    return left.container(key="controls"), right
