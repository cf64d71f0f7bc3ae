"""D4: one way back does for all words, unless it is cut."""

from dataclasses import replace

import pytest
from verdicts import misfits, overturned, stands

import core
from core.questions.d4_word_by_word import QUESTION


def test_own_settings() -> None:
    """Exactly equal without windows."""
    stands("d4", "only_when", 0.0, 1e-12)


def test_other_settings_overturn_it() -> None:
    """Something else with windows."""
    cut = overturned("d4", "fails", truncate=3)
    assert cut.numbers["exact"] < 1e-12 < cut.number


def test_what_does_not_fit_gets_advice() -> None:
    """No words, and numbers as answers, which have no word-by-word loss."""
    misfits("d4", core.Experiment(core.FeedForward(), core.Blobs()), replace(QUESTION.base, task=core.Adding(length=8)))
    with pytest.raises(core.SpecError, match="classes"):
        QUESTION.verdict(core.Experiment(task=core.Adding(length=8)))
