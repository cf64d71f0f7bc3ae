"""D6: the verdict, and what overturns it; nothing is judged that was not shown."""

import pytest
from verdicts import misfits, overturned, stands

import core
from core.questions.d6_role_two import QUESTION


def test_own_settings() -> None:
    """science.md, 3: at chance to step 600."""
    stands("d6", "holds", 0.4, 0.6)


@pytest.mark.parametrize(
    "settings", [{"gap": 2, "steps": 150}, {"cell": "relu", "initialiser": "identity", "gap": 12, "steps": 120}]
)
def test_other_settings_overturn_it(settings: dict[str, object]) -> None:
    """Near enough, or with a network that keeps its gradient, it is learned."""
    overturned("d6", "fails", **settings)


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
    misfits("d6", core.Experiment(core.FeedForward(), core.Blobs()), core.Experiment())
