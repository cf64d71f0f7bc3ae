"""B6. Steps until a ball has arrived, against the power of ten by which its gradient is scaled down."""

import numpy as np

from core.instruments.arrivals import DECADES
from core.parts.optimisers import OPTIMISERS
from core.questions.b6_scaled_gradient import GROWS, GROWS_NOT, QUESTION, StepsNeeded, steps_said
from core.wording import LN10, number, power, scientific
from pages.charts.lines import Axis, Line, chart, frame
from pages.charts.palette import REMEDIES
from pages.frame.question_page import Picture, QuestionPage, Seen
from pages.frame.texts import texts
from pages.results.cost import always

SMALLER = Axis("the gradient, scaled by", -3.3, 0, decades=True, reverse=True)
STEPS = Axis("steps until it is there", 0, 6, decades=True)


def _pictures(seen: Seen) -> list[Picture]:
    result: StepsNeeded = seen.result
    places = ["gradient as it is", *(f"gradient scaled by {power(-k)}" for k in DECADES.tolist()[1:])]
    with np.errstate(divide="ignore"):
        lines = [
            Line(OPTIMISERS[name].label, -DECADES, np.log10(counts), REMEDIES[name], places=places)
            for name, counts in result.counts.items()
        ]
    said = "Line chart: steps until a ball has arrived, against the power of ten by which its gradient is scaled down."
    return [Picture(chart, (SMALLER, STEPS), frame(lines, SMALLER, STEPS), said)]


def _said(seen: Seen) -> str:
    result: StepsNeeded = seen.result
    label = OPTIMISERS[seen.experiment.training.optimiser].label
    said = f"With {label} the ball needs **{steps_said(result.own)}** steps, its gradient scaled by 1, 10⁻¹, 10⁻² and 10⁻³."
    if result.growth <= GROWS_NOT:
        return f"{said} It divides by the gradient's size, so one weight alone does not notice."
    if result.growth >= GROWS[0] and result.lost > 0 and np.isfinite(result.forecast):
        return (
            f"{said} The deciding word of this network receives {scientific(-result.lost * LN10)} of the signal: with a gradient "
            f"so small plain SGD would need about **{number(result.forecast)}** steps."
        )
    return said


PAGE = QuestionPage(
    QUESTION,
    "descent",
    texts(__file__),
    ("optimiser", "learning_rate"),
    _pictures,
    _said,
    {"Adam": {"optimiser": "adam"}, "RMSProp": {"optimiser": "rmsprop"}, "Momentum": {"optimiser": "momentum"}},
    slow=always,
)
