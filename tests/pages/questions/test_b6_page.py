"""B6: sentence and card foretell the same number of steps."""

import pytest

from core.questions.b6_scaled_gradient import QUESTION, measure
from core.wording import number
from pages.frame.question_page import Seen
from pages.questions.b6_scaled_gradient import PAGE


@pytest.mark.parametrize("optimiser", ["sgd", "momentum", "nesterov"])
def test_one_forecast(optimiser: str) -> None:
    """With every optimiser whose steps grow with the scale."""
    experiment = QUESTION.base.changed(optimiser=optimiser)
    verdict, said = QUESTION.verdict(experiment), PAGE.said(Seen(experiment, measure(experiment)))
    steps = f"about {number(verdict.numbers['forecast'])} steps"
    assert steps in verdict.finding
    assert steps in said.replace("**", "")


def test_the_drawn_counts_are_the_card_s() -> None:
    """A point for each power of ten."""
    (picture,) = PAGE.pictures(Seen(QUESTION.base, measure(QUESTION.base)))
    points = picture.table[(picture.table.role == "measured") & (picture.table.series == "SGD")]
    numbers = QUESTION.verdict(QUESTION.base).numbers
    drawn = 10 ** points.sort_values("x", ascending=False).y.to_numpy()
    assert drawn == pytest.approx([numbers[f"steps at {power}"] for power in ("10⁰", "10⁻¹", "10⁻²", "10⁻³")])
