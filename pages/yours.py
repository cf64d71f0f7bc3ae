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
from pages.frame.live import lab
from pages.frame.page import Page, View, head
from pages.frame.phrases import plain
from pages.frame.settings import Settings
from pages.own import upload as brought
from pages.own.examined import show
from pages.own.layer_editor import editor
from pages.own.links import links
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


PAGE = Page(
    "yours",
    "What happens in your own network?",
    "Attach a recorder to a training and look at what it wrote down. **Watch how much of the signal reaches the first layers, "
    "and whether that changes while the network learns.**",
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
        brought.upload()
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
lab(PAGE, controls, look)
with st.container(horizontal=True):
    reset(PAGE)
    carry(PAGE)
with st.expander("Why these rules, and what they can not tell"):
    st.markdown(
        """
**The signal, not the weights' gradient.** The picture begins with $\\partial L/\\partial h$ at each layer's output: what the
loss tells that layer. The gradient of its *weights* multiplies this with the size of what comes in, and can look healthy
where the signal is dead: with tanh and weights of $\\mathcal N(0, .01^2)$, the signal falls by 47 decades over 50 layers,
while the weights' gradients of first and last layer are equally small.

**Where the thresholds come from.** A thousandth of the signal lies in the middle of what was tried here: of 47 networks, nearly
all learned that got more than 10^−1.7 of it to the word that decides, and none that got less than 10⁻⁴. A step of 10⁻³ of
the weights is a common rule of thumb. Saturation is measured as by Glorot & Bengio (2010); clipping against explosions
through time is from Pascanu, Mikolov & Bengio (2013). The other numbers are round ones that healthy networks keep away from.

**What can not be told from a recording.** Whether the task needs what has vanished: a network for short memories may well
forget. Whether a signal that arrives is enough: it is necessary, not sufficient. The order of layers is that of the forward
pass; where branches run side by side, “the first” is the one that was called first. Layers of different shapes are compared
by their whole length, so a mean over many pixels counts as a small loss. Recorded are the layers that the recorder
chose, at every so many steps; NaN and ∞ are looked for at every step.

**The toy tasks** are there to make a gradient flow, not to judge an architecture: points in clouds, noisy waves, sequences
whose first element decides. A list that learns them may still fail at yours.

**Your file** is read by a worker, shown to you alone, kept in memory for this visit and written nowhere. The address of this
page does not contain it; a list of layers it does.
        """
    )
