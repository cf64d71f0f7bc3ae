"""What settings decide, whatever a question's own settings may: for verdicts of which those take long."""

import re
from typing import Any

from in_force import named_in_force

from core.questions import QUESTIONS, Verdict


def decided(row: str, expected: str, **settings: Any) -> Verdict:
    """Checks the verdict with other settings, and that its texts are sentences with finite numbers in them."""
    experiment = QUESTIONS[row].base.changed(**settings)
    verdict = QUESTIONS[row].verdict(experiment)
    assert verdict.verdict == expected
    for text in (verdict.headline, verdict.finding, verdict.overturned_by):
        assert text.endswith("."), text
        assert not re.search(r"\bnan\b|\binf\b|not a number|\de[-+]\d|  ", text), text
    assert re.search(r"\d", verdict.headline + verdict.finding)
    assert re.search(r"\d", verdict.overturned_by)
    assert all(isinstance(value, float | int) for value in verdict.numbers.values())
    assert verdict.number in verdict.numbers.values()
    assert named_in_force(experiment, verdict) == []
    return verdict
