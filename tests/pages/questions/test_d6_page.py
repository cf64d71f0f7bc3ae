"""D5 to D7 look at one training: card, curves and sentence say the same, of guessing too."""

import pytest

from core.instruments.two_roles import two_roles
from core.questions import QUESTIONS
from core.questions.base import measured
from pages.frame.question_page import Seen
from pages.questions import QUESTION_PAGES

SETTINGS = {"steps": 20, "gap": 12}


def test_they_measure_alike() -> None:
    """One instrument and one experiment, so that it is trained and kept once."""
    assert {QUESTIONS[row].measure for row in ("d5", "d6", "d7")} == {two_roles}
    assert len({QUESTIONS[row].base for row in ("d5", "d6", "d7")}) == 1


@pytest.mark.parametrize("row", ["d5", "d6"])
def test_the_cards_accuracies_are_where_the_curves_end(row: str) -> None:
    """Both roles, and the line of guessing."""
    experiment = QUESTIONS[row].base.changed(**SETTINGS)
    seen = Seen(experiment, measured(two_roles, experiment))
    numbers = QUESTIONS[row].verdict(experiment).numbers
    table = QUESTION_PAGES[row].pictures(seen)[-1].table
    curves = table[table.role.isin(["measured", "theory"])].groupby("series", sort=False).y.last()
    assert curves.tolist() == [numbers["local"], numbers["last verb"], experiment.task.shape().chance]
    assert row == "d6" or "guessing: 50%" in QUESTION_PAGES[row].said(seen)


def test_the_cards_probe_is_the_grids_last_square() -> None:
    """At the blank, after training."""
    experiment = QUESTIONS["d7"].base.changed(**SETTINGS)
    seen = Seen(experiment, measured(two_roles, experiment))
    verdict = QUESTIONS["d7"].verdict(experiment)
    assert verdict.numbers["end"] == seen.result.read[-1, -1]
    assert f"**{verdict.number:.0%}** (guessing: {verdict.numbers['chance']:.0%})" in QUESTION_PAGES["d7"].said(seen)
