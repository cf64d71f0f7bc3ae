"""B6: the verdict, and what overturns it; the forecast of a vanished gradient's steps."""

import numpy as np
import pytest
from verdicts import misfits, overturned, stands

import core
from core.questions.b6_scaled_gradient import QUESTION, measure, steps_said


def test_own_settings() -> None:
    """Ten times as many steps for each power of ten."""
    stands("b6", "holds", 0.99, 1.01)


def test_other_settings_overturn_it() -> None:
    """Adam divides by the gradient's size."""
    overturned("b6", "fails", optimiser="adam")


def test_what_does_not_fit_gets_advice() -> None:
    """Layers, and a learning rate with which no ball arrives."""
    too_small = QUESTION.base.changed(learning_rate=1e-5)
    misfits("b6", core.Experiment(core.FeedForward(), core.Blobs()), too_small)


def test_the_forecast_goes_on_tenfold() -> None:
    """From the last count of plain descent on, whatever the experiment's own optimiser is."""
    result = measure(QUESTION.base)
    assert next(iter(result.counts)) == "sgd"
    assert result.growth == pytest.approx(1, abs=0.01)
    assert result.forecast == pytest.approx(result.counts["sgd"][-1] * 10 ** (result.lost - 3), rel=0.01)
    rmsprop = measure(QUESTION.base.changed(optimiser="rmsprop"))
    assert rmsprop.growth == pytest.approx(0, abs=0.05)
    assert rmsprop.forecast == result.forecast


def test_counts_in_words() -> None:
    """What never arrives is said as such."""
    assert steps_said(np.array([40, 40.0])) == "40 and 40"
    assert steps_said(np.array([55, 5701.0, 57035, np.inf])) == "55, 5701, 5.7·10⁴ and ∞ (∞: not within 10⁵)"
