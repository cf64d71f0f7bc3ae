"""D1: the verdict, and what overturns it; nothing is judged that was not shown."""

from dataclasses import replace

import pytest
from verdicts import misfits, overturned, stands

import core
from core.questions.d1_was_or_were import HERE, QUESTION, measure

BLOWS_UP = {"cell": "relu", "gain": 3.0, "optimiser": "sgd", "learning_rate": 10.0, "clip": 0.0}


@pytest.mark.slow
def test_own_settings() -> None:
    """science.md, 3: the plain RNN learns 0 of 3 from 15 words in between; here it takes 20."""
    stands("d1", "holds", 0.4, 0.6)


@pytest.mark.slow
def test_other_settings_overturn_it() -> None:
    """Near enough it is learned."""
    overturned("d1", "fails", gap=4, steps=100)


def test_a_network_that_has_learned_nothing_shows_nothing() -> None:
    """After one step every answer is a guess: that is not because of the distance."""
    verdict = QUESTION.verdict(QUESTION.base.changed(steps=1))
    assert verdict.verdict == "only_when"
    assert "learned" in verdict.when


def test_a_network_that_blew_up_is_not_judged() -> None:
    """What it answered before it was trained is not what it learned."""
    with pytest.raises(core.SpecError, match="blew up"):
        QUESTION.verdict(QUESTION.base.changed(**BLOWS_UP))


def test_the_own_distance_is_measured() -> None:
    """Also where no other question asks for it."""
    result = measure(QUESTION.base.changed(steps=1, gap=7))
    assert result.gaps == (2, 4, 7, 10, 15, 20, 30)
    assert result.at(HERE, 7) == result.accuracy[HERE][2]


def test_what_does_not_fit_gets_advice() -> None:
    """No words, and another sentence."""
    misfits("d1", core.Experiment(core.FeedForward(), core.Blobs()))
    misfits("d1", replace(QUESTION.base.changed(steps=1, hidden=2), task=core.France(gap=2)))
