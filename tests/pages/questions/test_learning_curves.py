"""E5 to E8: the accuracies of the card are the ends of the curves, the same mean of the same random starts."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
import pytest

from core import Experiment
from core.instruments.learning_curves import LearningCurve
from core.questions import QUESTIONS
from core.questions.base import measured
from pages.frame.question_page import Seen
from pages.questions import QUESTION_PAGES

QUICK: Mapping[str, Any] = {"gap": 4, "steps": 30, "hidden": 8}
DROPOUTS = {
    "none": "No dropout",
    "naive": "Naive (a new mask each step)",
    "variational": "Variational (one mask)",
    "fast": "Fast (Gaussian)",
}


def ends(table: pd.DataFrame) -> dict[str, float]:
    """Returns the last accuracy of each curve."""
    lines = table[(table["role"] == "measured") & table["y"].notna()]
    return {str(name): float(value) for name, value in lines.groupby("series")["y"].last().items()}


def judged(row: str) -> tuple[Experiment, Mapping[str, float], Seen]:
    """Returns the experiment, the card's numbers, and what is drawn."""
    experiment = QUESTIONS[row].base.changed(**QUICK)
    numbers = QUESTIONS[row].verdict(experiment).numbers
    return experiment, numbers, Seen(experiment, measured(QUESTIONS[row].measure, experiment))


@pytest.mark.parametrize("row", ["e5", "e6", "e7", "e8"])
def test_curves_end_where_the_card_says(row: str) -> None:
    """Every curve's end is a number of the card."""
    _, numbers, seen = judged(row)
    drawn = ends(QUESTION_PAGES[row].pictures(seen)[0].table)
    names = {label: f"{name}, right" for name, label in DROPOUTS.items()} | {"plain RNN": "plain"}
    assert {name: numbers[names.get(name, name)] for name in drawn} == pytest.approx(drawn)
    assert len(drawn) == {"e5": 5, "e6": 8, "e7": 4, "e8": 7}[row]


@pytest.mark.parametrize("row", ["e5", "e7"])
def test_two_starts_are_said_to_be_two(row: str) -> None:
    """In the card, above the picture, and in the sentence."""
    experiment, _, seen = judged(row)
    page = QUESTION_PAGES[row]
    assert "Mean of 2 random starts" in QUESTIONS[row].verdict(experiment).finding
    assert all("ean of 2 random starts" in picture.title for picture in page.pictures(seen))
    assert page.said(seen).startswith("In the mean of 2 random starts: ")


@pytest.mark.parametrize("row", ["e6", "e8"])
def test_one_start_is_said_to_be_one(row: str) -> None:
    """Nothing is averaged."""
    experiment, _, seen = judged(row)
    assert "One random start each" in QUESTIONS[row].verdict(experiment).finding
    assert "mean of" not in QUESTION_PAGES[row].said(seen)


def test_a_mean_has_its_starts_in_it() -> None:
    """Frame by frame; and two networks that are alike are their own mean."""
    _, _, seen = judged("e5")
    curve: LearningCurve = seen.result.curves["as set above"]
    one, other = curve.of
    np.testing.assert_array_equal(curve.accuracy, (one.accuracy + other.accuracy) / 2)
    assert one.reach != other.reach and curve.reach == pytest.approx((one.reach + other.reach) / 2)
    assert not one.of
