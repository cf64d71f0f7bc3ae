"""B4: the parts of a typical factor are the same in the sentence and in the card."""

import pytest

from core.questions.b4_factors import QUESTION, measure
from pages.frame.question_page import Seen
from pages.questions.b4_factors import PAGE


@pytest.mark.parametrize("settings", [{}, {"gain": 0.0}, {"gain": 0.0, "cell": "lstm"}, {"cell": "relu", "gain": 0.5}])
def test_sentence_and_card_say_the_same_parts(settings: dict[str, object]) -> None:
    """Where a factor is exactly 0, too."""
    experiment = QUESTION.base.changed(**settings)
    said = PAGE.said(Seen(experiment, measure(experiment)))
    parts = QUESTION.verdict(experiment).finding.partition("made of ")[2].rstrip(".")
    for part in parts.split(", "):
        name, value = part.split(" ")
        assert f"{value} ({name})" in said
    assert "nan" not in said + parts
