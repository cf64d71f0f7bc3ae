"""A5: the verdict, and what overturns it."""

from verdicts import judged, misfits, overturned, stands

import core
from core.questions.a5_noise import QUESTION, measure, redrawn


def test_own_settings() -> None:
    """The first half is noise with sigmoid units, and needed with tanh."""
    stands("a5", "only_when", -1e-3, 1e-3)
    numbers = judged("a5").numbers
    assert numbers["tanh worse"] > 0.1
    assert numbers["moved"] < numbers["tanh moved"]


def test_other_settings_overturn_it() -> None:
    """With tanh the first half is used."""
    verdict = overturned("a5", "fails", activation="tanh", steps=60)
    assert verdict.number == verdict.numbers["tanh worse"]


def test_what_does_not_fit_gets_advice() -> None:
    """It is about layers."""
    misfits("a5", core.Experiment())


def test_redrawing_in_words() -> None:
    """What changes less than the last digit is no change."""
    assert redrawn(4, 1.4011, 1.4012) == "Redrawing layers 1–4 changes nothing (loss 1.401 before and after)."
    assert redrawn(1, 0.1, 1.25) == "Redrawing layer 1 takes the loss from 0.100 to 1.250."


def test_of_three_layers_the_first_one_is_drawn_anew_and_frozen() -> None:
    """Half of an odd depth is rounded down, in every sentence."""
    short = QUESTION.base.changed(depth=3, steps=20)
    verdict, undone = QUESTION.verdict(short), measure(short).here.undone
    assert verdict.number == undone.redrawn_loss[1] - undone.redrawn_loss[0]
    assert verdict.headline.startswith("Redrawing layer 1 ") and "With layer 1 frozen" in verdict.finding
