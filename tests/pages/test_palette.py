"""Colours: each thing has one, also what came after the palette was made."""

import pytest

from core.experiment.remedies import REMEDIES
from core.parts.activations import ACTIVATIONS
from core.parts.cells import CELLS
from pages.charts import palette


@pytest.mark.parametrize("name", sorted({*CELLS, *ACTIVATIONS, "newcomer"}))
def test_every_cell_and_activation_has_a_colour(name: str) -> None:
    assert palette.colour(name).startswith("#")


@pytest.mark.parametrize("name", [*REMEDIES, "newcomer"])
def test_every_remedy_has_a_colour(name: str) -> None:
    assert palette.REMEDIES[name].startswith("#")


def test_what_has_no_colour_of_its_own_always_gets_the_same_one() -> None:
    assert palette.colour("newcomer") == palette.REMEDIES["newcomer"]
    assert palette.colour("newcomer") in palette.CYCLE
    assert "newcomer" not in palette.CELLS
