"""What a measurement costs, known beforehand: it grows with every size, and in proportion where matrices are large."""

from dataclasses import replace
from typing import Any

import pytest

import core
from core.execution.effort import multiplications
from core.parts.cells import CELLS

RNN = core.Experiment(core.Recurrent(cell="lstm", hidden=64, layers=2), core.Noise(length=100))
MLP = core.Experiment(core.FeedForward(depth=50, width=128), core.Blobs())


@pytest.mark.parametrize(
    ("base", "name", "values"),
    [
        (RNN, "hidden", (1, 2, 16, 64, 128)),
        (RNN, "layers", (1, 2, 3, 4)),
        (RNN, "length", (10, 60, 200, 400)),
        (RNN, "inputs", (1, 4, 16)),
        (MLP, "depth", (1, 10, 100, 200)),
        (MLP, "width", (1, 16, 64, 256)),
    ],
)
def test_every_size_counts(base: core.Experiment, name: str, values: tuple[int, ...]) -> None:
    """More of anything is more work."""
    found = [multiplications(base.changed(**{name: value})) for value in values]
    assert found == sorted(set(found))


@pytest.mark.parametrize(
    ("base", "settings", "least", "most"),
    [
        (RNN, {"length": 200}, 1.99, 2.01),  # every step is as much as the others
        (RNN, {"layers": 4}, 1.9, 2.2),  # the lowest layer reads less than the others
        (RNN, {"hidden": 128}, 2.2, 4.0),  # its square, and what goes with each unit
        (RNN, {"cell": "tanh"}, 1 / 4, 1 / 3),  # one gate instead of four, at the same number of steps
        (MLP, {"depth": 100}, 1.99, 2.01),
        (MLP, {"width": 256}, 2.5, 4.0),
        (MLP, {"skip": "highway"}, 1.9, 2.5),
    ],
)
def test_it_is_roughly_proportional(base: core.Experiment, settings: dict[str, Any], least: float, most: float) -> None:
    """To what is multiplied, for six networks side by side."""
    assert least < multiplications(base.changed(**settings), 6) / multiplications(base, 6) < most


def test_random_starts_add_up() -> None:
    """What Python does for each step it does for all of them at once; the rest is done for each."""
    one, two, six = (multiplications(RNN, networks) for networks in (1, 2, 6))
    assert six - two == 4 * (two - one) > 0


@pytest.mark.parametrize("cell", CELLS)
def test_every_cell_has_a_number(cell: str) -> None:
    """Also those that read words."""
    network = core.Recurrent(cell=cell)
    assert 0 < multiplications(core.Experiment(network)) < multiplications(core.Experiment(replace(network, layers=4)))
