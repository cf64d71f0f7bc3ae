"""C4: the verdict, and what overturns it; a fading gradient follows theory."""

import math

import pytest
from verdicts import judged, misfits, overturned, stands

import core
from core.questions.c4_mlps_and_cnns import QUESTION


def test_own_settings() -> None:
    """Both lose it, and with ReLU and He weights neither does."""
    stands("c4", "holds", 0.2, 0.35)
    numbers = judged("c4").numbers
    for kind in ("MLP", "CNN"):
        assert numbers[kind] < 0.35 < 0.7 < numbers[f"{kind}, ReLU with He weights"]


def test_other_settings_overturn_it() -> None:
    """Then the contrast is a network with sigmoid units."""
    verdict = overturned("c4", "fails", activation="tanh")
    assert verdict.numbers["MLP, sigmoid with Xavier weights"] < verdict.number


def test_what_does_not_fit_gets_advice() -> None:
    """A recurrent network, and a single layer."""
    misfits("c4", core.Experiment(), core.Experiment(core.FeedForward(depth=1), core.Blobs()))


def test_a_fading_gradient_follows_theory() -> None:
    """The MLP against mean field (.236 with Xavier weights and sigmoid)."""
    assert judged("c4").numbers["MLP"] == pytest.approx(0.236, rel=0.03)
    theory = core.measure(QUESTION.base).predicted[0].slope
    assert math.log(judged("c4").numbers["MLP"]) == pytest.approx(theory, abs=0.02)
