"""Yours: what happens in a network of the visitor's own, from a recorder's file or from a pasted list of layers."""

from dataclasses import dataclass, replace

import streamlit as st

from core import Blobs, Experiment, FeedForward, Training
from core.diagnosis import QUANTITIES
from core.examination import examine_list
from core.execution.jobs import Answer
from core.fields import choice, whole
from core.layer_list.examples import EXAMPLES
from core.layer_list.kinds import KINDS
from core.layer_list.plan import listing
from core.registry import Named, registry
from pages.exhibits import EXHIBITS
from pages.ui import brought
from pages.ui.diagnosis import Link
from pages.ui.examined import show
from pages.ui.jobs import jobs, student
from pages.ui.lab import lab
from pages.ui.page import Page, View, head
from pages.ui.settings import Settings
from pages.ui.wording import plain

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
    shown: str = choice("signal", QUANTITIES, "Draw")


PAGE = Page(
    "yours",
    "What happens in your own network?",
    "Attach a recorder to a training and look at what it wrote down. **Watch how much of the signal reaches the first layers, "
    "and whether that changes while the network learns.**",
    Experiment(network=FeedForward(), task=Blobs(), training=Training(learning_rate=3e-3, clip=0.0, steps=200)),
    YoursView(),
    scripted=False,
)
ROWS = {  # ailment → the question whose experiment shows it
    "nonfinite": "b2",
    "exploding": "c6",
    "exploding_time": "c3",
    "dead": "c5",
    "saturated": "c5",
    "vanishing": "a4",
    "vanishing_time": "a1",
    "wild": "b2",
    "still": "a4",
    "clipped": "e6",
}
ELSEWHERE: dict[str, Link] = {
    "exploding": (
        "pages/depth.py",
        "Make a deep network explode",
        {"initialiser": "normal", "sigma": "1", "axis": "up"},
    ),
    "exploding_time": ("pages/time.py", "Make a recurrent network explode", {"radius": "1.5"}),
    "vanishing": (
        "pages/depth.py",
        "Change one part of a deep network at a time",
        {"activation": "sigmoid", "depth": "20"},
    ),
    "vanishing_time": ("pages/time.py", "See how cell and forget bias change the rate", {"cell": "lstm"}),
}


def links() -> dict[str, Link]:
    """For each ailment the experiment that shows it."""
    rows = {ailment: EXHIBITS[row] for ailment, row in ROWS.items() if row in EXHIBITS}
    return ELSEWHERE | {
        ailment: (f"pages/{each.topic}.py", f"See it in an experiment: {each.question}", {"row": each.row})
        for ailment, each in rows.items()
    }


def controls(settings: Settings) -> None:
    """Where the recording comes from, and what of it is drawn."""
    settings.control("source")
    view = settings.view
    if view.source == "example":
        settings.control("example")
        st.button("Change it", icon=":material/edit:", key="yours-edit", on_click=_edit)
    elif view.source == "list":
        _list(settings)
    else:
        brought.upload()
        st.page_link("pages/attach.py", label="How to attach the recorder to your training", icon=":material/cable:")
    settings.control("shown")
    settings.folded(*(("clip", "steps", "batch", "span", "seed") if view.source == "list" else ()), "guess")


def _list(settings: Settings) -> None:
    """The text, and how it is trained."""
    key, text = "yours-layers", settings.view.layers
    if key not in st.session_state:
        st.session_state[key] = text
    st.text_area("Layers, or the text of print(model)", key=key, height=190, help=_language())
    left, right = st.columns([3, 1], vertical_alignment="bottom")
    with left:
        settings.control("optimiser")
    with right:
        settings.control("learning_rate")
    st.button("Train it", icon=":material/play_arrow:", key="yours-go")


def _language() -> str:
    """All that can be written."""
    words = "\n".join(f"- `{kind.label}`: {kind.lesson}" for kind in KINDS.values())
    return (
        f"{words}\n- `repeat 8 {{ … }}`: eight times the same, each with weights of its own\n- `init he`: how all matrices start"
        "\n\nOr paste what `print(model)` says, or `nn.Sequential(nn.Linear(16, 64), …)`. The text is read, never run."
    )


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
        return brought.answer()
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
        if settings.view.source == "example":
            st.caption(EXAMPLES[settings.view.example].lesson)
        show(settings, answer.value, links())


def waiting(settings: Settings) -> None:
    """Says what is going on, and draws the page anew when it is done."""
    answer = asked(settings)
    if answer is None or answer.finished:
        st.rerun()
    what = "Reading your file" if settings.view.source == "file" else "Training it, with a recorder attached"
    st.info(f"{what} … ({answer.since:.0f} s)", icon=":material/hourglass_top:")


head(PAGE)
lab(PAGE, controls, look)
