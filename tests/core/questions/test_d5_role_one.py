"""D5: the verdict, and what overturns it."""

import pytest
from verdicts import misfits, overturned, stands

import core
from core.questions.d5_role_one import QUESTION


def test_own_settings() -> None:
    """science.md, 3: all right by step 100."""
    stands("d5", "holds", 0.97, 1.0)


def test_other_settings_overturn_it() -> None:
    """Plain SGD is too slow."""
    overturned("d5", "fails", optimiser="sgd", steps=60)


def test_a_network_that_blew_up_is_not_judged() -> None:
    """What it answered before it was trained is not what it learned."""
    settings = {"cell": "relu", "gain": 3.0, "optimiser": "sgd", "learning_rate": 10.0, "clip": 0.0}
    with pytest.raises(core.SpecError, match="blew up"):
        QUESTION.verdict(QUESTION.base.changed(**settings))


def test_what_does_not_fit_gets_advice() -> None:
    """No words, and one role."""
    misfits("d5", core.Experiment(core.FeedForward(), core.Blobs()), core.Experiment())
