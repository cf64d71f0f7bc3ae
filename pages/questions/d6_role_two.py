"""D6. How much of the gradient comes from far back over training, and what is learned."""

import numpy as np

from core.instruments.two_roles import TwoRoles
from core.questions.d6_role_two import QUESTION
from core.questions.settings import right
from core.wording import number
from pages.charts.lines import Axis, Line, chart, frame
from pages.frame.question_page import Picture, QuestionPage, Seen
from pages.frame.texts import texts
from pages.frame.two_roles import CONTROLS, HIGHS, LATER, MORE, STEPS, TURNS, accuracies
from pages.results.cost import always

SHARE = Axis("share of the gradient from 10 words back or more", -8, 0.5, decades=True)


def _pictures(seen: Seen) -> list[Picture]:
    result: TwoRoles = seen.result
    with np.errstate(divide="ignore"):
        line = Line("recurrent matrix", result.steps, np.log10(result.share), LATER)
    said = "Line chart: share of the recurrent matrix's gradient that comes from ten words back or more, over training."
    table = frame([line], STEPS, SHARE)
    return [
        Picture(chart, (STEPS, SHARE), table, said, "How much of the gradient comes from far back"),
        accuracies(seen),
    ]


def _said(seen: Seen) -> str:
    result: TwoRoles = seen.result
    return (
        f"Of the recurrent matrix's gradient **{number(float(result.share[0]))}** comes from ten words back or more before "
        f"training, and **{number(float(result.share[-1]))}** after it. The last verb is right in "
        f"{right(float(result.far[-1]))}."
    )


PAGE = QuestionPage(
    QUESTION,
    "roles",
    texts(__file__),
    CONTROLS,
    _pictures,
    _said,
    TURNS,
    more=MORE,
    highs=HIGHS,
    slow=always,
)
