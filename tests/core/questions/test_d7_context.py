"""D7: the verdict, and what overturns it; nothing is judged that was not shown."""

import pytest
from verdicts import misfits, overturned, stands

import core
from core.questions.d7_context import QUESTION


def test_own_settings() -> None:
    """The probe guesses."""
    stands("d7", "holds", 0.4, 0.6)


def test_other_settings_overturn_it() -> None:
    """From the identity the context holds the word."""
    overturned("d7", "fails", cell="relu", initialiser="identity", gap=12, steps=120)


def test_a_network_that_has_learned_nothing_shows_nothing() -> None:
    """After one step every answer is a guess: that is not because of the distance."""
    verdict = QUESTION.verdict(QUESTION.base.changed(steps=1))
    assert verdict.verdict == "only_when"
    assert "learned" in verdict.when


def test_a_network_that_blew_up_is_not_judged() -> None:
    """What it answered before it was trained is not what it learned."""
    settings = {"cell": "relu", "gain": 3.0, "optimiser": "sgd", "learning_rate": 10.0, "clip": 0.0}
    with pytest.raises(core.SpecError, match="blew up"):
        QUESTION.verdict(QUESTION.base.changed(**settings))


def test_what_does_not_fit_gets_advice() -> None:
    """No words, and one role."""
    misfits("d7", core.Experiment(core.FeedForward(), core.Blobs()), core.Experiment())
