"""A3: sentence, picture and card are about the same word."""

import pytest

from core.questions.a3_small_influence import QUESTION
from core.questions.base import measured
from core.wording import number
from pages.frame.question_page import Seen
from pages.questions.a3_small_influence import PAGE


@pytest.mark.parametrize("turn", [{}, {"gap": 2, "hidden": 16}])
def test_the_marked_word_is_the_cards(turn: dict[str, object]) -> None:
    """What it decides and what arrives there; the sentence has the number at its mark."""
    experiment = QUESTION.base.changed(steps=5, **turn)
    numbers = QUESTION.verdict(experiment).numbers
    seen = Seen(experiment, measured(QUESTION.measure, experiment))
    (picture,) = PAGE.pictures(seen)
    table, said = picture.table, PAGE.said(seen)
    (mark,) = table[table.role == "mark"].itertuples()
    (point,) = table[(table.role == "measured") & (table.x == mark.x)].itertuples()
    assert point.text == mark.text
    assert f"change by {point.value}:" in said
    assert f"**{numbers['decides']:.0%}**" in said
    assert f"**{number(numbers['arrives'])}** of the signal" in said
