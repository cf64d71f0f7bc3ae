"""E5: the verdict, and what overturns it."""

from dataclasses import replace
from math import log

import pytest
from decided import decided
from verdicts import judged, misfits, stands

import core
from core.questions.e5_relu_and_sparsity import QUESTION

PLAIN = core.Experiment()


@pytest.mark.slow
def test_own_settings() -> None:
    """From small weights it learns nothing, from the identity it does."""
    stands("e5", "only_when", 0.05, 0.4)
    numbers = judged("e5").numbers
    assert log(numbers["rate, as set above"]) == pytest.approx(-0.945, abs=0.06)
    assert numbers["from the identity"] >= 0.9


@pytest.mark.parametrize(
    ("expected", "settings"),
    [
        ("holds", {"initialiser": "identity", "gap": 15, "steps": 200}),
        ("fails", {"sparsity": 10.0, "gap": 12, "steps": 200}),
    ],
)
def test_other_settings_overturn_it(expected: str, settings: dict[str, object]) -> None:
    """From the identity, and with a penalty that is too large."""
    decided("e5", expected, **settings)


def test_a_network_that_has_learned_nothing_shows_nothing() -> None:
    """After two steps every answer is a guess: that is not because of the distance."""
    assert "learn" in decided("e5", "only_when", steps=2, gap=10).when


def test_what_does_not_fit_gets_advice() -> None:
    """Layers, other units, and a task without a word that decides."""
    noise = replace(PLAIN.changed(cell="relu", steps=1), task=core.Noise(length=12))
    misfits("e5", core.Experiment(core.FeedForward(), core.Blobs()), PLAIN, noise)


def test_a_network_that_blew_up_is_not_judged() -> None:
    """What was seen before says nothing about learning; the picture has what was known by then."""
    wild = QUESTION.base.changed(steps=20, gap=30, learning_rate=1.0, clip=0.0, initialiser="identity", gain=3.0)
    with pytest.raises(core.SpecError, match="blew up"):
        QUESTION.verdict(wild)
    curve = QUESTION.measure(wild).curves["as set above"]
    assert curve.blew_up and len(curve.steps) == len(curve.accuracy)
