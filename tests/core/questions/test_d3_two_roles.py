"""D3: the verdict, and what overturns it; roles need a way back."""

import pytest
from verdicts import misfits, overturned, stands

import core
from core.instruments.roles import split_roles
from core.instruments.two_roles import LONG
from core.questions.d3_two_roles import QUESTION

IDENTITY = {"cell": "relu", "initialiser": "identity"}


def test_own_settings() -> None:
    """Little comes from far back."""
    stands("d3", "only_when", 1e-4, 1e-2)


@pytest.mark.parametrize(("expected", "settings"), [("holds", IDENTITY), ("fails", {"gain": 0.0})])
def test_other_settings_overturn_it(expected: str, settings: dict[str, object]) -> None:
    """From the identity much comes from far back; without recurrent weights there is no second role."""
    overturned("d3", expected, **settings)


def test_all_numbers_are_of_the_top_layer() -> None:
    """Those of the network for comparison, too."""
    verdict = QUESTION.verdict(QUESTION.base.changed(layers=2))
    other = split_roles(QUESTION.base.changed(layers=2, **IDENTITY))
    assert verdict.numbers["ReLU from the identity"] == other.beyond("recurrent.weight_hh_l1", LONG)


def test_what_does_not_fit_gets_advice() -> None:
    """No steps, no written-out cell, and no long range in a short sentence."""
    plain = core.Experiment()
    misfits("d3", core.Experiment(core.FeedForward(), core.Blobs()), plain.changed(cell="lru"), plain.changed(gap=2))
    with pytest.raises(core.SpecError, match="longer"):
        QUESTION.verdict(QUESTION.base.changed(gap=2))
