"""A2: the verdict, and what overturns it."""

from dataclasses import replace

from verdicts import judged, misfits, overturned, stands

import core

PLAIN = core.Experiment()


def test_own_settings() -> None:
    """Exact, also against arithmetic of 80 digits, and no use."""
    stands("a2", "only_when", 0.0, 1e-8)
    verdict = judged("a2")
    assert verdict.numbers["80 digits"] < 1e-8 < 1e-2 < verdict.numbers["differences of the loss"]
    assert "question A3" in verdict.when


def test_float32_ends_before_the_word() -> None:
    """Then the number that decides is the steps that float32 lasts."""
    verdict = overturned("a2", "fails", gain=0.3, hidden=8, gap=60)
    assert verdict.number == verdict.numbers["float32 ends after"] < 63


def test_a_healthy_gradient_is_of_use() -> None:
    """Exact, and enough of it arrives."""
    assert overturned("a2", "holds", cell="lstm", forget_bias=3.0, hidden=8, gap=6).number < 1e-6


def test_what_does_not_fit_gets_advice() -> None:
    """Layers, answers at every step, and a matrix for each step."""
    misfits(
        "a2",
        core.Experiment(core.FeedForward(), core.Blobs()),
        replace(PLAIN, task=core.Roles()),
        PLAIN.changed(tied=False),
    )
