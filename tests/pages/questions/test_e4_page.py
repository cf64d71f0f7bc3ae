"""E4: card, sentence and curve speak of the same word."""

import numpy as np

from core.questions.base import measured
from core.questions.e4_error_carousel import QUESTION
from core.wording import LN10, scientific
from pages.frame.question_page import Seen
from pages.questions.e4_error_carousel import PAGE


def test_the_card_s_number_is_on_the_curve() -> None:
    """At the word that decides, which is not the first one."""
    experiment = QUESTION.base.changed(gap=12, hidden=8)
    result, verdict = measured(QUESTION.measure, experiment), QUESTION.verdict(experiment)
    seen = Seen(experiment, result)
    (picture,) = PAGE.pictures(seen)
    curve = picture.table[(picture.table["series"] == "on the cell path alone") & picture.table["value"].notna()]
    (drawn,) = curve[curve["x"] == result.lag]["y"].unique()
    assert result.cue > 0
    np.testing.assert_allclose(drawn * LN10, np.log(verdict.number), rtol=1e-9)
    said = scientific(float(np.log(verdict.number)))
    assert f"**{said}**" in PAGE.said(seen) and said in verdict.headline
