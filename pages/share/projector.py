"""On a projector: large type, nothing but the experiment, and keys to go on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

import streamlit as st

from pages.frame.presentation import address, presentation, set_presentation, with_presentation
from pages.frame.qr import qr_code, qr_image

_WISH = "projector wish"
LARGE = """<style>
html{font-size:clamp(18px,1.25vw,32px)!important}
header[data-testid=stHeader]{display:none}
.stMainBlockContainer.stMainBlockContainer.stMainBlockContainer{max-width:94vw;padding:.6rem 0 4rem}
.stMainBlockContainer h1{font-size:1.7rem;padding:0}
[class*="st-key-topic"]{display:none}
.st-key-projector{position:fixed;left:3vw;bottom:0;z-index:99;width:max-content;padding:.2rem 0;gap:.4rem}
.st-key-projector{backdrop-filter:blur(16px)}
.st-key-projector kbd{display:none}
.st-key-projector button{padding:.1rem .5rem;min-height:0}
</style>"""


@dataclass(frozen=True)
class Slide:
    """A place to show: the page's file, and what its address says."""

    page: str
    query: Mapping[str, str]

    @property
    def name(self) -> str:
        """The page's address."""
        return self.page.removeprefix("pages/").removesuffix(".py")


def projector_button(name: str) -> None:
    """Draws the button that puts this page on the projector."""
    st.button(
        "Projector",
        icon=":material/present_to_all:",
        key=f"{name}-projector",
        help="Large type and nothing but the experiment. PageDown and PageUp (a presenter's keys) go on and back.",
        on_click=lambda: set_presentation(replace(presentation(), present=True)),
    )


def follow() -> None:
    """Goes where a key wants to, before the page in view is drawn once more; a run that is cut short leaves it to the next."""
    stop: Slide | None = st.session_state.pop(_WISH, None)
    if stop:
        st.switch_page(stop.page, query_params=dict(stop.query) | presentation().query())


def bar(page: str, stops: Sequence[Slide]) -> bool:
    """The thin row at the bottom: back, on, QR code, leave. Goes through ``stops``; a page that has keys of its own gets none.

    Draw it before the page, so that the keys work while the page is still being drawn. Returns whether the code is asked for.
    """
    at = _at(page, stops)
    with st.container(horizontal=True, vertical_alignment="center", key="projector", gap="small"):
        if stops:
            for label, step, key in (("Back", -1, "PageUp"), ("Next", 1, "PageDown")):
                there = stops[at + step] if 0 <= at + step < len(stops) else None
                wish = partial(st.session_state.__setitem__, _WISH, there)
                st.button(label, shortcut=key, disabled=there is None, key=f"projector-{key}", on_click=wish)
            st.caption(f"{at + 1} of {len(stops)}", width="content")
        code = st.button("QR code", shortcut="Q", key="projector-qr")
        leave = replace(presentation(), present=False)
        st.button(
            "Leave", icon=":material/close_fullscreen:", key="projector-leave", on_click=set_presentation, args=(leave,)
        )
    return code


def _at(page: str, stops: Sequence[Slide]) -> int:
    """The stop in view; of a page's own view the one before its first question."""
    row = st.query_params.get("row")
    named = [i for i, stop in enumerate(stops) if stop.name == page and stop.query.get("row") == row]
    of_page = [i for i, stop in enumerate(stops) if stop.name == page]
    return named[0] if named else of_page[0] if of_page else 0


@st.dialog("Open it yourself", width="large")
def show_code() -> None:
    """The address without the projector, as large as there is room."""
    link = address(with_presentation(dict(st.query_params), replace(presentation(), present=False)))
    if qr_code(link):
        st.html(qr_image(link, "width:min(100%,66vh);display:block;margin:auto"))
    st.caption(link)
