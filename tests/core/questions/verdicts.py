"""What every question's verdict must be like, for the tests of each."""

import re
from functools import lru_cache
from typing import Any

import pytest
from in_force import named_in_force

import core
from core.questions import QUESTIONS, Verdict

ADVICE = r"needs|choose|take|set |is about|compares|is checked|is counted"


@lru_cache
def judged(row: str) -> Verdict:
    """Returns the verdict with the row's own settings."""
    return QUESTIONS[row].verdict(QUESTIONS[row].base)


def stands(row: str, expected: str, low: float, high: float) -> None:
    """Checks verdict and number with the row's own settings, and that texts end like sentences, with finite numbers in them."""
    question, verdict = QUESTIONS[row], judged(row)
    assert verdict.verdict == expected
    assert low <= verdict.number <= high
    for text in (question.claim, verdict.headline, verdict.finding, verdict.overturned_by):
        assert text.endswith("."), text
        assert not re.search(r"\bnan\b|\binf\b|not a number|\de[-+]\d|  ", text), text
    assert verdict.headline[0].isupper() or verdict.headline[0].isdigit()
    assert all(isinstance(value, float | int) for value in verdict.numbers.values())
    assert verdict.number in verdict.numbers.values()
    assert named_in_force(question.base, verdict) == []


def overturned(row: str, expected: str, **settings: Any) -> Verdict:
    """Checks that nothing is decided beforehand: other settings lead to another verdict."""
    experiment = QUESTIONS[row].base.changed(**settings)
    verdict = QUESTIONS[row].verdict(experiment)
    assert expected == verdict.verdict != judged(row).verdict
    assert named_in_force(experiment, verdict) == []
    return verdict


def misfits(row: str, *experiments: core.Experiment) -> None:
    """Checks that a SpecError says what to choose where the question can't be asked."""
    for experiment in experiments:
        with pytest.raises(core.SpecError, match=ADVICE):
            QUESTIONS[row].verdict(experiment)
