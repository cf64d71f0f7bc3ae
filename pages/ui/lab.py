"""The part of a page that follows the hand: one fragment with controls above and the picture below."""

from collections.abc import Callable

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pages.ui.drawn import forget
from pages.ui.page import Page
from pages.ui.settings import Settings
from pages.ui.stage import stage

Draw = Callable[[Settings], None]


@st.fragment
def lab(page: Page, controls: Draw, look: Draw) -> None:
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
    """Places for controls and picture: above each other; beside each other on a projector, where all must be in view."""
    if not stage().present:
        return st.container(), st.container()
    left, right = st.columns([2, 5], gap="large")
    return left.container(key="projected-controls"), right
