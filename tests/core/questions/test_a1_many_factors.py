"""A1: the verdict, and what overturns it; a decay is the mean of single measurements."""

from dataclasses import replace

import numpy as np
import pytest
from verdicts import misfits, overturned, stands

import core
from core.instruments.starts import decay, starts
from core.questions.a1_many_factors import QUESTION
from core.wording import scientific

PLAIN, MLP = core.Experiment(), core.Experiment(core.FeedForward(), core.Blobs())


def test_own_settings() -> None:
    """The factor per step back of torch's default tanh, 64 units (.576 was measured before)."""
    stands("a1", "holds", 0.55, 0.60)


def test_the_identity_keeps_the_gradient() -> None:
    """Then the contrast is a plain RNN, and how long it takes."""
    assert "for a plain RNN" in overturned("a1", "fails", cell="relu", initialiser="identity").overturned_by


def test_few_steps_lose_little() -> None:
    """The condition is the number of steps from which on a ten-thousandth is left."""
    verdict = overturned("a1", "only_when", length=12)
    assert verdict.when.startswith("the sequence is longer than ")
    assert int(verdict.when.split()[-2]) > 12


def test_what_does_not_fit_gets_advice() -> None:
    """Layers, and a single step."""
    misfits("a1", MLP, replace(PLAIN, task=core.Noise(length=1)))


def test_the_headline_says_what_arrives() -> None:
    """A power of ten as people write it."""
    verdict = QUESTION.verdict(QUESTION.base)
    assert f"{verdict.numbers['rate']:.3f}" in verdict.headline
    assert scientific(verdict.numbers["ln arrives"]) in verdict.headline
    assert "a straight line on the log axis" in verdict.finding


def test_decay_is_the_mean_of_single_measurements() -> None:
    """Side by side or one by one: the same."""
    experiment = core.Experiment(core.Recurrent(hidden=8), core.France(gap=9), seed=3)
    profiles = [core.measure(each) for each in starts(experiment, 3)]
    found = decay(experiment, 3)
    assert found.slope == pytest.approx(np.mean([profile.fit.slope for profile in profiles]))
    assert found.reach == pytest.approx(np.mean([profile.relative[3] for profile in profiles]))
    assert found.steps_to(-1.0) == pytest.approx(-1 / found.slope)


def test_nothing_arrives_where_nothing_is_passed_on() -> None:
    """A recurrent matrix of zeros: a share of exactly 0, and no straight line."""
    found = decay(PLAIN.changed(gain=0.0), 2)
    assert found.reach == -np.inf
    assert found.rate == 0.0
