"""B5: the card's numbers are the last points of the drawn curves; single starts are drawn faintly, without a name."""

import pandas as pd
import pytest

from core.questions.b5_france import IDENTITY, QUESTION, TRAINED
from core.questions.base import measured
from core.questions.settings import CELLS
from pages.frame.question_page import Seen
from pages.questions.b5_france import PAGE

EXPERIMENT = QUESTION.base.changed(gap=6, hidden=8, steps=60)


def ends(table: pd.DataFrame, role: str) -> dict[str, float]:
    """Curve → its last point."""
    points = table[table.role == role].sort_values("x")
    return {str(name): float(end) for name, end in points.groupby("series").y.last().items()}


def test_card_picture_and_sentence_show_the_same_trainings() -> None:
    """Means of two random starts, each of which is there, too."""
    seen = Seen(EXPERIMENT, measured(QUESTION.measure, EXPERIMENT))
    verdict, curves = QUESTION.verdict(EXPERIMENT), PAGE.pictures(seen)[0].table
    bold, faint = ends(curves, "measured"), ends(curves, "ghost")
    assert {name: bold[name] for name in CELLS} == {name: verdict.numbers[name] for name in CELLS}
    assert bold["plain RNN"] == verdict.number
    for name in (*CELLS, IDENTITY):
        starts = [faint[f"{name}, start {i + 1}"] for i in range(TRAINED)]
        assert bold[name] == pytest.approx(sum(starts) / TRAINED)
    assert not any("start" in text for text in curves[curves.role.str.startswith("name")].text)
    assert "mean of 2 random starts" in PAGE.said(seen) and "Mean of 2 random starts" in verdict.finding
