"""E4: the verdict, what overturns it, and the gates' product."""

import numpy as np
import pytest
from decided import decided
from verdicts import judged, misfits, stands

import core


def test_own_settings() -> None:
    """At a forget bias of 1 next to nothing is left after a hundred steps."""
    stands("e4", "only_when", 1e-14, 1e-11)


def test_other_settings_overturn_it() -> None:
    """A larger forget bias."""
    decided("e4", "holds", forget_bias=5.0, hidden=8, gap=40)


def test_what_does_not_fit_gets_advice() -> None:
    """Layers, no cell path, and a stack."""
    plain = core.Experiment()
    mlp = core.Experiment(core.FeedForward(), core.Blobs())
    misfits("e4", mlp, plain, plain.changed(cell="gru"), plain.changed(cell="lstm", layers=2))


def test_the_gates_product_is_the_forget_bias() -> None:
    """σ(b) to the distance (the gates' inputs are small), and what arrives on the cell path is near it."""
    numbers = judged("e4").numbers
    for bias in (3.0, 5.0):
        assert numbers[f"ln cell path, bias {bias:g}"] == pytest.approx(102 * -np.log1p(np.exp(-bias)), rel=0.15)
    assert numbers["ln gates"] == pytest.approx(102 * -np.log1p(np.exp(-1.0)), rel=0.1)
    assert numbers["ln hidden path"] < numbers["ln cell path"] < numbers["ln all paths"]
    assert numbers["bit, own"] < 0.7 < 0.9 < numbers["bit, best"]
