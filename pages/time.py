"""Time: gradient norm against time step, with the matrix's radius and gain in hand."""

import streamlit as st

from core import Experiment, Noise, Recurrent
from pages.charts.profile import Axes
from pages.exhibits import EXHIBITS
from pages.frame.guess import guessed
from pages.frame.live import lab
from pages.frame.page import Page, head
from pages.frame.profile_picture import picture
from pages.frame.ranges import RANGES, ProfileView
from pages.frame.settings import Settings
from pages.glossary.linking import linked
from pages.questions.topic import topic
from pages.results.profiles import profile_of
from pages.share.row import actions

SEEDS = 5  # random starts in the band


PAGE = Page(
    "time",
    "How far back in time can a recurrent network learn?",
    "The same matrix is used at every step, so the signal is multiplied by it again and again. **Move the spectral radius "
    "past 1** and see whether that is really where vanishing ends.",
    Experiment(network=Recurrent(radius=1.0), task=Noise(length=60)),
    ProfileView(axis="near"),
    sources=(
        "Pascanu, Mikolov, Bengio 2013, On the difficulty of training recurrent neural networks",
        "Gers, Schmidhuber, Cummins 2000, Learning to forget",
        "Jozefowicz, Zaremba, Sutskever 2015, An empirical exploration of recurrent network architectures",
        "Vogt et al. 2020, On Lyapunov exponents for RNNs",
        "Engelken, Wolf, Abbott 2023, Lyapunov spectra of chaotic recurrent neural networks",
    ),
)


def controls(settings: Settings) -> None:
    """At most five in view, the rest folded."""
    settings.control("cell")
    left, right = st.columns(2)
    with left:
        settings.control("radius", high=2.0)
        settings.control("length", high=200)
    with right:
        settings.control("initialiser")
        if settings.parts(Recurrent, Noise)[0].entry.forget is not None:
            settings.control("forget_bias")
    settings.folded("gain", "hidden", "layers", "inputs", "sigma", "seed", "axis", "guess")


def look(settings: Settings) -> None:
    """The curves, and what can be done with them."""
    network, task = settings.parts(Recurrent, Noise)
    label = network.entry.label
    profile = profile_of(settings.experiment, SEEDS)
    question = f"How much of the signal is left {task.length - 1} steps back, in the {label}?"
    if guessed(settings, question, profile.relative[0] if profile else None):
        span = RANGES[settings.view.axis]
        back = next(size for size in (75, 150, 400) if task.length <= size)
        picture(settings, label, Axes(back, span.floor, span.top, "steps"), SEEDS)


WHY = """
For a plain RNN $h_t = \\tanh(W h_{t-1} + U x_t + b)$ one step back multiplies the gradient by
$W^\\top \\mathrm{diag}(1-h_t^2)$: the recurrent matrix, and the slope of tanh where the units happen to be.

- **Spectral radius** $\\rho$ (the largest absolute eigenvalue) says what many multiplications by $W$ *alone* do in the end.
- **Largest singular value** $\\sigma_1$ says what one multiplication can do at most. $\\sigma_1\\gamma<1$ with
  $\\gamma=\\sup\\varphi'$ is enough for vanishing (Pascanu et al. 2013). “Largest eigenvalue below 1” is not: with a saturated
  unit the product is another matrix, whose eigenvalues may be larger.
- The **slopes** take the rest: with $\\rho$ a little above 1 a tanh network may still vanish, since its units saturate.

The measured curve averages squares over 32 sequences, so that the strongest count most. What predicts it is the
**generalised Lyapunov exponent** of order 2, the growth of a nudge's mean square (for the typical nudge see Vogt et al. 2020;
Engelken et al. 2023): the dashed grey line, estimated from other inputs. Near the edge of chaos a typical sequence decays faster.

GRU and LSTM at PyTorch's defaults vanish almost as fast as tanh. What makes an LSTM remember is its **forget bias**
(Gers et al. 2000; Jozefowicz et al. 2015): a step back keeps at least about σ(b) of the cell state. (This page starts
with ρ = 1; set it to 0 for PyTorch's own.)
        """

if not topic("time", EXHIBITS, explore=True):
    head(PAGE)
    lab(PAGE, controls, look)
    actions(PAGE)
    with st.expander("Why does this happen?"):
        st.markdown(linked(WHY))
