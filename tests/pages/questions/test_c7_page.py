"""C7: the drawn curve passes the cue at the card's number."""

import pytest

from core.questions.base import measured
from core.questions.c7_counter_example import LAYERS, QUESTION, counted
from core.wording import LN10, scientific
from pages.frame.question_page import Seen
from pages.questions.c7_counter_example import PAGE


@pytest.mark.parametrize("turn", [{}, *PAGE.turns.values()])
def test_the_curve_is_at_the_cue_where_the_card_says(turn: dict[str, object]) -> None:
    """What arrives at the word that decides; the sentence has the card's layers."""
    experiment = QUESTION.base.changed(**turn)
    verdict, result = QUESTION.verdict(experiment), measured(QUESTION.measure, experiment)
    seen, own = Seen(experiment, result), result.rnn[0]
    (picture,) = PAGE.pictures(seen)
    rnn = picture.table[(picture.table.role == "measured") & ~picture.table.series.str.startswith("MLP")]
    point = rnn[rnn.x == own.lag[own.cue]]
    assert point.y.item() * LN10 == pytest.approx(verdict.numbers["ln arrives"])
    assert point.value.item() == scientific(verdict.numbers["ln arrives"])
    assert f"{point.value.item()} of the RNN's gradient" in verdict.finding
    for name in LAYERS:
        assert f"{counted(verdict.numbers[name])} ({name})" in PAGE.said(seen)
