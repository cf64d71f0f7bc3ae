"""Attach: how to record one's own training, what that writes down, what it costs, and how to load it here."""

from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from core import Blobs, Experiment, FeedForward
from core.fields import choice, whole
from core.recording import KINDS
from core.registry import Named, registry
from pages.charts.cost import COSTS, chart, frame
from pages.frame.draw import draw
from pages.frame.in_view import tell
from pages.frame.live import lab
from pages.frame.page import Page, View, head
from pages.frame.settings import Settings
from pages.frame.table import numbers
from pages.share.row import carry, reset

SNIPPETS = Path(__file__).parent / "snippets"
LOOPS = registry(
    Named("loop", "A plain loop", "Three lines around the loop that you have."),
    Named("callback", "A callback (Lightning)", "With Lightning's hooks; nothing to install."),
    Named("hugging_face", "Hugging Face Trainer", "A callback for the Trainer of transformers."),
    Named("lstm", "nn.LSTM", "The signal at each time step of a recurrent layer."),
)
KINDS_PER_LAYER, KINDS_PER_TIME = 5, 2  # output, gradient, seen, update, weight; input, state
ROW, FILE = 11, 4000  # bytes of a row in a Parquet file, about, and of the rest of the file
LIMIT = 1_000_000  # bytes that can be loaded here


@dataclass(frozen=True)
class AttachView(View):
    """Which loop, and how much is to be recorded."""

    loop: str = choice("loop", LOOPS, "Your training is")
    every: int = whole(10, 1, 10_000, "Record every … steps")
    updates: int = whole(2000, 10, 1_000_000, "Training steps in all", step=100)
    recorded: int = whole(12, 1, 10_000, "Layers recorded")
    span: int = whole(0, 0, 10_000, "Time steps of recurrent layers", "0: there are none.", step=10)


PAGE = Page(
    "attach",
    "How do I see this in my own training?",
    "The recorder hooks into any `nn.Module` in your own loop; it changes no number of the training. **Three lines are enough: "
    "a `with`, a `step`, a `save`.**",
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
    script = snippet(view.loop, view.every)
    st.code(excerpt(script), language="python")
    with st.expander("The whole script"):
        st.code(script, language="python")
    with st.container(horizontal=True, vertical_alignment="center"):
        st.download_button(
            "The script",
            script,
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


def snippet(loop: str, every: int) -> str:
    """A script that runs as it is, recording every so many steps."""
    text = (SNIPPETS / f"{loop}.py").read_text(encoding="utf-8")
    return text.replace("every=10", f"every={every}").replace("every: int = 10", f"every: int = {every}")


def excerpt(script: str) -> str:
    """What is about the recorder: from where it is made to where it saves, or the whole class that does both."""
    begin, end = ("\nclass Record", "\n\n\n") if "\nclass Record" in script else ("\nwith core.", "\n\n")
    imports = [line for line in script.splitlines() if line.startswith(("import core", "from transformers"))]
    return "\n".join([*imports, begin]) + script.partition(begin)[2].partition(end)[0]


def size(view: AttachView) -> tuple[int, int, int]:
    """Recorded steps, rows, and bytes as Parquet, about."""
    steps = -(-view.updates // view.every)
    rows = steps * ((view.recorded + 1) * KINDS_PER_LAYER + KINDS_PER_TIME * view.span)
    return steps, rows, FILE + ROW * rows


def said(view: AttachView) -> str:
    """How large it gets, whether it can be loaded here, and how much longer the training takes."""
    steps, rows, file = size(view)
    fits = (
        "That fits here (1 MB)."
        if file <= LIMIT
        else "**That is more than the 1 MB that can be loaded here**: record less often."
    )
    if rows > 1_000_000:
        fits = (
            "**A recording holds a million rows at most**, then it stops, and the training goes on: record less often."
        )
    spans = [cost.tenth if view.every >= 10 else cost.each for cost in COSTS]
    low, high = (pick(span[i] for span in spans if span) for i, pick in ((0, min), (1, max)))
    between = "less than" if 1 < view.every < 10 else "about"
    return (
        f"Every **{view.every}** of {view.updates:,} steps: **{steps:,} recorded steps**, about {rows:,} rows, "
        f"{file / 1e6:.2g} MB as Parquet. {fits} A step takes {between} {low:.2f} to {high:.2f} times as long in these networks."
    )


head(PAGE)
lab(PAGE, controls, look)
with st.container(horizontal=True):
    reset(PAGE)
    carry(PAGE)
with st.expander("What is recorded"):
    st.table(
        {"what": [kind.label for kind in KINDS.values()], "what it tells": [kind.lesson for kind in KINDS.values()]}
    )
    st.markdown(
        """
Norms are natural logarithms, so entries of 10⁻²⁵ do not underflow when squared. Recorded as well: the share of exact zeros, the
number of NaN and ∞, and the loss. NaN and ∞ are looked for at *every* step, recorded or not, and the first is named with its
module: `print(*recorder.findings, sep="\\\\n")`.
        """
    )
with st.expander("What it needs, and when to give it more"):
    st.markdown(
        """
- **To install:** copy the folder `core` of this project beside your script. It needs `torch` and `numpy`; saving as `*.parquet`
  needs `pyarrow`, as `*.json` nothing.
- **Which layers:** by itself it takes the blocks that a deep network repeats, every other module with weights, and the whole
  model. Otherwise `layers="encoder.*"`, a list of such patterns, or `layers="*"` for every module: then activations are recorded
  as well, and saturation can be diagnosed.
- **Clipping:** give it the optimiser, as above, and it records the gradient before and after.
- **Mixed precision:** give it `scaler=`, and call `recorder.step()` at the end of each iteration.
- **Fused recurrent layers:** the gradient at an LSTM's output sequence is only what comes from above. What has come through
  all later time steps is recorded at its *input*.
- **Gradient accumulation** and **checkpointing** work. Not tried: graphics cards, `torch.compile`, models split over processes.
        """
    )
