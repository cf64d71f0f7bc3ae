"""C5: the verdict, and what overturns it."""

from dataclasses import replace

from verdicts import judged, misfits, overturned, stands

import core

PLAIN = core.Experiment()


def test_own_settings() -> None:
    """As bad from the RNN's small weights, and not from an MLP's usual ones; hardly a unit is saturated."""
    stands("c5", "only_when", 0.67, 1.1)
    numbers = judged("c5").numbers
    assert numbers["mlp"] < 0.7 < 0.8 < numbers["mlp, usual"]
    assert numbers["saturated"] < 0.01


def test_with_sigmoid_units_it_holds() -> None:
    """Then the contrast is a tanh MLP."""
    verdict = overturned("c5", "holds", cell="sigmoid")
    assert verdict.numbers["mlp, usual"] < verdict.numbers["mlp, tanh and Xavier"]


def test_orthogonal_weights_are_not_as_bad_in_an_mlp() -> None:
    """Then the contrast is PyTorch's weights, in both kinds of network."""
    assert "From PyTorch's weights" in overturned("c5", "fails", initialiser="orthogonal").overturned_by


def test_what_does_not_fit_gets_advice() -> None:
    """Layers, gates, and more steps than an MLP has layers."""
    misfits(
        "c5",
        core.Experiment(core.FeedForward(), core.Blobs()),
        PLAIN.changed(cell="gru"),
        replace(PLAIN, task=core.Noise(length=300)),
    )
