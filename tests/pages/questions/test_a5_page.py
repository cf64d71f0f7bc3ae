"""A5: the card redraws the layers that the sentence names, and the curve has its losses."""

import pytest

from core.questions.a5_noise import QUESTION
from core.questions.base import measured
from pages.frame.question_page import Seen
from pages.questions.a5_noise import PAGE


@pytest.mark.parametrize(("depth", "half", "activation"), [(8, 4, "sigmoid"), (3, 1, "sigmoid"), (5, 2, "tanh")])
def test_curve_sentence_and_card_redraw_the_same_layers(depth: int, half: int, activation: str) -> None:
    """Of an odd number too, where the sentence once redrew one layer more than the card."""
    experiment = QUESTION.base.changed(depth=depth, activation=activation, steps=60)
    seen, verdict = Seen(experiment, measured(QUESTION.measure, experiment)), QUESTION.verdict(experiment)
    said, table = PAGE.said(seen), PAGE.pictures(seen)[0].table
    curves = {name: points.set_index("x").y for name, points in table[table.role == "measured"].groupby("series")}
    here, healthy = curves["here"], curves["the same with tanh and Xavier weights"]
    assert here[half] - here[0] == pytest.approx(verdict.number)
    assert healthy[half] - healthy[0] == pytest.approx(verdict.numbers["tanh worse"])
    assert f"**{verdict.headline}**" in said
    assert f"**{verdict.numbers['moved']:.0%}** have moved" in said
    assert f"raises it by {verdict.numbers['tanh worse']:.2f}." in said
