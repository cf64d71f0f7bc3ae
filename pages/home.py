"""Home: the France sentence, and what of the learning signal reaches its words."""

import streamlit as st

from core import Experiment, France, GradientProfile, Recurrent
from core.parts.cells import CELLS
from core.tasks.language import COUNTRIES
from pages.charts.profile import Axes
from pages.charts.sentence import scale, sentence
from pages.frame.guess import guessed
from pages.frame.in_view import keep
from pages.frame.live import lab
from pages.frame.page import Page, head
from pages.frame.profile_picture import picture
from pages.frame.rivals import with_cell
from pages.frame.settings import Settings
from pages.glossary.linking import linked
from pages.results.profiles import profile_of
from pages.share.row import actions

PAGE = Page(
    "home",
    "Why does the network forget France?",
    "A network reads this sentence word by word and must say the last word. Learning means sending a signal back "
    "from there to the word that decides. **Watch how much of it arrives** – the discs under the words.",
    Experiment(network=Recurrent(embedding=8)),
    sources=(
        "Hochreiter 1991, Untersuchungen zu dynamischen neuronalen Netzen",
        "Bengio, Simard, Frasconi 1994, Learning long-term dependencies with gradient descent is difficult",
        "Jozefowicz, Zaremba, Sutskever 2015, An empirical exploration of recurrent network architectures",
    ),
)
CELLS_SHOWN = ("tanh", "gru", "lstm")


def controls(settings: Settings) -> None:
    """At most five in view, the rest folded."""
    left, right = st.columns([3, 2], vertical_alignment="bottom")
    with left:
        settings.control("cell")
    with right:
        settings.control("gap", high=40)
    settings.folded("forget_bias", "initialiser", "hidden", "layers", "fillers", "embedding", "seed", "guess")


def look(settings: Settings) -> None:
    """The sentence with its discs, the curves, and where to go from here."""
    experiment = settings.experiment
    network, task = settings.parts(Recurrent, France)
    profile = profile_of(experiment)
    label = network.entry.label
    question = f"How much of the signal reaches *France*, {task.gap + 2} words back, in the {label}?"
    if not guessed(settings, question, profile.relative[profile.cue or 0] if profile else None):
        return
    rivals = [
        (CELLS[cell].label, other)
        for cell in CELLS_SHOWN
        if cell != network.cell
        for other in with_cell(experiment, cell)
    ]
    picture(settings, label, Axes(46 if task.gap <= 40 else 206, -12, 2, "words"), 1, rivals, above=discs)


def discs(profile: GradientProfile) -> None:
    """What reaches each word, under the words."""
    words = sentence(profile, COUNTRIES["France"] + "?") + scale()
    st.html(words)
    keep(words, "home-words", html=True)


head(PAGE)
lab(PAGE, controls, look)
actions(PAGE)
if st.button("Train it: can it learn the answer?", icon=":material/play_arrow:", key="home-train"):
    here = Settings(PAGE)
    network, task = here.parts(Recurrent, France)
    wish = {name: text for name, text in here.query().items() if name != "guess"}
    wish |= {"cell": network.cell, "gap": str(task.gap), "embedding": str(network.embedding), "train": "1"}
    wish |= {"versus": "lstm" if network.cell == "tanh" else "tanh"}
    st.switch_page("pages/sentences.py", query_params=wish)
WHY = """
The network carries what it has read in a state $h_t$. The error at the end, $L$, tells each earlier state how it should
have been different: $\\partial L/\\partial h_t$. To get there it passes every word in between,

$$\\frac{\\partial L}{\\partial h_t} = \\Big(\\prod_{k=t}^{T-1} \\frac{\\partial h_{k+1}}{\\partial h_k}\\Big)^{\\!\\top}
\\frac{\\partial L}{\\partial h_T}$$

and each factor of that product is a matrix that, at the usual starting weights, shortens most vectors that come through
it. A number well below 1 multiplied by itself 24 times is very small: .55²⁴ is a millionth. (Hochreiter 1991; Bengio,
Simard, Frasconi 1994.)

**What the picture shows.** Each point is the length of $\\partial L/\\partial h_t$ over 32 such sentences, divided by its
length at the last word. It is computed by backpropagation in float64 with the logarithm kept apart, so it never reads 0
by accident. The dashed grey line is what the generalised Lyapunov exponent of the same network predicts from
other sentences.

**What it does not show.** A gradient that arrives is not yet a task that is learned; *Sentences* trains the network.
And an LSTM is not safe by name: move its forget bias to 0 and look again (Jozefowicz et al. 2015).
"""
with st.expander("Why does this happen?"):
    st.markdown(linked(WHY))
