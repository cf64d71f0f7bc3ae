"""E3: the verdict, and what overturns it."""

import pytest
from decided import decided
from verdicts import misfits, stands

import core
from core.questions.e3_fading_slopes import QUESTION


def test_own_settings() -> None:
    """Sigmoid units: slopes of a quarter at most, one for each step."""
    stands("e3", "holds", 0.2, 0.25)


@pytest.mark.parametrize(("expected", "cell"), [("fails", "relu"), ("only_when", "lstm")])
def test_other_settings_overturn_it(expected: str, cell: str) -> None:
    """A slope that does not fade, and a path past the slopes."""
    decided("e3", expected, cell=cell)


def test_what_does_not_fit_gets_advice() -> None:
    """Layers, and units without an activation."""
    misfits("e3", core.Experiment(core.FeedForward(), core.Blobs()))
    with pytest.raises(core.SpecError, match="is linear"):
        QUESTION.verdict(core.Experiment().changed(cell="lru"))
