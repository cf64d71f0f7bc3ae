"""Does the vanishing gradient in RNNs exist at all? Rows E1 and E2."""

from collections.abc import Sequence

import numpy as np

from core import Experiment
from core.claims.measures import right
from core.shown.matters import fan
from core.shown.races import Opening, opening
from core.wording import LN10, scientific
from pages.charts.lines import Axis, Line, chart, frame
from pages.charts.profile import Axes
from pages.exhibits import profiles
from pages.frame.question_page import Exhibit, Picture, Pinned

STEPS = Axis("training step", 0, 1000)
SHARE = Axis("share at the deciding word", -14, 2, decades=True)
RIGHT = Axis("share of answers right", 0, 1.05, format="%")
FACTORS = Axis("factor", 0, 4)


def _e2_pictures(_experiment: Experiment, seen: Opening, _pins: Sequence[Pinned]) -> list[Picture]:
    share = Line("signal at the deciding word", seen.steps, seen.reach / LN10, "#D55E00")
    right = Line("accuracy", seen.steps, seen.accuracy, "#12936B")
    factors = [
        Line("spectral radius ρ", seen.steps, seen.radius, "#7A6BC4"),
        Line("signal, per word back", seen.steps, np.exp(seen.slope), "#2F83C5"),
        Line("1: neither vanishes nor explodes", [0, 1000], [1, 1], kind="theory"),
    ]
    return [
        Picture(
            chart,
            (STEPS, SHARE),
            frame([share], STEPS, SHARE),
            "Line chart: share of the signal that reaches the deciding word, over training.",
            "How much of the signal arrives",
        ),
        Picture(
            chart,
            (STEPS, RIGHT, 240),
            frame([right], STEPS, RIGHT),
            "Line chart: share of answers right, over training.",
            "What is learned",
        ),
        Picture(
            chart,
            (STEPS, FACTORS),
            frame(factors, STEPS, FACTORS, corner="top right"),
            "Line chart: spectral radius of the recurrent matrix, and factor of the signal per word back, over training.",
            "The matrix, and what a step back multiplies by",
        ),
    ]


def _e2_said(_experiment: Experiment, seen: Opening) -> str:
    best = int(np.argmax(seen.reach))
    start, top, end = (float(seen.reach[at]) for at in (0, best, -1))
    return (
        f"Before training **{_arrives(start)}** arrives at the deciding word, at step {seen.steps[best]} **{_arrives(top)}**, at "
        f"the end {_arrives(end)}. ρ goes from {seen.radius[0]:.2f} to {seen.radius[-1]:.2f}; in the end "
        f"{right(float(seen.accuracy[-1]))} are right."
    )


def _arrives(log: float) -> str:
    """e^log as a share of the last step's signal, or as its multiple: a share of 41 is no share."""
    return f"{scientific(log)} of the signal" if log <= 0 else f"{scientific(log)} times the last step's"


PAPERS = (
    Exhibit(
        "e1",
        "exists",
        "Hochreiter, Bengio, Pascanu: were they right?",
        "The gradient of a plain RNN on its way back to *France*. **The verdict below reproduces each paper's central "
        "claim**, with its "
        "number.",
        ("cell", "gap", "initialiser"),
        fan,
        profiles.pictures(Axes(60, -35, 7, "words")),
        profiles.said,
        {
            "Orthogonal, gain 1.3": {"initialiser": "orthogonal", "gain": 1.3},
            "ReLU from the identity": {"cell": "relu", "initialiser": "identity"},
            "LSTM with forget bias 3": {"cell": "lstm", "forget_bias": 3.0},
        },
        """
**Hochreiter 1991** (and 1998): with logistic units and |w| < 4 each step back shrinks the error; a larger learning rate
leaves the ratio
of long to short paths as it is. **Bengio, Simard & Frasconi 1994**: holding a bit safely needs a map that contracts, and
then the gradient
vanishes: a trade-off. **Hochreiter et al. 2001**: the decay formula. **Pascanu, Mikolov & Bengio 2013**: σ₁γ < 1 suffices
for vanishing.
Each is measured by networks of its own in the verdict; its numbers are listed there.
        """,
        more=("gain", "hidden", "forget_bias"),
        highs={"gap": 50},
        pins=True,
    ),
    Exhibit(
        "e2",
        "exists",
        "Can a simple RNN open its own path?",
        "A plain RNN with small weights is trained, and looked at on the way. **Watch whether the signal rises before the "
        "accuracy does.**",
        ("gap", "initialiser", "gain", "steps"),
        opening,
        _e2_pictures,
        _e2_said,
        {
            "20 words in between": {"gap": 20},
            "Orthogonal, gain 1.35": {"initialiser": "orthogonal", "gain": 1.35, "gap": 20},
        },
        """
Schäfer, Udluft & Zimmermann (2006, 2008) trained RNNs with shared weights over 100 steps and held that the vanishing
gradient “does not
exist” for them. In their spirit (their own task's details were not found): with ten words in between training raises ρ above
1 and the
slope to about 0, the path opens, and the task is learned. From another start, or with twenty words, it never opens: nothing
tells the
weights in which direction to grow. So both are right: the gradient vanishes, *and* training may undo it while the way is short.
        """,
        more=("learning_rate", "hidden", "clip"),
        highs={"gap": 40, "steps": 1000},
        slow=True,
    ),
)
