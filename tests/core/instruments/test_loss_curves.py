"""How trainings end."""

import numpy as np
import pytest

from core.instruments.loss_curves import LossCurve

DOWN = np.geomspace(2.0, 0.01, 21)


@pytest.mark.parametrize(
    ("expected", "loss", "whole"),
    [
        ("arrived", DOWN, True),
        ("falling", DOWN[:11], True),
        ("flat", [2.0, 1.5, 1.0, 0.6, 0.6, 0.61, 0.59, 0.6], True),
        ("flat", [2.0] * 8, True),
        ("thrown about", [2.0, 9.0, 20.0, 15.0], True),
        ("thrown about", [2.0, 1.0, np.nan], True),
        ("thrown about", DOWN, False),
    ],
)
def test_how_a_training_ends(expected: str, loss: list[float], whole: bool) -> None:
    """What still falls is not stuck, and what lies flat has not arrived."""
    assert LossCurve(np.arange(len(loss)), np.array(loss), whole).end == expected
