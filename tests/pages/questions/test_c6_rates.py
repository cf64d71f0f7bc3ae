"""C6: where the gentler learning rate is the better one, the bars are its accuracies, and say which rates were tried."""

from core.questions.base import measured
from core.questions.c6_resnets import ALONE, BOTH, QUESTION
from core.questions.settings import right
from pages.frame.question_page import Seen
from pages.questions.c6_resnets import PAGE

EXPERIMENT = QUESTION.base.changed(depth=16, width=16, activation="tanh", initialiser="xavier", steps=60)


def test_the_better_rate_is_drawn_and_said() -> None:
    """The bars were those of the first rate alone: normalisation alone does better with the second one."""
    result = measured(QUESTION.measure, EXPERIMENT)
    verdict, seen = QUESTION.verdict(EXPERIMENT), Seen(EXPERIMENT, result)
    first, second = result[ALONE].accuracies.values()
    assert second > first
    learned = PAGE.pictures(seen)[1]
    drawn = learned.table.set_index("name")
    assert drawn.value[ALONE] == second == verdict.numbers[f"{ALONE}, accuracy"]
    assert all(f"{name} {text}" in verdict.finding for name, text in drawn.text.items())
    assert drawn.text[BOTH] == right(result[BOTH].accuracy) and drawn.text[BOTH] in verdict.headline
    assert "the better of two learning rates, 0.1 and 0.01" in learned.title
    assert "the better of two learning rates (0.1 and 0.01)" in verdict.finding
    assert "the better of two learning rates" in PAGE.said(seen)
