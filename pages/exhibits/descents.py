"""What is gradient descent doing? The step, and the step of a vanished gradient: rows B1 and B6."""

from collections.abc import Mapping, Sequence

import numpy as np

from core import Experiment
from core.judgement.curves import CURVES
from core.shown.mechanics import Ball, ball, steps_needed
from core.wording import number
from pages.charts.lines import Axis, Line, Mark, chart, frame
from pages.charts.palette import ACCENT
from pages.ui.entry import Exhibit, Picture, Pinned

WEIGHT = Axis("the weight w", -6, 6)
LOSS = Axis("loss L = w²/2", 0, 24)
DECADES = Axis("the gradient is scaled down by 10⁻ᵏ, k =", 0, 3.2)
STEPS = Axis("steps until it has arrived", 0, 6, decades=True)
COLOURS = ("#C8443A", "#2F83C5", "#12936B", "#B07A10")


def _b1_pictures(_experiment: Experiment, seen: Ball, _pins: Sequence[Pinned]) -> list[Picture]:
    w = np.linspace(WEIGHT.low, WEIGHT.high, 121)
    places = [
        f"step {i}: w = {at:.3g}, slope {slope:.3g}"
        for i, (at, slope) in enumerate(zip(seen.path.w, seen.path.gradient, strict=True))
    ]
    lines = [
        Line("the loss", w, CURVES["bowl"].value(w), kind="theory"),
        Line("the ball, step by step", seen.path.w, seen.path.loss, ACCENT, "points", places),
    ]
    table = frame(lines, WEIGHT, LOSS, [Mark(0.0, "lowest point", "#8A8F98")], corner="top right")
    return [Picture(chart, (WEIGHT, LOSS), table, "A curve with one valley and a ball's places on it, step by step.")]


def _b1_said(experiment: Experiment, seen: Ball) -> str:
    path, rate = seen.path, experiment.training.learning_rate
    end = (
        "it is thrown out, farther each time"
        if abs(path.w[-1]) > abs(path.w[0])
        else f"after 30 steps w = {path.w[-1]:.3g}"
    )
    return (
        f"w = {path.w[0]:.3g}, slope {path.gradient[0]:.3g}: the first step is −{rate:g} · {path.gradient[0]:.3g} = "
        f"**{path.step[0]:+.3g}**; {end}. The network's own next step is **{seen.update.ratio[-1]:.3g}** times its gradient, "
        f"with "
        f"cosine {seen.update.cosine[-1]:.3f} to straight downhill."
    )


def _b6_pictures(_experiment: Experiment, seen: Mapping[str, np.ndarray], _pins: Sequence[Pinned]) -> list[Picture]:
    with np.errstate(divide="ignore"):
        lines = [
            Line(name, np.arange(4), np.log10(counts), shade)
            for (name, counts), shade in zip(seen.items(), COLOURS, strict=False)
        ]
    said = "Line chart: steps until a ball has arrived, against the powers of ten by which its gradient is scaled down."
    return [Picture(chart, (DECADES, STEPS), frame(lines, DECADES, STEPS), said)]


def _b6_said(experiment: Experiment, seen: Mapping[str, np.ndarray]) -> str:
    counts = seen[experiment.training.optimiser]
    said = ", ".join("never" if np.isinf(count) else number(float(count)) for count in counts)
    return (
        f"With {experiment.training.optimiser} the ball arrives after **{said}** steps, its gradient scaled by 1, 10⁻¹, 10⁻² "
        f"and "
        "10⁻³. A word 24 places back, whose gradient is a millionth, would need a million times as many."
    )


DESCENTS = (
    Exhibit(
        "b1",
        "descent",
        "What does one step of gradient descent do?",
        "A ball on a bowl: at each step the weight moves by −η times the slope. **Watch what happens as η goes past 1, and "
        "past "
        "2.**",
        ("learning_rate", "optimiser"),
        ball,
        _b1_pictures,
        _b1_said,
        {
            "η = 1": {"learning_rate": 1.0},
            "η = 1.9": {"learning_rate": 1.9},
            "η = 2.1": {"learning_rate": 2.1},
            "Adam": {"optimiser": "adam"},
        },
        """
$W_{new} = W_{old} - \\eta\\,\\partial L/\\partial W$. The slope's sign says which way is down; η times its size is the step.
On the
bowl each step multiplies $w$ by $1-\\eta$: below η = 1 it creeps, at 1 it arrives at once, up to 2 it overshoots and comes
back,
above 2 it is thrown farther out each time. The same formula moves each of a network's weights (the second number above);
momentum and Adam change the step, Adam even its direction.
        """,
        highs={"learning_rate": 2.2},
    ),
    Exhibit(
        "b6",
        "descent",
        "What if the gradient were a thousand times smaller?",
        "The same ball with its gradient scaled down. **Watch how many more steps it takes**, and which optimiser does not "
        "mind.",
        ("optimiser", "learning_rate"),
        steps_needed,
        _b6_pictures,
        _b6_said,
        {"Adam": {"optimiser": "adam"}, "Momentum": {"optimiser": "momentum"}},
        """
With plain descent the way to the valley is so many steps of η times the slope: a slope smaller by $10^{-k}$ takes $10^k$
times as
many. Momentum takes a constant factor off. Adam divides by the gradient's own size, so the scale drops out of a *single*
weight's
path. In a network it does not help: next to the millionth that counts, there is the noise of all that does not.
        """,
        slow=True,
    ),
)
