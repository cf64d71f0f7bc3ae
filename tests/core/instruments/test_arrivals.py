"""Steps with a gradient scaled down."""

import numpy as np
import pytest

from core.instruments.arrivals import arrivals, per_decade
from core.instruments.descent import descend


@pytest.mark.parametrize("rate", [0.1, 0.02])
def test_arrivals_are_those_of_plain_descent(rate: float) -> None:
    """The same numbers of steps as the ball on the curve takes."""
    expected = [descend("bowl", 3.0, rate, 10_000, decades).arrival for decades in (0, 1)]
    assert arrivals("sgd", rate)[:2].tolist() == expected


def test_growth_is_read_off_the_last_two_that_arrived() -> None:
    """Not of fewer than two."""
    assert per_decade(np.array([3.0, 10.0, 1000.0, np.inf])) == pytest.approx(2)
    assert np.isnan(per_decade(np.array([3.0, np.inf, np.inf, np.inf])))
