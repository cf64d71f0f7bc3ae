"""C6: the bars are the card's numbers."""

import pytest

from core.questions.base import measured
from core.questions.c6_resnets import QUESTION
from pages.frame.question_page import Seen
from pages.questions.c6_resnets import PAGE


def test_the_bars_are_the_cards_numbers() -> None:
    """Factor and accuracy of all eight."""
    experiment = QUESTION.base.changed(depth=4, width=8, steps=5)
    numbers = QUESTION.verdict(experiment).numbers
    factors, learned = (
        each.table.set_index("name").value
        for each in PAGE.pictures(Seen(experiment, measured(QUESTION.measure, experiment)))
    )
    assert len(factors) == len(learned) == 8
    for name in factors.index:
        assert 10 ** factors[name] == pytest.approx(max(numbers[f"{name}, rate"], 1e-3))
        assert learned[name] == numbers[f"{name}, accuracy"]
