"""Yours: what happens in a network of the visitor's own, from a recorder's file or from a pasted list of layers."""

from dataclasses import dataclass, replace

import streamlit as st

from core import Blobs, Experiment, FeedForward, Training
from core.diagnosis import QUANTITIES
from core.diagnosis.examination import examine_list
from core.execution.jobs import Answer
from core.fields import choice, whole
from core.layer_list.examples import EXAMPLES
from core.layer_list.reading import listing
from core.registry import Named, registry
from pages.frame.live import live_part
from pages.frame.page import Page, View, head
from pages.frame.phrases import plain
from pages.frame.settings import Settings
from pages.frame.texts import texts
from pages.own.examined import show
from pages.own.layer_editor import editor
from pages.own.links import links
from pages.own.upload import examined_upload, upload
from pages.results.jobs import jobs, student
from pages.results.measured import so_far
from pages.share.row import carry, reset

EVERY = 0.3  # seconds between two looks at what a worker is doing
SOURCES = registry(
    Named("example", "An example", "Networks that are trained here, each with something to find."),
    Named("list", "A list of layers", "Write or paste your own; it is trained here for a moment on a toy task."),
    Named("file", "A recorded file", "From your own training, with the recorder attached."),
)


@dataclass(frozen=True)
class YoursView(View):
    """Where the recording comes from, and what of it is drawn."""

    source: str = choice("example", SOURCES, "What do you want to look at?")
    example: str = choice("sigmoid", EXAMPLES, "Example")
    layers: str = listing("repeat 12 {\n  linear 32\n  relu\n}", "Layers")
    span: int = whole(40, 5, 100, "Time steps", "Of the toy sequences that recurrent layers are tried on.")
    shown: str = choice("signal", QUANTITIES, "What to draw")


TEXTS = texts(__file__)
PAGE = Page(
    "yours",
    TEXTS.question,
    TEXTS.watch,
    Experiment(network=FeedForward(), task=Blobs(), training=Training(learning_rate=3e-3, clip=0.0, steps=200)),
    YoursView(),
    parts=lambda _own, _view: {},
)


def controls(settings: Settings) -> None:
    """Where the recording comes from, and what of it is drawn."""
    settings.control("source")
    view = settings.view
    if view.source == "example":
        left, right = st.columns([4, 1], vertical_alignment="bottom")
        with left:
            settings.control("example")
        right.button("Change it", icon=":material/edit:", key="yours-edit", on_click=_edit, help="As a list of layers.")
    elif view.source == "list":
        editor(settings)
    else:
        upload()
        st.page_link("pages/attach.py", label="How to attach the recorder to your training", icon=":material/cable:")
    settings.control("shown")
    settings.folded(*(("clip", "steps", "batch", "span", "seed") if view.source == "list" else ()), "guess")


def _edit() -> None:
    """The example as a list that can be changed; for use in a callback."""
    settings = Settings(PAGE)
    example = EXAMPLES[settings.view.example]
    view = replace(settings.view, source="list", layers=example.listing, span=example.length)
    settings.load(replace(settings.experiment, training=example.training), view)


def asked(settings: Settings) -> Answer | None:
    """What a worker makes of it; None where there is no file yet."""
    view, experiment = settings.view, settings.experiment
    if view.source == "file":
        return examined_upload()
    if view.source == "list":
        return jobs().ask(student(), examine_list, view.layers, experiment.training, view.span, experiment.seed)
    example = EXAMPLES[view.example]
    return jobs().ask(student(), examine_list, example.listing, example.training, example.length, 0)


def look(settings: Settings) -> None:
    """The examination, or words until it is there."""
    answer = asked(settings)
    if answer is None:
        st.info("Choose a file, and what it holds is shown here.", icon=":material/upload_file:")
    elif not answer.finished:
        st.fragment(waiting, run_every=EVERY)(settings)
    elif answer.problem:
        st.warning(plain(answer.problem), icon=":material/edit_off:")
    else:
        lesson = EXAMPLES[settings.view.example].lesson if settings.view.source == "example" else ""
        show(settings, answer.value, links(), lesson)


def waiting(settings: Settings) -> None:
    """Says what is going on, and draws the page anew when it is done."""
    answer = asked(settings)
    if answer is None or answer.finished:
        st.rerun()
    what = "Reading your file" if settings.view.source == "file" else "Training it, with a recorder attached"
    st.info(f"{what} … ({so_far(answer)})", icon=":material/hourglass_top:")


head(PAGE)
live_part(PAGE, controls, look)
with st.container(horizontal=True):
    reset(PAGE)
    carry(PAGE)
with st.expander("Why these rules, and what they can not tell"):
    st.markdown(TEXTS.why)
