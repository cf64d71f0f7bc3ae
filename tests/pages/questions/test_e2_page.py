"""E2: the network that the card speaks of is the one drawn bold, and all three are in the picture."""

import numpy as np
import pytest

from core.questions.base import measured
from core.questions.e2_opens_its_path import QUESTION, measure
from pages.frame.question_page import Seen
from pages.questions.e2_opens_its_path import PAGE


def test_card_and_picture_speak_of_one_network() -> None:
    """Where the own start is not the best one: radius, factor and accuracy of the card are in the pictures."""
    experiment = QUESTION.base.changed(gap=8, steps=75, initialiser="orthogonal", gain=1.35)
    result = measured(measure, experiment)
    assert result.best is not result.of[0]
    numbers = QUESTION.verdict(experiment).numbers
    seen = Seen(experiment, result)
    _, accuracy, factors = (picture.table.query("role in ['measured', 'ghost']") for picture in PAGE.pictures(seen))
    radius = factors[factors["series"] == "spectral radius ρ"]
    assert radius["y"].iloc[0] == pytest.approx(numbers["radius before"])
    assert radius["y"].iloc[-1] == pytest.approx(numbers["radius after"])
    factor = factors[factors["series"] == "signal, per word back"]["y"]
    assert factor.max() == pytest.approx(np.exp(numbers["highest slope"]))
    ends = accuracy.groupby("series")["y"].last()
    assert len(ends) == 3
    assert (ends >= 0.9).sum() == 3 * numbers["near"]
    assert f"**{result.learned} of 3**" in PAGE.said(seen)
