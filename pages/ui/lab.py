"""The part of a page that follows the hand: one fragment with controls above and the picture below."""

from collections.abc import Callable

import streamlit as st

from pages.ui.drawn import forget
from pages.ui.page import Page
from pages.ui.settings import Settings
from pages.ui.stage import stage

Draw = Callable[[Settings], None]


@st.fragment
def lab(page: Page, controls: Draw, look: Draw) -> None:
    """Draws the picture first, because it takes longest; the address last, because it makes the browser draw all anew.

    On a projector the controls are beside the picture: all of it must be in view at once.
    """
    settings = Settings(page)
    forget(page.name)
    if stage().present:
        left, below = st.columns([2, 5], gap="large")
        above = left.container(key="projected-controls")
    else:
        above, below = st.container(), st.container()
    with below:
        look(settings)
    with above:
        settings.complain()
        controls(settings)
    settings.publish()
