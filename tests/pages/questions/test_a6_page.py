"""A6: the card's share is counted on the plane that is drawn."""

import pytest

from core.questions.a6_loss_surface import HEARD, QUESTION, SIDE
from core.questions.base import measured
from pages.frame.question_page import Seen
from pages.questions.a6_loss_surface import PAGE


@pytest.mark.parametrize("gap", [2, 5])
def test_plane_sentence_and_card_are_one_plane(gap: int) -> None:
    """Share, spread and steepest step, from the drawn cells."""
    experiment = QUESTION.base.changed(gap=gap, hidden=16, steps=100)
    result = measured(QUESTION.measure, experiment)
    seen, verdict = Seen(experiment, result), QUESTION.verdict(experiment)
    table = PAGE.pictures(seen)[0].table
    loss = table[table.role == "cell"].loss.to_numpy()
    assert len(loss) == SIDE**2
    assert (loss < result.guess - HEARD).mean() == verdict.number
    assert loss.std() == pytest.approx(verdict.numbers["spread"])
    said = PAGE.said(seen)
    assert f"**{verdict.number:.0%}** of this plane" in said
    assert f"{verdict.number:.0%} of the plane" in verdict.headline or not verdict.number
    assert f"from {loss.min():.2f} to {loss.max():.2f};" in said
