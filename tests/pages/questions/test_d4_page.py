"""D4: sentence and card say the same difference."""

import pytest

from core.questions.base import measured
from core.questions.d4_word_by_word import QUESTION
from core.wording import number
from pages.frame.question_page import Seen
from pages.questions.d4_word_by_word import PAGE


@pytest.mark.parametrize("truncate", [0, 5])
def test_sentence_and_card_say_the_same(truncate: int) -> None:
    """With windows and without."""
    experiment = QUESTION.base.changed(truncate=truncate)
    said = PAGE.said(Seen(experiment, measured(QUESTION.measure, experiment)))
    numbers = QUESTION.verdict(experiment).numbers
    assert number(numbers["exact"]) in said
    assert (f"{numbers['windows']:.0%} off" in said) == bool(truncate)
