"""D3. Each weight gradient's parts, by how many words before the loss the weight was used."""

import numpy as np

from core.instruments.roles import RoleGradients
from core.instruments.two_roles import LONG
from core.questions.d3_two_roles import QUESTION, names
from core.wording import LN10, number
from pages.charts.lines import Axis, Line, chart, frame
from pages.charts.palette import WEIGHT_SETS
from pages.frame.question_page import Picture, QuestionPage, Seen
from pages.frame.texts import texts
from pages.frame.turns import IDENTITY, LSTM
from pages.results.cost import heavy

LAG = Axis("← used further back · words before the loss", 0, 40, reverse=True)
PART = Axis("length of that part of ∂L/∂W", -16, 2, decades=True)


def _pictures(seen: Seen) -> list[Picture]:
    result: RoleGradients = seen.result
    lines = [
        Line(kind, np.arange(len(result.log_norm[name])), result.log_norm[name] / LN10, WEIGHT_SETS[kind])
        for kind, name in names(seen.experiment).items()
        if name in result.log_norm
    ]
    said = "Line chart: length of each weight gradient's part, by how many words before the loss the weight was used."
    return [Picture(chart, (LAG, PART), frame(lines, LAG, PART), said)]


def _said(seen: Seen) -> str:
    result: RoleGradients = seen.result
    near, far = (result.beyond(names(seen.experiment)["recurrent"], lag) for lag in (1, LONG))
    return (
        f"Of the recurrent matrix's gradient **{near:.0%}** comes from uses before the loss's own step, and **{number(far)}** "
        "from ten words back or more. The output weights have one role only: they are used where the loss is."
    )


PAGE = QuestionPage(
    QUESTION,
    "roles",
    texts(__file__),
    ("cell", "gap", "initialiser"),
    _pictures,
    _said,
    IDENTITY | LSTM,
    more=("hidden", "forget_bias", "gain"),
    highs={"gap": 30},
    slow=heavy,
)
