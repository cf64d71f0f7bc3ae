"""A3: the verdict, and what overturns it."""

from dataclasses import replace

import pytest
from verdicts import judged, misfits, overturned, stands

import core
from core.questions.a3_small_influence import measure
from core.questions.thresholds import LEARNED

PLAIN = core.Experiment()


def test_own_settings() -> None:
    """A word that decides every answer, and hardly any signal; a network that has learned uses it."""
    stands("a3", "fails", 1e-9, 1e-5)
    numbers = judged("a3").numbers
    assert numbers["decides"] == 1.0
    assert numbers["lstm arrives"] > 100 * numbers["arrives"]
    assert numbers["lstm right"] >= LEARNED
    assert numbers["lstm changes"] > 0.5 > numbers["lstm changes, filler"]


def test_other_settings_overturn_it() -> None:
    """Nearby the gradient is not tiny."""
    verdict = overturned("a3", "holds", gap=2, hidden=16, steps=60)
    assert verdict.numbers["plain arrives"] < verdict.number


def test_what_does_not_fit_gets_advice() -> None:
    """Layers, and a task without a word that decides: there is no picture either."""
    noise = replace(PLAIN, task=core.Noise(length=9))
    misfits("a3", core.Experiment(core.FeedForward(), core.Blobs()), noise)
    with pytest.raises(core.SpecError, match="choose"):
        measure(noise)
