"""C7: bold curves are the means of the faint ones, and all say so."""

import pytest

from core.questions.base import measured
from core.questions.c7_counter_example import QUESTION
from pages.frame.question_page import Seen
from pages.questions.c7_counter_example import PAGE


def test_each_start_is_drawn_faintly_without_a_name() -> None:
    """Four curves of five starts each."""
    seen = Seen(QUESTION.base, measured(QUESTION.measure, QUESTION.base))
    (picture,) = PAGE.pictures(seen)
    table = picture.table
    bold = table[table.role == "measured"].set_index(["series", "x"]).y
    faint = table[table.role == "ghost"]
    means = (
        faint.assign(series=faint.series.str.replace(r", start \d$", "", regex=True)).groupby(["series", "x"]).y.mean()
    )
    assert faint.series.nunique() == 20
    assert means.sort_index().to_dict() == pytest.approx(bold.sort_index().to_dict())
    assert not table[table.role.str.startswith("name")].text.str.contains("start").any()
    assert "Means of 5 random starts" in picture.title and "mean of 5 random starts" in PAGE.said(seen)
