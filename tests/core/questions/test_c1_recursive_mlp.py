"""C1: the verdict, and what overturns it; a layer is straight and a gate is not."""

from dataclasses import replace

import pytest
from verdicts import judged, misfits, overturned, stands

import core
from core.instruments.bend import bend

PLAIN = core.Experiment()


def test_own_settings() -> None:
    """The feed-forward twin is the same, up to rounding."""
    stands("c1", "holds", 0.0, 1e-12)
    assert judged("c1").numbers["twin"] == judged("c1").number < 1e-3 < judged("c1").numbers["bent"]


@pytest.mark.parametrize("cell", ["gru", "lstm"])
def test_gates_overturn_it(cell: str) -> None:
    """They multiply."""
    verdict = overturned("c1", "fails", cell=cell)
    assert "gates multiply" in verdict.finding
    assert verdict.number == verdict.numbers["bent"]


def test_what_does_not_fit_gets_advice() -> None:
    """Layers, a matrix for each step, a cell without tanh, and a single step."""
    misfits(
        "c1",
        core.Experiment(core.FeedForward(), core.Blobs()),
        PLAIN.changed(tied=False),
        PLAIN.changed(cell="lru"),
        replace(PLAIN, task=core.Noise(length=1)),
    )


def test_a_layer_is_straight_and_a_gate_is_not() -> None:
    """The test that finds gates bent finds φ(W h + b) straight, up to rounding."""
    assert bend(PLAIN) < 1e-10
    assert bend(PLAIN.changed(cell="gru")) > 1e-3
