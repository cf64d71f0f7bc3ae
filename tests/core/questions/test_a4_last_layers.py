"""A4: the verdict, and what overturns it."""

from verdicts import judged, misfits, overturned, stands

import core
from core.questions.a4_last_layers import STILL


def test_own_settings() -> None:
    """Layers that hardly move, of eight (6e-4, 8e-4, 1e-3, 3e-3 were measured before), and none with tanh or ReLU."""
    stands("a4", "only_when", 0.5, 0.75)
    numbers = judged("a4").numbers
    assert numbers["first"] < STILL < numbers["last"]
    assert "tanh and Xavier weights" in judged("a4").when
    assert numbers["tanh with Xavier weights, still"] < 0.5 <= numbers["here, still"]


def test_other_settings_overturn_it() -> None:
    """With tanh all layers move."""
    assert "sigmoid" in overturned("a4", "fails", activation="tanh", steps=60).overturned_by


def test_what_does_not_fit_gets_advice() -> None:
    """It is about layers."""
    misfits("a4", core.Experiment())
