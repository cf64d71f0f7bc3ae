"""C7: the verdict, and what overturns it."""

from dataclasses import replace

from verdicts import judged, misfits, overturned, stands

import core
from core.questions.c7_counter_example import BEFORE_RESNETS, counted

PLAIN = core.Experiment()


def test_own_settings() -> None:
    """A sigmoid MLP of usual depth loses as much, others do not."""
    stands("c7", "only_when", 8.0, 19.0)
    numbers = judged("c7").numbers
    assert numbers["sigmoid with Xavier weights"] <= BEFORE_RESNETS < numbers["tanh with Xavier weights"]
    assert "tanh with Xavier weights or ReLU with He weights" in judged("c7").when


def test_many_words_need_a_contrived_mlp() -> None:
    """More layers than were in wide use."""
    assert overturned("c7", "holds", gap=60).number > BEFORE_RESNETS


def test_an_rnn_that_keeps_its_gradient_is_matched_by_any_mlp() -> None:
    """Then the contrast is a plain RNN."""
    verdict = overturned("c7", "fails", cell="relu", initialiser="identity")
    assert verdict.numbers["ln arrives, plain RNN"] < verdict.numbers["ln arrives"]


def test_what_does_not_fit_gets_advice() -> None:
    """Layers, and a task without a word that decides."""
    misfits("c7", core.Experiment(core.FeedForward(), core.Blobs()), replace(PLAIN, task=core.Noise(length=9)))


def test_layers_in_words() -> None:
    """One, several, and a gradient that does not fall."""
    assert [counted(depth) for depth in (1.2, 12.4, float("inf"))] == ["1 layer", "12 layers", "no number of layers"]
