"""B2. Balls on a curve with two valleys, and the loss of five networks over training."""

from collections.abc import Iterator

import numpy as np

from core.instruments.balls import STARTS, Balls
from core.instruments.curves import CURVES
from core.parts.optimisers import OPTIMISERS
from core.questions.b2_global_minimum import QUESTION, RATES, SMALL, Valleys
from core.wording import minus
from pages.charts import roll
from pages.charts.lines import Axis, Line, chart, frame
from pages.frame.question_page import Picture, QuestionPage, Seen
from pages.frame.texts import texts
from pages.results.cost import always

ALONG = Axis("the weight w", -2.6, 2.6)
HEIGHT = Axis("loss L", -0.5, 3.5)
SCENES = roll.Scenes("Learning rate η of the balls", RATES, SMALL, 40, buttons=True)
STEP = Axis("training step", 0, 800)
NATS = Axis("loss on new sentences", 0, 3.4)  # room for names above the line of guessing
COLOURS = ("#C8443A", "#2F83C5", "#12936B", "#A8629B", "#B07A10")
ENDS = {  # how a ball ends → words and colour
    "lower": ("in the lower valley", "#12936B"),
    "upper": ("in the upper valley", "#C8443A"),
    "restless": ("never at rest", "#B07A10"),
    "thrown out": ("thrown out", "#7A6BC4"),
}


def _pictures(seen: Seen) -> list[Picture]:
    result: Valleys = seen.result
    curve, w = CURVES["valleys"], np.linspace(ALONG.low, ALONG.high, 261)
    rollers = {rate: list(_rollers(balls)) for rate, balls in result.balls.items()}
    names = {rate: list(_names(balls)) for rate, balls in result.balls.items()}
    table = roll.frame((w, curve.value(w)), {curve.lowest: "lowest point"}, rollers, names, ALONG, HEIGHT, SCENES)
    lines = [
        Line(f"start {i + 1}", network.steps, network.loss, shade)
        for i, (network, shade) in enumerate(zip(result.networks, COLOURS, strict=True))
    ]
    guess = seen.experiment.task.shape().chance_loss
    lines.append(Line("guessing", [STEP.low, STEP.high], [guess, guess], kind="theory"))
    return [
        Picture(
            roll.chart,
            (ALONG, HEIGHT, SCENES),
            table,
            "A curve with two valleys, and balls from nine starts on it; their colour says where each ends.",
            f"One weight: nine balls, {OPTIMISERS[seen.experiment.training.optimiser].label}",
        ),
        Picture(
            chart,
            (STEP, NATS, 340),
            frame(lines, STEP, NATS, corner="top right"),
            "Line chart: loss on new sentences over training, a line for each of five random starts.",
            "A whole network: five random starts",
        ),
    ]


def _rollers(balls: Balls) -> Iterator[roll.Roller]:
    for path, end in zip(balls.paths, balls.ends, strict=True):
        words, shade = ENDS[end]
        yield roll.Roller(f"from {minus(f'{path.w[0]:.3g}')}, ends {words}", path.w, path.loss, shade)


def _names(balls: Balls) -> Iterator[tuple[str, str]]:
    for end, (words, shade) in ENDS.items():
        if balls.count(end):
            yield f"{balls.count(end)} of {len(STARTS)} {words}", shade


def _said(seen: Seen) -> str:
    result: Valleys = seen.result
    return (
        f"**{result.small.count('lower')} of {len(STARTS)}** balls end in the lower valley, {result.small.count('upper')} in "
        f"the upper one: the start decides; {result.large_said}. **{result.networks_said}**."
    )


PAGE = QuestionPage(
    QUESTION,
    "descent",
    texts(__file__),
    ("gap", "optimiser", "learning_rate", "steps"),
    _pictures,
    _said,
    {
        "2 words in between": {"gap": 2},
        "10 words in between": {"gap": 10},
        "Adam": {"optimiser": "adam", "learning_rate": 0.003},
        "η = 3, no clipping": {"learning_rate": 3.0, "clip": 0.0},
    },
    more=("hidden", "cell", "clip", "batch"),
    highs={"gap": 40.0, "steps": 800.0},
    slow=always,
)
