"""C4: card, curves and sentence are the mean of the same five random starts, which the bands hold."""

import numpy as np
import pytest

from core.gradients.profile import fit_line
from core.questions.base import measured
from core.questions.c4_mlps_and_cnns import QUESTION
from core.wording import LN10, scientific
from pages.frame.question_page import Seen
from pages.questions.c4_mlps_and_cnns import PAGE


@pytest.mark.parametrize("turn", [{}, *PAGE.turns.values()])
def test_the_cards_factors_are_the_drawn_curves_slopes(turn: dict[str, object]) -> None:
    """They were a mean, and the curves a single start's."""
    experiment = QUESTION.base.changed(**turn)
    verdict, result = QUESTION.verdict(experiment), measured(QUESTION.measure, experiment)
    seen = Seen(experiment, result)
    table, said = PAGE.pictures(seen)[0].table, PAGE.said(seen)
    for name, profiles in result.items():
        curve = table[(table.role == "measured") & (table.series == name)].sort_values("lag")
        fit = fit_line(curve.lag.to_numpy(float), curve.decades.to_numpy(float) * LN10)
        assert fit.rate == pytest.approx(verdict.numbers[name])
        assert f"Factor per layer: **{verdict.numbers[name]:.3f}**" in said
        far, first = np.array([profile.relative[0] for profile in profiles]), curve.iloc[-1]
        assert first.decades * LN10 == pytest.approx(far.mean())
        assert first.share == scientific(far.mean()) and first.share in verdict.finding
        assert (first.low * LN10, first.high * LN10) == pytest.approx((far.min(), far.max()))
    assert "means of 5 random starts" in said and "Mean of 5 random starts" in verdict.finding
