"""C3: the drawn curve, the plane and the card have the same means."""

import numpy as np
import pytest

from core.questions.base import measured
from core.questions.c3_radius_or_norm import QUESTION
from core.wording import LN10
from pages.frame.question_page import Seen
from pages.questions.c3_radius_or_norm import PAGE


@pytest.mark.parametrize("turn", [{}, {"shear": 0.0}, {"shear": 2.0}])
def test_curve_and_plane_have_the_cards_numbers(turn: dict[str, object]) -> None:
    """Growth and end of the curve, radius and norm in the plane."""
    experiment = QUESTION.base.changed(**turn)
    numbers = QUESTION.verdict(experiment).numbers
    curve, plane = (each.table for each in PAGE.pictures(Seen(experiment, measured(QUESTION.measure, experiment))))
    points = curve[curve.role == "measured"].sort_values("x").y.to_numpy() * LN10
    assert np.exp(points.max()) == pytest.approx(numbers["growth"])
    assert points[-1] == pytest.approx(numbers["ln end"])
    for circle in plane[plane.role == "bound"].itertuples():  # none where it is larger than the plane
        assert circle.modulus == pytest.approx(numbers["norm"])
    assert f"singular value σ₁ = {numbers['norm']:.2f}" in set(plane.series)
    assert f"eigenvalues of W, ρ = {numbers['radius']:.2f}" in set(plane.series)
