"""D8: the drawn curves are means of the starts that the card speaks of."""

import numpy as np
import pytest

from core.gradients.profile import fit_line
from core.questions.base import measured
from core.questions.d8_same_matrix import QUESTION
from core.wording import LN10
from pages.frame.question_page import Seen
from pages.questions.d8_same_matrix import PAGE


@pytest.mark.parametrize("turn", [{}, *PAGE.turns.values()])
def test_the_curves_fall_as_the_card_says(turn: dict[str, object]) -> None:
    """A straight line through each drawn mean has the card's slope, and the sentence its factor."""
    experiment = QUESTION.base.changed(**turn)
    seen, numbers = Seen(experiment, measured(QUESTION.measure, experiment)), QUESTION.verdict(experiment).numbers
    (picture,) = PAGE.pictures(seen)
    table = picture.table[picture.table.role == "measured"]
    for (_, line), name in zip(table.groupby("series", sort=False), ("shared", "own", "orthogonal"), strict=True):
        assert fit_line(line.x.to_numpy(), line.y.to_numpy() * LN10).slope == pytest.approx(numbers[name])
        assert f"{np.exp(numbers[name]):.3f}" in PAGE.said(seen)
