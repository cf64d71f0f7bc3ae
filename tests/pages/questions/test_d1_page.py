"""D1: the card's accuracies are points of the drawn curves."""

import pytest

from core.questions.base import measured
from core.questions.d1_was_or_were import HERE, MISLED, QUESTION, SHORT
from pages.frame.question_page import Seen
from pages.questions.d1_was_or_were import PAGE


@pytest.mark.parametrize("gap", [7, 40])
def test_the_cards_numbers_are_drawn(gap: int) -> None:
    """At the experiment's own distance, which may lie beyond the usual ones, and at a short one."""
    experiment = QUESTION.base.changed(steps=3, gap=gap)
    numbers = QUESTION.verdict(experiment).numbers
    (picture,) = PAGE.pictures(Seen(experiment, measured(QUESTION.measure, experiment)))
    points = picture.table[picture.table.role == "measured"].set_index(["series", "x"]).y
    assert points[HERE, gap] == numbers["far"]
    assert points[HERE, SHORT] == numbers["near"]
    assert points[MISLED, SHORT] == numbers["attractors"]
