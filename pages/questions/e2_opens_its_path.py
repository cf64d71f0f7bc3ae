"""E2. What arrives at the deciding word, what is learned, and the matrix, all over one training."""

import numpy as np

from core.questions.e2_opens_its_path import QUESTION, Openings
from core.questions.settings import right
from core.wording import LN10, scientific
from pages.charts.lines import Axis, Line, chart, frame
from pages.frame.question_page import Picture, QuestionPage, Seen
from pages.frame.texts import texts
from pages.results.cost import always

STEPS = Axis("training step", 0, 1000)
SHARE = Axis("share at the deciding word", -14, 2, decades=True)
RIGHT = Axis("share of answers right", 0, 1.05, format="%")
FACTORS = Axis("factor", 0, 4)
SIGNAL, ACCURACY = "#D55E00", "#12936B"


def _pictures(seen: Seen) -> list[Picture]:
    result: Openings = seen.result
    best = result.best
    others = [(f"start {i + 1}", start) for i, start in enumerate(result.of) if start is not best]
    share = Line("signal at the deciding word", best.steps, best.reach / LN10, SIGNAL)
    shares = [Line(name, start.steps, start.reach / LN10, SIGNAL, "ghost") for name, start in others]
    accuracy = Line("accuracy", best.steps, best.accuracy, ACCURACY)
    accuracies = [Line(name, start.steps, start.accuracy, ACCURACY, "ghost") for name, start in others]
    factors = [
        Line("spectral radius ρ", best.steps, best.radius, "#7A6BC4"),
        Line("signal, per word back", best.steps, np.exp(best.slope), "#2F83C5"),
        Line("1: neither vanishes nor explodes", [0, 1000], [1, 1], kind="theory"),
    ]
    return [
        Picture(
            chart,
            (STEPS, SHARE),
            frame([share], STEPS, SHARE, unnamed=shares),
            "Line chart: share of the signal that reaches the deciding word, over training; faint: other random starts.",
            "How much of the signal arrives",
        ),
        Picture(
            chart,
            (STEPS, RIGHT, 240),
            frame([accuracy], STEPS, RIGHT, unnamed=accuracies),
            "Line chart: share of answers right, over training; faint: other random starts.",
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


def _said(seen: Seen) -> str:
    result: Openings = seen.result
    opening, top = result.best, int(np.argmax(result.best.reach))
    start, highest, end = (float(opening.reach[at]) for at in (0, top, -1))
    return (
        f"**{result.learned} of {len(result.of)}** random starts learn it. In the best one, drawn bold, **{_arrives(start)}** "
        f"arrives at the deciding word before training, **{_arrives(highest)}** at step {opening.steps[top]}, and "
        f"{_arrives(end)} at the end. ρ goes from {opening.radius[0]:.2f} to {opening.radius[-1]:.2f}; in the end "
        f"{right(opening.final)} are right."
    )


def _arrives(log: float) -> str:
    """Returns e^log as a share of the last step's signal, or as its multiple: a share of 41 is no share."""
    return f"{scientific(log)} of the signal" if log <= 0 else f"{scientific(log)} times the last step's"


PAGE = QuestionPage(
    QUESTION,
    "exists",
    texts(__file__),
    ("gap", "initialiser", "gain", "steps"),
    _pictures,
    _said,
    {
        "20 words in between": {"gap": 20},
        "Orthogonal, gain 1.35": {"initialiser": "orthogonal", "gain": 1.35, "gap": 20},
    },
    more=("learning_rate", "hidden", "clip"),
    highs={"gap": 40, "steps": 1000},
    slow=always,
)
