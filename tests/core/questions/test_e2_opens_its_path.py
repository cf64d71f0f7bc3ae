"""E2: the verdict, what overturns it, and the way that opens in training."""

from dataclasses import replace

import pytest
from decided import decided
from verdicts import judged, misfits, stands

import core
from core.questions import e2_opens_its_path
from core.questions.base import measured
from core.questions.e2_opens_its_path import QUESTION, measure

ORTHOGONAL = {"initialiser": "orthogonal", "gain": 1.35}
PLAIN = core.Experiment()


@pytest.fixture
def hardly_a_bit(monkeypatch: pytest.MonkeyPatch) -> None:
    """Shortens the longest part, which decides nothing."""
    monkeypatch.setattr(e2_opens_its_path, "BIT", core.Training(steps=2))


@pytest.mark.slow
def test_own_settings() -> None:
    """One start at least learns ten words, none twenty."""
    stands("e2", "only_when", 0.5, 1.0)


@pytest.mark.usefixtures("hardly_a_bit")
@pytest.mark.parametrize(
    ("expected", "settings"),
    [("holds", {**ORTHOGONAL, "gap": 5, "steps": 150}), ("fails", {"gap": 20, "steps": 60})],
)
def test_other_settings_overturn_it(expected: str, settings: dict[str, object]) -> None:
    """A wider start, and a way that is too long."""
    decided("e2", expected, **settings)


@pytest.mark.usefixtures("hardly_a_bit")
def test_a_network_that_has_learned_nothing_shows_nothing() -> None:
    """After one step every answer is a guess: that is not because of the distance."""
    assert "learn" in decided("e2", "only_when", steps=1, gap=10).when


def test_what_does_not_fit_gets_advice() -> None:
    """Layers, a task without a word that decides, gates, and a matrix for each step."""
    noise = replace(PLAIN, task=core.Noise(length=12), training=core.Training(steps=1))
    mlp = core.Experiment(core.FeedForward(), core.Blobs())
    misfits("e2", mlp, noise, PLAIN.changed(cell="lstm"), PLAIN.changed(tied=False))


def test_the_best_start_is_the_one_that_is_spoken_of() -> None:
    """It is one of the three, and none is right more often."""
    result = measured(measure, QUESTION.base.changed(gap=2, steps=30))
    assert len(result.of) == 3 and result.best in [*result.of]
    assert result.best.final == max(opening.final for opening in result.of)
    assert result.learned == 3 * result.share


@pytest.mark.slow
def test_the_way_opens_in_training() -> None:
    """Radius .62 → 2.42 and slope −.69 → +.16 in networks that learn 10 words."""
    numbers = judged("e2").numbers
    assert numbers["slope before"] == pytest.approx(-0.69, abs=0.05)
    assert numbers["highest slope"] > 0.1
    assert numbers["radius before"] < 0.8 < 2 < numbers["radius after"]
    assert (numbers["far"], numbers["20 words, orthogonal"]) == (0.0, 1.0)
    assert (numbers["100 steps, small random"], numbers["100 steps, orthogonal"]) == (0.0, 1.0)
