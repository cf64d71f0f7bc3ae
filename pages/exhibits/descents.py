"""What is gradient descent doing? The step, where it ends, and the step of a vanished gradient: rows B1, B2 and B6."""

from collections.abc import Sequence

import numpy as np

from core import Experiment
from core.claims.descent import BALL_RATE, BALL_START, STARTS, TOO_LARGE, Ends, steps_said, told, unsettled
from core.instruments.curves import CURVES
from core.instruments.descent import Descent
from core.parts.optimisers import OPTIMISERS
from core.shown.mechanics import (
    BALL_RATES,
    BALL_STARTS,
    BALL_STEPS,
    Ball,
    Needed,
    Valleys,
    ball,
    steps_needed,
    valleys,
)
from core.wording import LN10, minus, number, power, scientific
from pages.charts import roll
from pages.charts.lines import Axis, Line, chart, frame
from pages.charts.palette import REMEDIES
from pages.frame.question_page import Exhibit, Picture, Pinned

WEIGHT = Axis("the weight w", -6, 6)
LOSS = Axis("loss L = w²/2", 0, 18)
FROM = roll.Scenes("Start at w =", BALL_STARTS, BALL_START, BALL_STEPS)
ALONG = Axis("the weight w", -2.6, 2.6)
HEIGHT = Axis("loss L", -0.5, 3.5)
RATES = roll.Scenes("Learning rate η of the balls", BALL_RATES, BALL_RATE, 40, buttons=True)
STEP = Axis("training step", 0, 800)
NATS = Axis("loss on new sentences", 0, 3.4)  # room for names above the line of guessing
SMALLER = Axis("the gradient, scaled by", -3.3, 0, decades=True, reverse=True)
STEPS = Axis("steps until it is there", 0, 6, decades=True)
STARTED = ("#C8443A", "#2F83C5", "#12936B", "#A8629B", "#B07A10")
ENDS = {  # how a ball ends → words and colour
    "lower": ("in the lower valley", "#12936B"),
    "upper": ("in the upper valley", "#C8443A"),
    "restless": ("never at rest", "#B07A10"),
    "thrown out": ("thrown out", "#7A6BC4"),
}
LATER = {  # optimiser → how its first step comes about, and the later ones
    "sgd": "",
    "momentum": " From then on each step adds 0.9 of the one before.",
    "nesterov": " Nesterov looks ahead: its first step is 1.9 times as long as SGD's, and each later one adds 0.9 of the last.",
    "adam": " Adam divides the slope by its own size: the first step is η long, whatever the slope; later ones average past "
    "slopes.",
    "rmsprop": " RMSProp divides by a running mean of the slope's size, which starts at a tenth of it: the first step is 10 η "
    "long, whatever the slope.",
}


def _minus(value: float) -> str:
    """Three digits, and a proper minus."""
    return minus(f"{value:.3g}")


def _b1_pictures(_experiment: Experiment, seen: Ball, _pins: Sequence[Pinned]) -> list[Picture]:
    w = np.linspace(WEIGHT.low, WEIGHT.high, 121)
    balls = {start: [roll.Roller("the ball", path.w, path.loss, numbered=True)] for start, path in seen.paths.items()}
    table = roll.frame((w, CURVES["bowl"].value(w)), {0.0: "lowest point"}, balls, {}, WEIGHT, LOSS, FROM)
    said = (
        "A curve with one valley, and a ball's way on it, step by step; sliders choose its start and the steps drawn."
    )
    return [Picture(roll.chart, (WEIGHT, LOSS, FROM), table, said)]


def _b1_said(experiment: Experiment, seen: Ball) -> str:
    path, rate, name = seen.path, experiment.training.learning_rate, experiment.training.optimiser
    slope, step, after = (_minus(float(each[i])) for each, i in ((path.gradient, 0), (path.step, 0), (path.w, 1)))
    if name in ("sgd", "momentum"):
        first = f"the first step is −η · slope = −{rate:g} · {slope} = **{step}**"
    else:
        first = f"the first step of {OPTIMISERS[name].label} is **{step}**"
    start = _minus(float(path.w[0]))
    return f"From w = {start}, where the slope is {slope}, {first}, and w becomes {after}.{LATER[name]} {_end(path)}"


def _end(path: Descent) -> str:
    """What became of the ball."""
    crossed = int(np.count_nonzero(np.diff(np.sign(path.w[np.abs(path.w) > 0])) != 0))
    over = f"It jumps over the lowest point {crossed} time{'s' if crossed > 1 else ''}. " if crossed else ""
    if abs(path.w[-1]) > abs(path.w[0]):
        return f"{over}**It is thrown out**, farther each time."
    if np.isfinite(path.arrival):
        return f"{over}After {path.arrival:.0f} step{'s' if path.arrival != 1 else ''} it has arrived."
    return f"{over}After {len(path.step)} steps w = {_minus(float(path.w[-1]))}."


