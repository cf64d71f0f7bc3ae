"""B4: the verdict, and what overturns it; parts of factors."""

from dataclasses import replace
from typing import Any

import pytest
from verdicts import misfits, overturned, stands

import core
from core.questions.b4_factors import QUESTION, measure

PLAIN, MLP = core.Experiment(), core.Experiment(core.FeedForward(), core.Blobs())


def test_own_settings() -> None:
    """The product vanishes."""
    stands("b4", "holds", 0.0, 1e-6)


@pytest.mark.parametrize(
    ("expected", "settings"), [("fails", {"cell": "lstm", "forget_bias": 3.0}), ("only_when", {"gap": 8})]
)
def test_other_settings_overturn_it(expected: str, settings: dict[str, Any]) -> None:
    """Factors around 1, and few of them."""
    overturned("b4", expected, **settings)


def test_what_does_not_fit_gets_advice() -> None:
    """One step, two recurrent layers, one layer."""
    misfits("b4", replace(PLAIN, task=core.Noise(length=1)), PLAIN.changed(layers=2), MLP.changed(depth=1))


@pytest.mark.parametrize("experiment", [MLP, MLP.changed(activation="relu", initialiser="he")])
def test_layers_have_factors_too(experiment: core.Experiment) -> None:
    """Their product is the gradient."""
    verdict = QUESTION.verdict(experiment)
    assert verdict.numbers["error"] < 1e-9
    assert verdict.numbers["ln product"] == pytest.approx(core.measure(experiment).relative[0])


def test_what_lies_behind_an_exact_zero_does_not_count() -> None:
    """Without a matrix one factor of a plain RNN is 0; in an LSTM all goes past the matrix."""
    plain = measure(QUESTION.base.changed(gain=0.0)).factors.typical
    assert 0 < plain["slope"] < 1 and plain["weights"] == 0 and plain["carried"] == 1
    lstm = measure(QUESTION.base.changed(gain=0.0, cell="lstm")).factors.typical
    assert lstm["weights"] == 0 and lstm["carried"] == float("inf")
