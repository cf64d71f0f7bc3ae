"""A2. How small the gradient gets, where number formats give up, and how exact backpropagation is."""

import numpy as np

from core.questions.a2_exact import QUESTION, Exact
from core.wording import LN10, number, scientific
from pages.charts.lines import Axis, Line, Mark, chart, frame
from pages.charts.palette import THEORY, colour
from pages.frame.profile_picture import main
from pages.frame.question_page import Picture, QuestionPage, Seen
from pages.frame.texts import texts
from pages.frame.turns import LSTM
from pages.results.cost import lengthy

NORM = Axis("‖∂L/∂h‖", -60, 2, decades=True)
ERROR = Axis("relative error", -18, 2, decades=True)
BACK = Axis("← further back · words back from the blank", 0, 210, reverse=True)


def _pictures(seen: Seen) -> list[Picture]:
    result: Exact = seen.result
    own, profile = colour(main(seen.experiment)), result.profile
    marks = [Mark(float(steps), f"{name} reads 0", THEORY) for name, steps in result.gone.items() if steps <= BACK.high]
    norms = Line("‖∂L/∂h‖ in float64", profile.lag, profile.log_norm / LN10, own, places=profile.words)
    back = np.arange(len(result.check.position))[::-1]
    with np.errstate(divide="ignore"):
        errors = [
            Line("product of finite-difference Jacobians", back, np.log10(result.check.jacobians), own),
            Line("finite differences of the loss (step 10⁻⁶)", back, np.log10(result.check.usual), kind="theory"),
        ]
    return [
        Picture(
            chart,
            (BACK, NORM),
            frame([norms], BACK, NORM, marks),
            "Line chart: gradient norm by word, and where number formats read 0.",
            "How small it gets, and where each number format gives up",
        ),
        Picture(
            chart,
            (BACK, ERROR),
            frame(errors, BACK, ERROR, corner="bottom left"),
            "Line chart: relative difference between backpropagation and finite differences, by word.",
            "How exact it is: backpropagation against finite differences",
        ),
    ]


def _said(seen: Seen) -> str:
    result: Exact = seen.result
    said = ", ".join(
        f"{name} after {steps:.0f} words" if np.isfinite(steps) else f"{name} never"
        for name, steps in result.gone.items()
    )
    return (
        f"Backpropagation is right to **{number(result.error)}** even at the word that decides, where the gradient's length is "
        f"only **{scientific(result.log_size)}**. But numbers end: {said} back the computed gradient is exactly 0."
    )


PAGE = QuestionPage(
    QUESTION,
    "matters",
    texts(__file__),
    ("cell", "gap"),
    _pictures,
    _said,
    {"160 words in between": {"gap": 160}, "No words in between": {"gap": 0}, **LSTM},
    more=("hidden", "forget_bias", "initialiser"),
    highs={"gap": 100},
    slow=lengthy,
)
