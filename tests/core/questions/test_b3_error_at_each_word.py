"""B3: the verdict, and what overturns it."""

import pytest
from verdicts import misfits, overturned, stands

import core
from core.questions.b3_error_at_each_word import QUESTION, measure


def test_own_settings() -> None:
    """Every word has an error, and every error reaches every earlier word."""
    stands("b3", "holds", 1.0, 1.0)


def test_other_settings_overturn_it() -> None:
    """Without a recurrent matrix nothing is handed back."""
    overturned("b3", "fails", gain=0.0)


def test_a_task_that_asks_at_its_end_has_one_error() -> None:
    """One word in all of the sentence."""
    verdict = QUESTION.verdict(core.Experiment())
    assert verdict.verdict == "only_when"
    assert verdict.number == pytest.approx(1 / core.Experiment().task.shape().steps)
    assert "26 words" in verdict.overturned_by


def test_what_does_not_fit_gets_advice() -> None:
    """Layers, and a matrix for each step."""
    misfits("b3", core.Experiment(core.FeedForward(), core.Blobs()), core.Experiment().changed(tied=False))


def test_without_a_matrix_an_error_reaches_its_own_word_alone() -> None:
    """The diagonal of the map, and the first of the states."""
    result = measure(QUESTION.base.changed(gain=0.0))
    steps = len(result.map.log_norm)
    assert result.reached == pytest.approx(steps / len(result.pairs))
    assert result.carried[0] > 0 == result.carried[1:].max()