def _b2_pictures(experiment: Experiment, seen: Valleys, _pins: Sequence[Pinned]) -> list[Picture]:
    curve = CURVES["valleys"]
    w = np.linspace(ALONG.low, ALONG.high, 261)
    balls = {rate: [*_rollers(ends)] for rate, ends in seen.balls.items()}
    names = {
        rate: [
            (f"{ends.count(kind)} of {len(STARTS)} {words}", shade)
            for kind, (words, shade) in ENDS.items()
            if ends.count(kind)
        ]
        for rate, ends in seen.balls.items()
    }
    table = roll.frame((w, curve.value(w)), {curve.lowest: "lowest point"}, balls, names, ALONG, HEIGHT, RATES)
    lines = [
        Line(f"start {i + 1}", fall.steps, fall.loss, shade)
        for i, (fall, shade) in enumerate(zip(seen.falls, STARTED, strict=True))
    ]
    guess = experiment.task.shape().chance_loss
    lines.append(Line("guessing", [STEP.low, STEP.high], [guess, guess], kind="theory"))
    return [
        Picture(
            roll.chart,
            (ALONG, HEIGHT, RATES),
            table,
            "A curve with two valleys, and balls from nine starts on it; their colour says where each ends.",
            f"One weight: nine balls, {OPTIMISERS[experiment.training.optimiser].label}",
        ),
        Picture(
            chart,
            (STEP, NATS, 340),
            frame(lines, STEP, NATS, corner="top right"),
            "Line chart: loss on new sentences over training, a line for each of five random starts.",
            "A whole network: five random starts",
        ),
    ]


def _rollers(ends: Ends) -> list[roll.Roller]:
    return [
        roll.Roller(f"from {_minus(float(path.w[0]))}, ends {ENDS[kind][0]}", path.w, path.loss, ENDS[kind][1])
        for path, kind in zip(ends.paths, ends.kinds, strict=True)
    ]


def _b2_said(_experiment: Experiment, seen: Valleys) -> str:
    small, large = seen.balls[BALL_RATE], seen.balls[TOO_LARGE]
    return (
        f"**{small.count('lower')} of {len(STARTS)}** balls end in the lower valley, {small.count('upper')} in the upper one: "
        f"the start decides; {unsettled(small, large)}. **{told(seen.falls)}**."
    )


def _b6_pictures(_experiment: Experiment, seen: Needed, _pins: Sequence[Pinned]) -> list[Picture]:
    places = ["gradient as it is", *(f"gradient scaled by {power(-k)}" for k in range(1, 4))]
    with np.errstate(divide="ignore"):
        lines = [
            Line(OPTIMISERS[name].label, -np.arange(4), np.log10(counts), REMEDIES[name], places=places)
            for name, counts in seen.counts.items()
        ]
    said = "Line chart: steps until a ball has arrived, against the power of ten by which its gradient is scaled down."
    return [Picture(chart, (SMALLER, STEPS), frame(lines, SMALLER, STEPS), said)]


def _b6_said(experiment: Experiment, seen: Needed) -> str:
    name = experiment.training.optimiser
    said = (
        f"With {OPTIMISERS[name].label} the ball needs **{steps_said(seen.counts[name])}** steps, its gradient scaled by 1, "
        "10⁻¹, 10⁻² and 10⁻³."
    )
    if seen.growth <= 0.1:
        return f"{said} It divides by the gradient's size, so one weight alone does not notice."
    if seen.growth >= 0.9 and np.isfinite(seen.lost) and seen.lost > 0:
        return (
            f"{said} The deciding word of this network receives {scientific(-seen.lost * LN10)} of the signal: with a gradient "
            f"so small it would be about **{number(seen.forecast)}** steps."
        )
    return said


DESCENTS = (
    Exhibit(
        "b1",
        "descent",
        "What does one step of gradient descent do?",
        "A ball on a bowl: at each step the weight moves by −η times the slope. **Watch what happens as η goes past 1, and "
        "past 2.**",
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
On the bowl each step of plain descent (SGD) multiplies $w$ by $1-\\eta$: below η = 1 it creeps, at 1 it arrives at once, up
to 2 it overshoots and comes back, above 2 it is thrown farther out each time. Momentum adds up past steps, and can overshoot
with any η. Adam and RMSProp divide by the slope's own size: their steps do not say how steep it is. The verdict is about the
same formula in a whole network, where all weights move at once.
        """,
    ),
    Exhibit(
        "b2",
        "descent",
        "Does gradient descent find the lowest point?",
        "Nine balls on a curve with two valleys, and one network trained from five random starts. **Watch where each ends**, and "
        "what a larger η does to the balls.",
        ("gap", "optimiser", "learning_rate", "steps"),
        valleys,
        _b2_pictures,
        _b2_said,
        {
            "2 words in between": {"gap": 2},
            "10 words in between": {"gap": 10},
            "Adam": {"optimiser": "adam", "learning_rate": 0.003},
            "η = 3, no clipping": {"learning_rate": 3.0, "clip": 0.0},
        },
        """
Gradient descent goes downhill, and stops where the slope is 0: in *a* valley, or on a plain. A ball ends in the valley it
starts in, unless its steps are so long that they carry it over the ridge, or out of the picture. For a network the lowest
loss is near 0: it answers every sentence. A line that lies flat above it may be in a valley or on a plain, where the gradient
of the early word has vanished; the loss alone does not tell which, and some find a way down after hundreds of flat steps.
“Still falling” means that training ended too early to tell.
        """,
        ("hidden", "cell", "clip", "batch"),
        {"gap": 40.0, "steps": 800.0},
        slow=True,
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
        {"Adam": {"optimiser": "adam"}, "RMSProp": {"optimiser": "rmsprop"}, "Momentum": {"optimiser": "momentum"}},
        """
With plain descent the way to the valley is so many steps of η times the slope: a slope smaller by $10^{-k}$ takes $10^k$
times as many. Momentum takes a constant factor off. Adam and RMSProp divide by the gradient's own size, so the scale drops
out of a *single* weight's path. In a network it does not help: next to the millionth that counts, there is the noise of all
that does not. Counted are the steps until $w$ is within 0.01 of the lowest point for the first time; with
momentum it may roll on.
        """,
        slow=True,
    ),
)
