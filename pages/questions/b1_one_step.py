"""B1. A ball on a bowl, step by step."""

import numpy as np

from core.instruments.curves import CURVES
from core.instruments.descent import Descent
from core.parts.optimisers import OPTIMISERS
from core.questions.b1_one_step import QUESTION, START, STARTS, STEPS, Ball
from core.wording import minus
from pages.charts import roll
from pages.charts.lines import Axis
from pages.frame.question_page import Picture, QuestionPage, Seen
from pages.frame.texts import texts

WEIGHT = Axis("the weight w", -6, 6)
LOSS = Axis("loss L = w²/2", 0, 18)
FROM = roll.Scenes("Start at w =", STARTS, START, STEPS)
LATER = {  # optimiser → how its first step comes about, and the later ones
    "sgd": "",
    "momentum": " From then on each step adds 0.9 of the one before.",
    "nesterov": " Nesterov looks ahead: its first step is 1.9 times as long as SGD's, and each later one adds 0.9 of the last.",
    "adam": " Adam divides the slope by its own size: the first step is η long, whatever the slope; later ones average past "
    "slopes.",
    "rmsprop": " RMSProp divides by a running mean of the slope's size, which starts at a tenth of it: the first step is 10 η "
    "long, whatever the slope.",
}


def _pictures(seen: Seen) -> list[Picture]:
    result: Ball = seen.result
    w = np.linspace(WEIGHT.low, WEIGHT.high, 121)
    balls = {start: [roll.Roller("the ball", path.w, path.loss, numbered=True)] for start, path in result.paths.items()}
    table = roll.frame((w, CURVES["bowl"].value(w)), {0.0: "lowest point"}, balls, {}, WEIGHT, LOSS, FROM)
    said = (
        "A curve with one valley, and a ball's way on it, step by step; sliders choose its start and the steps drawn."
    )
    return [Picture(roll.chart, (WEIGHT, LOSS, FROM), table, said)]


def _said(seen: Seen) -> str:
    training, path = seen.experiment.training, seen.result.path
    start, slope, step, after = map(_figure, (path.w[0], path.gradient[0], path.step[0], path.w[1]))
    first = f"the first step of {OPTIMISERS[training.optimiser].label} is **{step}**"
    if training.optimiser in ("sgd", "momentum"):
        first = f"the first step is −η · slope = −{training.learning_rate:g} · {slope} = **{step}**"
    said = f"From w = {start}, where the slope is {slope}, {first}, and w becomes {after}."
    return f"{said}{LATER[training.optimiser]} {_end(path)}"


def _end(path: Descent) -> str:
    """Says what became of the ball."""
    crossed = int(np.count_nonzero(np.diff(np.sign(path.w[np.abs(path.w) > 0])) != 0))
    over = f"It jumps over the lowest point {crossed} time{'s' if crossed > 1 else ''}. " if crossed else ""
    if abs(path.w[-1]) > abs(path.w[0]):
        return f"{over}**It is thrown out**, farther each time."
    if np.isfinite(path.arrival):
        return f"{over}After {path.arrival:.0f} step{'s' if path.arrival != 1 else ''} it has arrived."
    return f"{over}After {len(path.step)} steps w = {_figure(path.w[-1])}."


def _figure(value: float) -> str:
    """Three digits, and a proper minus."""
    return minus(f"{value:.3g}")


PAGE = QuestionPage(
    QUESTION,
    "descent",
    texts(__file__),
    ("learning_rate", "optimiser"),
    _pictures,
    _said,
    {
        "η = 1": {"learning_rate": 1.0},
        "η = 1.9": {"learning_rate": 1.9},
        "η = 2.1": {"learning_rate": 2.1},
        "Adam": {"optimiser": "adam"},
    },
)
