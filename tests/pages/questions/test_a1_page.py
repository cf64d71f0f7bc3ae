"""A1: the drawn mean is the one that the card speaks of."""

import pytest

from core.questions.a1_many_factors import QUESTION
from core.questions.base import measured
from core.wording import LN10, scientific
from pages.frame.question_page import Seen
from pages.questions.a1_many_factors import PAGE


@pytest.mark.parametrize("turn", [{}, {"length": 6}, {"cell": "relu", "initialiser": "identity"}])
def test_the_curve_ends_where_the_card_says(turn: dict[str, object]) -> None:
    """What arrives at the first step."""
    experiment = QUESTION.base.changed(**turn)
    verdict = QUESTION.verdict(experiment)
    (picture,) = PAGE.pictures(Seen(experiment, measured(QUESTION.measure, experiment)))
    points = picture.table[picture.table.role == "measured"]
    first = points.loc[points.lag.idxmax()]
    assert first.lag == experiment.task.shape().steps - 1
    assert first.decades * LN10 == pytest.approx(verdict.numbers["ln arrives"])
    assert first.share == scientific(verdict.numbers["ln arrives"])
    assert first.share in verdict.headline
