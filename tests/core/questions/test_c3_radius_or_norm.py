"""C3: the verdict, and what overturns it."""

from verdicts import judged, misfits, overturned, stands

import core
from core.questions.thresholds import ARRIVES

PLAIN = core.Experiment()


def test_own_settings() -> None:
    """The eigenvalue is below 1, and the gradient grows at first; scaled until σ₁ is below 1, it never does."""
    stands("c3", "only_when", 1.5, 6.0)
    numbers = judged("c3").numbers
    assert numbers["radius"] < 1 < numbers["norm"]
    assert numbers["norm, scaled"] < 1
    assert numbers["growth, scaled"] <= 1 + 1e-9
    assert "largest singular value" in judged("c3").when


def test_a_normal_matrix_never_lets_it_grow() -> None:
    """Then the contrast is a sheared matrix, with which it does."""
    verdict = overturned("c3", "holds", shear=0.0)
    assert verdict.numbers["growth, sheared"] > 1.5 > 1 + 1e-9 >= verdict.number


def test_a_long_shear_keeps_it_from_going_to_zero() -> None:
    """Over these steps more than a tenth is left."""
    assert overturned("c3", "fails", shear=2.0, length=50).numbers["ln end"] > ARRIVES


def test_what_does_not_fit_gets_advice() -> None:
    """Layers, cells of several matrices, a radius above 1, and a matrix of zeros."""
    misfits(
        "c3",
        core.Experiment(core.FeedForward(), core.Blobs()),
        PLAIN.changed(cell="gru"),
        PLAIN.changed(radius=1.2),
        PLAIN.changed(gain=0.0),
    )
