"""The gradients are exact. So why is a small gradient a problem? Rows A1 to A3; A4 to A6 are in ``paralysis``."""

from collections.abc import Sequence

import numpy as np

from core import Experiment, held_out
from core.instruments.influence import Influence, influence
from core.shown.matters import Exact, exactness, fan
from core.wording import LN10, number, scientific
from pages.charts.lines import Axis, Line, Mark, chart, frame
from pages.charts.palette import THEORY, colour
from pages.charts.profile import Axes
from pages.exhibits import profiles
from pages.frame.profile_picture import main
from pages.frame.question_page import Exhibit, Picture, Pinned, gated, heavy

BACK = Axis("← further back · words back from the blank", 0, 50, reverse=True)
CHANGE = Axis("change of the answer's loss", -12, 2, decades=True)
NORM = Axis("‖∂L/∂h‖", -60, 2, decades=True)
ERROR = Axis("relative error", -18, 2, decades=True)
FAR = Axis("← further back · words back from the blank", 0, 210, reverse=True)


def _a2_pictures(experiment: Experiment, seen: Exact, _pins: Sequence[Pinned]) -> list[Picture]:
    own = colour(main(experiment))
    lag = seen.profile.lag
    marks = [
        Mark(float(steps), f"{name} reads 0", THEORY)
        for name, steps in zip(seen.ends.dtypes, seen.ends.gradient, strict=True)
        if steps <= FAR.high
    ]
    norms = Line("‖∂L/∂h‖ in float64", lag, seen.profile.log_norm / LN10, own, places=seen.profile.words)
    back = np.arange(len(seen.check.position))[::-1]
    with np.errstate(divide="ignore"):
        errors = [
            Line("product of finite-difference Jacobians", back, np.log10(seen.check.jacobians), own),
            Line("finite differences of the loss (step 10⁻⁶)", back, np.log10(seen.check.usual), kind="theory"),
        ]
    return [
        Picture(
            chart,
            (FAR, NORM),
            frame([norms], FAR, NORM, marks),
            "Line chart: gradient norm by word, and where number formats read 0.",
            "How small it gets, and where each number format gives up",
        ),
        Picture(
            chart,
            (FAR, ERROR),
            frame(errors, FAR, ERROR, corner="bottom left"),
            "Line chart: relative difference between backpropagation and finite differences, by word.",
            "How exact it is: backpropagation against finite differences",
        ),
    ]


def _a2_said(_experiment: Experiment, seen: Exact) -> str:
    worst, size = float(np.nanmax(seen.check.jacobians)), float(seen.profile.log_norm.min())
    ends = dict(zip(seen.ends.dtypes, seen.ends.gradient, strict=True))
    said = ", ".join(
        f"{name} after {steps:.0f} words" if np.isfinite(steps) else f"{name} never" for name, steps in ends.items()
    )
    return (
        f"Backpropagation is right to **{number(worst)}** even where the gradient is only **{scientific(size)}**. But numbers "
        f"end: {said} back the computed gradient is exactly 0."
    )


def _a3_pictures(experiment: Experiment, seen: Influence, _pins: Sequence[Pinned]) -> list[Picture]:
    batch = held_out(experiment, 1)
    lag = len(batch.words) - 1 - seen.position
    with np.errstate(divide="ignore"):
        real, foretold = np.log10(seen.size), np.log10(seen.forecast)
    lines = [
        Line("measured: another word put there", lag, real, colour(main(experiment)), places=batch.words),
        Line("foretold by the gradient", lag, foretold, kind="theory", places=batch.words),
    ]
    marks = [Mark(float(lag[batch.cue]), batch.words[batch.cue])] if batch.cue is not None else []
    said = "Line chart: how much the answer changes when one word is replaced, against what the gradient foretells."
    return [Picture(chart, (BACK, CHANGE), frame(lines, BACK, CHANGE, marks, "bottom right"), said)]


def _a3_said(experiment: Experiment, seen: Influence) -> str:
    cue = held_out(experiment, 1).cue or 0
    gradient = scientific(float(seen.log_gradient[cue] - np.nanmax(seen.log_gradient)))
    change = scientific(float(np.log(seen.size[cue]))) if seen.size[cue] > 0 else "0"
    return (
        f"Another country makes another answer right in **{seen.decides:.0%}** of the sentences. Yet the gradient there is "
        f"**{gradient}** of the largest, and the untrained network's loss would change by {change}: to the *network* the word "
        "does not matter yet. To the *task* it decides everything."
    )


