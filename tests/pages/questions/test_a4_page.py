"""A4: the curves are the card's trainings."""

import pandas as pd
import pytest

from core.questions.a4_last_layers import HEALTHY, QUESTION, STILL
from core.questions.base import measured
from core.wording import number
from pages.frame.question_page import Seen
from pages.questions.a4_last_layers import PAGE

SHORT = QUESTION.base.changed(steps=60)


def moved(table: pd.DataFrame, name: str) -> "pd.Series[float]":
    """Movement of each layer, as drawn."""
    return 10 ** table[(table.series == name) & table.role.isin(["measured", "outside"])].set_index("x").y


def test_curves_sentence_and_card_are_the_same_trainings() -> None:
    """The first and the last layer, and how many hardly move: here, with tanh, and with Adam."""
    seen, verdict = Seen(SHORT, measured(QUESTION.measure, SHORT)), QUESTION.verdict(SHORT)
    said, table = PAGE.said(seen), PAGE.pictures(seen)[0].table
    here = moved(table, "here")
    assert (here[1.0], here[8.0]) == pytest.approx((verdict.numbers["first"], verdict.numbers["last"]))
    shares = {"here": "here, still", "tanh, Xavier": f"{HEALTHY}, still", "here, with Adam": "Adam, still"}
    for drawn, named in shares.items():
        assert (moved(table, drawn) < STILL).mean() == verdict.numbers[named]
    assert f"**{number(verdict.numbers['first'])}**" in said and f"**{number(verdict.numbers['last'])}**" in said
    few = f"{round(verdict.number * 8)} of 8 layers"
    assert few in said and verdict.headline.startswith(few)
