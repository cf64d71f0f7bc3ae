"""C6. Gradient before training and accuracy after it, of all eight networks."""

from collections.abc import Mapping

import numpy as np

from core.questions.c6_resnets import QUESTION, STARTS, Trial, rates
from core.questions.settings import right
from core.questions.thresholds import LEARNED
from pages.charts import bars
from pages.charts.lines import Axis
from pages.charts.palette import ACCENT
from pages.frame.question_page import Picture, QuestionPage, Seen
from pages.frame.texts import texts
from pages.results.cost import always

RATE = Axis("factor per layer back", -3, 1, decades=True)
RIGHT = Axis("share right after training", 0, 1, format="%")


def _pictures(seen: Seen) -> list[Picture]:
    result: Mapping[str, Trial] = seen.result
    learned = [bars.Bar(name, each.accuracy, right(each.accuracy), "#12936B") for name, each in result.items()]
    factors = [
        bars.Bar(name, np.log10(each.rate) if each.rate > 0 else RATE.low, f"{each.rate:.3f}", ACCENT)
        for name, each in result.items()
    ]
    return [
        Picture(
            bars.chart,
            (RATE, tuple(result), bars.Level(0.0, "1: neither grows nor shrinks")),
            bars.frame(factors, RATE),
            "Bar chart: factor per layer back before training, for all eight combinations. The dashed line is 1.",
            f"The gradient, before training (mean of {STARTS} random starts)",
        ),
        Picture(
            bars.chart,
            (RIGHT, tuple(result), bars.Level(seen.experiment.task.shape().chance, "guessing")),
            bars.frame(learned, RIGHT),
            "Bar chart: share right after training, for all eight combinations. The dashed line is guessing.",
            f"What is learned (the better of two learning rates, {rates(seen.experiment)})",
        ),
    ]


def _said(seen: Seen) -> str:
    result: Mapping[str, Trial] = seen.result
    good = [name for name, each in result.items() if each.accuracy >= LEARNED]
    return (
        f"Learned, with the better of two learning rates: **{'; '.join(good) or 'none of the eight'}**. A factor of 1 per layer "
        "is where the gradient neither vanishes nor explodes."
    )


PAGE = QuestionPage(
    QUESTION,
    "depth",
    texts(__file__),
    ("depth", "activation", "learning_rate", "steps"),
    _pictures,
    _said,
    {
        "60 layers": {"depth": 60},
        "Sigmoid": {"activation": "sigmoid", "initialiser": "xavier"},
        "tanh": {"activation": "tanh", "initialiser": "xavier"},
    },
    more=("initialiser", "normalisation", "skip", "optimiser"),
    highs={"depth": 60, "steps": 300, "learning_rate": 0.5},
    slow=always,
)
