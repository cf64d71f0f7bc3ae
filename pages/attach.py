"""Attach: how to record one's own training, what that writes down, what it costs, and how to load it here."""

import streamlit as st

from core import Blobs, Experiment, FeedForward
from core.recording import KINDS
from pages.charts.cost import chart, frame
from pages.frame.draw import draw
from pages.frame.in_view import tell
from pages.frame.live import live_part
from pages.frame.page import Page, head
from pages.frame.settings import Settings
from pages.frame.table import numbers
from pages.frame.texts import texts
from pages.own.recording_size import AttachView, said
from pages.own.scripts import excerpt, script
from pages.share.row import carry, reset

TEXTS = texts(__file__)
PAGE = Page(
    "attach",
    TEXTS.question,
    TEXTS.watch,
    Experiment(network=FeedForward(), task=Blobs()),
    AttachView(),
    parts=lambda _own, _view: {},
)


def controls(settings: Settings) -> None:
    """Which loop; below, how much of it."""
    settings.control("loop")
    columns = st.columns(4, vertical_alignment="bottom")
    for column, name in zip(columns, ("every", "updates", "recorded", "span"), strict=True):
        with column:
            settings.control(name)


def look(settings: Settings) -> None:
    """The script, the size of what it writes, and what that costs."""
    view = settings.view
    whole_script = script(view.loop, view.every)
    st.code(excerpt(whole_script), language="python")
    with st.expander("The whole script"):
        st.code(whole_script, language="python")
    with st.container(horizontal=True, vertical_alignment="center"):
        st.download_button(
            "The script",
            whole_script,
            f"{view.loop}.py",
            "text/x-python",
            key="attach-script",
            on_click="ignore",
            icon=":material/download:",
        )
        st.page_link(
            "pages/yours.py",
            label="Load the file that it writes",
            query_params={"source": "file"},
            icon=":material/upload_file:",
        )
    tell(said(view), "attach-line")
    draw(
        chart,
        data=frame(),
        said="Range chart: how many times as long a training step takes with a recorder, for six networks. The text says so too.",
        key="attach-chart",
        brief=lambda: frame()[["network", "series", "text"]],
    )
    st.caption(
        "Printed by `benchmarks/recorder.py` (four runs, one thread, small networks); `make bench` prints yours."
    )
    numbers("attach-chart")


head(PAGE)
live_part(PAGE, controls, look)
with st.container(horizontal=True):
    reset(PAGE)
    carry(PAGE)
recorded, _, needs = TEXTS.why.partition("\n---\n")
with st.expander("What is recorded"):
    st.table(
        {"what": [kind.label for kind in KINDS.values()], "what it tells": [kind.lesson for kind in KINDS.values()]}
    )
    st.markdown(recorded)
with st.expander("What it needs, and when to give it more"):
    st.markdown(needs)
