"""Depth: gradient norm against layer, for a feed-forward network with every part replaceable."""

import streamlit as st

from core import Blobs, Experiment, FeedForward
from core.parts.activations import ACTIVATIONS
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
    "depth",
    "Why do the first layers of a deep network learn so little?",
    "Every layer multiplies the learning signal on its way back to the input. **Change one part and watch the slope**: "
    "a straight line down means that each layer takes the same share.",
    Experiment(network=FeedForward(), task=Blobs()),
    ProfileView(),
    sources=(
        "Glorot, Bengio 2010, Understanding the difficulty of training deep feedforward neural networks",
        "He, Zhang, Ren, Sun 2015, Delving deep into rectifiers",
        "Schoenholz, Gilmer, Ganguli, Sohl-Dickstein 2017, Deep information propagation",
        "Yang et al. 2019, A mean field theory of batch normalization",
    ),
)


def controls(settings: Settings) -> None:
    """At most five in view, the rest folded."""
    settings.control("activation")
    left, right = st.columns(2)
    with left:
        settings.control("initialiser")
    with right:
        settings.control("normalisation")
    left, right = st.columns(2, vertical_alignment="center")
    with left:
        settings.control("depth", high=100)
    with right:
        settings.control("skip")
    settings.folded("gain", "sigma", "bias_std", "width", "inputs", "spread", "seed", "axis", "guess")


def look(settings: Settings) -> None:
    """The curves, and what can be done with them."""
    network, _ = settings.parts(FeedForward, Blobs)
    profile = profile_of(settings.experiment, SEEDS)
    share = profile.relative[0] if profile else None
    if guessed(settings, f"How much of the signal reaches layer 1 of {network.depth}?", share):
        span = RANGES[settings.view.axis]
        back = next(size for size in (50, 100, 200) if network.depth <= size)
        picture(
            settings,
            f"{ACTIVATIONS[network.activation].label} network",
            Axes(back, span.floor, span.top, "layers"),
            SEEDS,
        )


WHY = """
A layer computes $h_l = \\varphi(W_l h_{l-1} + b_l)$. On the way back the gradient is multiplied by $W_l^\\top$ and by the
slope of the activation at each unit, so its mean square changes by a factor

$$\\chi = \\sigma_w^2\\, \\mathbb{E}\\big[\\varphi'(\\sqrt{q}\\,z)^2\\big],\\qquad z\\sim\\mathcal N(0,1)$$

per layer, where $\\sigma_w^2$ is the width times the weights' variance and $q$ the variance of the pre-activations
(Schoenholz et al. 2017). The dashed grey line is that, iterated from the data layer by layer. If $\\chi<1$ the
gradient vanishes exponentially; if $\\chi>1$ it explodes; Xavier (Glorot & Bengio 2010) and He (He et al. 2015) choose
$\\sigma_w^2$ so that $\\chi\\approx 1$ for tanh and ReLU. Sigmoid's slope is at most ¼, so neither Xavier, He nor
orthogonal saves it.

**Normalisation** makes $\\chi$ independent of the weights' scale. With ReLU, GELU or tanh, BatchNorm then explodes slowly
(Yang et al. 2019).
**Residual connections** turn $\\chi$ into $1+\\chi$: the signal can only grow, and without normalisation it does, even
faster, because it picks up the size of the activations as well (docs/science.md).

**What it shows** is the norm of $\\partial L/\\partial h$ *before* training. Gradients of *weights* mix this with the
size of the activations and can look healthy while the signal is dead.
        """

if not topic("depth", EXHIBITS, explore=True):
    head(PAGE)
    lab(PAGE, controls, look)
    actions(PAGE)
    with st.expander("Why does this happen?"):
        st.markdown(linked(WHY))
