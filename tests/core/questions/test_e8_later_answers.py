"""E8: the verdict, what overturns it, and what each entry is."""

from dataclasses import replace

import pytest
from decided import decided
from verdicts import judged, misfits, stands

import core
from core.questions.e8_later_answers import ANSWERS, QUESTION, LaterAnswers


@pytest.mark.slow
def test_own_settings() -> None:
    """Four of six."""
    stands("e8", "only_when", 0.5, 0.84)
    numbers = judged("e8").numbers
    assert {name for name in ANSWERS if numbers[name] >= 0.9} == {
        "LSTM with chrono",
        "minGRU with chrono",
        "LRU",
        "attention",
    }


def test_other_settings_overturn_it() -> None:
    """A gap that all of them learn."""
    decided("e8", "holds", gap=3, steps=100)


def test_a_network_that_has_learned_nothing_shows_nothing() -> None:
    """After ten steps every answer is a guess: that is not because of the distance."""
    assert "learn" in decided("e8", "only_when", steps=10, gap=10).when


def test_what_does_not_fit_gets_advice() -> None:
    """Layers, and a task without a word that decides."""
    noise = replace(core.Experiment().changed(steps=1), task=core.Noise(length=12))
    misfits("e8", core.Experiment(core.FeedForward(), core.Blobs()), noise)


def test_entries_are_what_they_say() -> None:
    """Whatever the visitor's network is, the plain part of each entry is plain; chrono is for as long as was said."""
    odd = QUESTION.base.changed(cell="lstm", chrono=7, recurrent_norm="layer", gain=2.0)
    later = {name: LaterAnswers(ANSWERS, 31).answer(odd, name).network for name in ANSWERS}
    assert later.pop("attention") == core.Attention()
    assert {name: network.chrono for name, network in later.items()} == {
        "orthogonal": 0,
        "LayerNorm": 0,
        "LSTM with chrono": 31,
        "minGRU with chrono": 31,
        "LRU": 0,
    }
    assert [name for name, network in later.items() if network.recurrent_norm == "layer"] == ["LayerNorm"]
