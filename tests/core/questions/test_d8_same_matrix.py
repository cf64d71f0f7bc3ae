"""D8: the verdict, and what overturns it; sharing is judged only where something vanishes."""

import pytest
from verdicts import misfits, overturned, stands

import core
from core.questions.d8_same_matrix import QUESTION

SMALL = {"hidden": 8, "gap": 10}


def test_own_settings() -> None:
    """It vanishes with a matrix for each step as well."""
    stands("d8", "fails", -0.75, -0.55)


def test_other_settings_overturn_it() -> None:
    """Powers of a non-normal matrix are not like products of many."""
    overturned("d8", "holds", initialiser="nonnormal", shear=2.0, gain=0.9)


@pytest.mark.parametrize("settings", [{"seed": 999_999}, {"gain": 0.0}])
def test_it_vanishes_with_any_seed_and_at_once(settings: dict[str, float]) -> None:
    """The largest seed, and a product that is zero at once."""
    assert QUESTION.verdict(QUESTION.base.changed(**SMALL, **settings)).verdict == "fails"


def test_what_does_not_fit_gets_advice() -> None:
    """One that grows is no example; no recurrence, and no recurrent matrix."""
    misfits("d8", core.Experiment(core.FeedForward(), core.Blobs()), core.Experiment().changed(cell="mingru"))
    with pytest.raises(core.SpecError, match="does not vanish"):
        QUESTION.verdict(QUESTION.base.changed(**SMALL, radius=4.0))
    with pytest.raises(core.SpecError, match="has none"):
        QUESTION.verdict(QUESTION.base.changed(**SMALL, cell="lru"))
