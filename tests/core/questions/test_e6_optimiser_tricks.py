"""E6: the verdict, what overturns it, and what each entry is."""

from dataclasses import replace

import pytest
from decided import decided
from verdicts import judged, misfits, stands

import core
from core.questions.e6_optimiser_tricks import CHANGES, QUESTION, TRICKS


@pytest.mark.slow
def test_own_settings() -> None:
    """No trick learns twenty words; what changes the gradient does."""
    stands("e6", "only_when", 0.05, 0.4)
    numbers = judged("e6").numbers
    assert numbers["leaky units"] >= 0.9
    assert numbers["penalty Ω"] >= 0.9
    assert max(numbers[name] for name in TRICKS) < 0.4


@pytest.mark.parametrize(
    ("expected", "settings"), [("fails", {"gap": 2, "steps": 150}), ("holds", {"gap": 10, "steps": 400})]
)
def test_other_settings_overturn_it(expected: str, settings: dict[str, object]) -> None:
    """So short that no trick is needed, and so short that tricks suffice."""
    decided("e6", expected, **settings)


def test_a_network_that_has_learned_nothing_shows_nothing() -> None:
    """After two steps every answer is a guess: that is not because of the distance."""
    assert "learn" in decided("e6", "only_when", steps=2, gap=10).when


def test_what_does_not_fit_gets_advice() -> None:
    """Layers, and a task without a word that decides."""
    noise = replace(core.Experiment().changed(steps=1), task=core.Noise(length=12))
    misfits("e6", core.Experiment(core.FeedForward(), core.Blobs()), noise)


def test_the_penalty_s_network_is_plain() -> None:
    """Whatever the visitor's network is."""
    odd = QUESTION.base.changed(cell="lstm", chrono=7, recurrent_norm="layer", gain=2.0)
    assert odd.changed(**CHANGES["penalty Ω"]).network == QUESTION.base.network
    assert odd.changed(**TRICKS["SGD"]).network == odd.network
