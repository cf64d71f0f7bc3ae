"""C5: the drawn units have the card's mean slope."""

import numpy as np
import pytest

from core.questions.base import measured
from core.questions.c5_slopes import QUESTION
from pages.frame.question_page import Seen
from pages.questions.c5_slopes import PAGE


@pytest.mark.parametrize("cell", ["tanh", "sigmoid", "relu"])
def test_the_units_meet_the_cards_mean_slope(cell: str) -> None:
    """Slope times units, up to the width of a bin; the sentence has the card's factors."""
    experiment = QUESTION.base.changed(cell=cell)
    verdict = QUESTION.verdict(experiment)
    seen = Seen(experiment, measured(QUESTION.measure, experiment))
    (picture,) = PAGE.pictures(seen)
    slopes, units = (
        picture.table[picture.table.role == role].set_index("x").y.sort_index() for role in ("theory", "measured")
    )
    assert np.average(slopes, weights=units) == pytest.approx(verdict.numbers[f"{cell}, slope"], abs=0.01)
    for name in ("rnn", "mlp", "mlp, usual"):
        assert f"**{verdict.numbers[name]:.3f}**" in PAGE.said(seen)
