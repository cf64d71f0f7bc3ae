"""Carrying a result away: address and QR code, numbers and pictures of each chart, a hand-out, a notebook, plain PyTorch.

Everything is made when it is asked for: the box's contents when it is opened, a file when its button is pressed.
"""

from collections.abc import Callable
from functools import partial

import streamlit as st

from core import Experiment
from core.export import as_notebook
from pages.frame.in_view import ShownChart
from pages.frame.page import Page
from pages.frame.phrases import plain
from pages.frame.qr import qr_code, qr_image
from pages.share.class_link import class_link
from pages.share.contents import Contents, contents_of
from pages.share.files import as_csv, as_json
from pages.share.handout import handout
from pages.share.scripts import scripts
from pages.share.standalone import png, svg


def share(page: Page, trains: bool = False) -> None:
    """Draws the button. ``trains``: what the page shows comes from a training, so that the script that trains is first."""
    flag = f"{page.name}-share"
    opened, shut = (partial(st.session_state.__setitem__, flag, value) for value in (True, False))
    st.button("Share and take away", icon=":material/share:", key=f"{flag}-open", on_click=opened)
    if st.session_state.get(flag):  # remembered, so that a training that draws the page anew does not shut the box
        st.dialog("Share and take away", width="large", on_dismiss=shut)(_box)(page, trains)


def _box(page: Page, trains: bool) -> None:
    contents = contents_of(page, trains)
    _address(contents)
    for chart in contents.charts:
        _chart(chart, contents)
    chosen = _part(contents)
    _whole(contents, chosen)
    label = "A link for your class: hide or lock controls, projector"
    box = st.expander(label, icon=":material/school:", key=f"{page.name}-class", on_change="rerun")
    if box.open:
        with box:
            class_link(page)
    if chosen:
        scripts(contents, chosen)


def _address(contents: Contents) -> None:
    """The permalink as text and as QR code; on a projector the code fills the box."""
    st.caption("This address shows the same settings and the same numbers (pins stay here):")
    st.code(contents.link, language=None, wrap_lines=True)
    if not qr_code(contents.link):
        st.caption("The address is too long for a QR code: shorten your own words.")
        return
    large = st.toggle("QR code as large as the screen, for a projector", key=f"{contents.page.name}-qr")
    st.html(
        qr_image(
            contents.link, "width:min(100%,68vh);display:block;margin:auto" if large else "width:9rem;display:block"
        )
    )


def _chart(chart: ShownChart, contents: Contents) -> None:
    """Four buttons for one chart."""
    named = "The chart" if len(contents.charts) == 1 else f"**{plain(chart.called)}**"
    st.caption(f"{named}: its numbers (CSV, JSON), and as a picture (SVG, PNG)")
    with st.container(horizontal=True):
        _file("CSV", chart.key, "csv", "text/csv", ":material/table:", lambda: as_csv(contents.newest(chart)))
        _file(
            "JSON",
            chart.key,
            "json",
            "application/json",
            ":material/data_object:",
            lambda: as_json(contents.newest(chart), contents),
        )
        _file("SVG", chart.key, "svg", "image/svg+xml", ":material/shapes:", lambda: svg(contents.newest(chart)))
        _file("PNG", chart.key, "png", "image/png", ":material/image:", lambda: png(contents.newest(chart)))


def _part(contents: Contents) -> Experiment | None:
    """The experiment that a notebook and a script are about: where the page shows several, the chosen one."""
    if len(contents.parts) < 2:
        return next(iter(contents.parts.values()), None)
    label = "Notebook and script of"
    return contents.parts[st.selectbox(label, list(contents.parts), key=f"{contents.page.name}-part")]


def _whole(contents: Contents, chosen: Experiment | None) -> None:
    """The page as a hand-out, the experiment as a notebook."""
    name = f"gradient-decay-{contents.page.name}"
    book = "; and a Jupyter notebook that measures and trains the same experiment with this project's library"
    st.caption(
        "The page for paper, or for a computer without network, where its charts can still be touched"
        f"{book if chosen else ''}:"
    )
    with st.container(horizontal=True):
        _file("Hand-out (HTML)", name, "html", "text/html", ":material/description:", lambda: handout(contents))
        if chosen:
            made = partial(as_notebook, chosen)
            _file("Notebook", name, "ipynb", "application/x-ipynb+json", ":material/book_2:", made)


def _file(label: str, name: str, ending: str, mime: str, icon: str, made: Callable[[], bytes | str]) -> None:
    """A button that makes its file when it is pressed."""
    key = f"{name}-{ending}"
    st.download_button(label, made, f"{name}.{ending}", mime, key=key, on_click="ignore", icon=icon)