MATTERS = (
    Exhibit(
        "a1",
        "time",
        "Does the learning signal really tend to zero on its way back?",
        "Every step back multiplies the signal by a factor. **Watch whether the curve is a straight line**, and how steep: on "
        "this axis, straight means that each step takes the same share.",
        ("cell", "length"),
        fan,
        profiles.pictures(Axes(150, -35, 7, "steps")),
        profiles.said,
        {
            "ReLU from the identity": {"cell": "relu", "initialiser": "identity"},
            "LSTM with forget bias 3": {"cell": "lstm", "forget_bias": 3.0},
            "Only 6 steps": {"length": 6},
        },
        """
For a recurrent network the chain rule gives $\\partial L/\\partial h_t = \\big(\\prod_{k=t}^{T-1} J_k\\big)^\\top \\partial L/
\\partial h_T$ with $J_k = \\partial h_{k+1}/\\partial h_k$. If most factors shrink most vectors, the
product falls exponentially: a straight line on a log axis. The slope is a Lyapunov exponent of the network (dashed: theory's
value for the same network). (Hochreiter 1991; Bengio, Simard & Frasconi 1994; Pascanu et al. 2013.)

**The caveat.** “Many factors below 1” is neither necessary nor sufficient for single factors: what counts is their mean
logarithm. And it is a statement about this cell and these weights, not about all recurrent networks: “Overturn it”.
        """,
        more=("initialiser", "gain", "radius", "hidden", "forget_bias"),
        highs={"length": 150},
        slow=gated,
        pins=True,
    ),
    Exhibit(
        "a2",
        "matters",
        "If backpropagation is exact, what could be wrong?",
        "Backpropagation is checked against finite differences at every word. **Watch both pictures**: how small the gradient "
        "gets, and how large the error.",
        ("cell", "gap"),
        exactness,
        _a2_pictures,
        _a2_said,
        {
            "160 words in between": {"gap": 160},
            "No words in between": {"gap": 0},
            "LSTM with forget bias 3": {"cell": "lstm", "forget_bias": 3.0},
        },
        """
**The check.** A finite difference of the *loss* proves nothing below about $10^{-8}$: the loss changes in digits that float64
does not have. So each step's Jacobian is differenced by itself, and the product of these is compared with backpropagation. For
one network the same gradient is worked out with 80 digits, too (the verdict below).

**Exact is not useful.** The gradient is the slope for an infinitely small step. A slope of $10^{-14}$ is true, and
drowned by the noise of the next batch. And the number formats end: float16, in which large networks are trained, after some
twenty steps.
        """,
        more=("hidden", "forget_bias", "initialiser"),
        highs={"gap": 100},
        slow=True,
    ),
    Exhibit(
        "a3",
        "matters",
        "Does a tiny gradient mean that the word does not matter?",
        "Each word is replaced by another that could stand there. **Watch the deciding word**: what does it change, and what "
        "did its gradient say?",
        ("cell", "gap"),
        influence,
        _a3_pictures,
        _a3_said,
        {"LSTM with forget bias 3": {"cell": "lstm", "forget_bias": 3.0}, "No words in between": {"gap": 0}},
        """
**Two questions hide in one.** The gradient $\\partial L/\\partial x_t$ says how the loss would change if the word's vector were
nudged, *in the network as it is*. What the word is worth *to the task* is another matter: replace it, and another answer is
right. The claim takes the first for the second.

Measured is the mean change of the loss when the word is replaced by each other word that the task puts there; the dashed line
is what the gradient foretells, $|\\partial L/\\partial x_t \\cdot (x' - x)|$. That they agree shows that backpropagation is
right about the network. That both are tiny at the word that decides shows why learning fails: the weights are told almost
nothing about it. (Bengio, Simard & Frasconi 1994. Replacing values by the data's own: Breiman 2001.)
        """,
        more=("forget_bias", "initialiser", "hidden", "embedding"),
        highs={"gap": 40},
        slow=heavy,
    ),
)
