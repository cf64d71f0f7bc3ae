"""The row under a picture: pin, reset, share, projector. It stands outside the part that follows the sliders."""

import streamlit as st

from pages.frame.page import Page
from pages.frame.pins import any_pinned, pin, unpin
from pages.frame.presentation import presentation
from pages.frame.settings import Settings
from pages.share.box import share
from pages.share.projector import projector_button


def actions(page: Page, pins: bool = True, trains: bool = False) -> None:
    """Draws the row; without ``pins`` for pictures that have no ghosts, ``trains``: see ``share``."""
    name = page.name
    with st.container(horizontal=True):
        if pins:
            st.button(
                "Pin this curve",
                icon=":material/push_pin:",
                key=f"{name}-pin",
                help="Keeps it as a ghost while you change one thing.",
                on_click=pin,
                args=(page,),
            )
        if pins and any_pinned(page):
            st.button("Unpin all", icon=":material/close:", key=f"{name}-unpin", on_click=unpin, args=(page,))
        reset(page)
        carry(page, trains)


def reset(page: Page) -> None:
    """Draws the button that goes back to the page's own settings."""
    st.button("Reset", icon=":material/restart_alt:", key=f"{page.name}-reset", on_click=lambda: Settings(page).reset())


def carry(page: Page, trains: bool = False) -> None:
    """Draws what takes the page elsewhere: the share box, and the way to the projector, where neither is needed."""
    if not presentation().present:
        share(page, trains)
        projector_button(page.name)
