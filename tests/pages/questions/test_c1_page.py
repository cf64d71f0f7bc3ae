"""C1: the longest bar is the card's number."""

import pytest

from core.questions.base import measured
from core.questions.c1_recursive_mlp import QUESTION
from core.wording import number
from pages.frame.question_page import Seen
from pages.questions.c1_recursive_mlp import PAGE


@pytest.mark.parametrize("turn", [{}, {"layers": 2}, {"cell": "gru"}])
def test_the_longest_bar_is_the_cards_number(turn: dict[str, object]) -> None:
    """The largest difference of the twins; of gates, what is not linear."""
    experiment = QUESTION.base.changed(**turn)
    verdict = QUESTION.verdict(experiment)
    (picture,) = PAGE.pictures(Seen(experiment, measured(QUESTION.measure, experiment)))
    longest = picture.table.loc[picture.table.value.idxmax()]
    bent = "cell" in turn  # drawn as a share
    assert (longest.value if bent else 10**longest.value) == pytest.approx(verdict.number)
    assert longest.text == (f"{verdict.number:.1%}" if bent else number(verdict.number))
