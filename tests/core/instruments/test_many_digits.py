"""Backpropagation against 80-digit arithmetic, through networks of the size that students use."""

import numpy as np
import pytest

import core
from core.instruments import many_digits
from core.instruments.many_digits import check_digits


@pytest.mark.parametrize(("gain", "gap", "below"), [(1.0, 22, 1e-7), (0.5, 40, 1e-24), (0.05, 30, 1e-45)])
def test_agreement_to_the_last_digits(gain: float, gap: int, below: float) -> None:
    """32 units: relative error 10⁻¹⁴, also where the gradient is 10⁻⁵⁰ and 80 digits would not be enough."""
    found = check_digits(core.Experiment(core.Recurrent(gain=gain), core.France(gap=gap)))
    assert found.position == 3
    assert found.log_norm < np.log(below)
    assert found.errors.max() < 1e-14
    assert found.digits >= 80 + 0.5 * max(0.0, -found.log_norm / np.log(10) - 33)


def test_the_norm_is_that_of_the_profile(monkeypatch: pytest.MonkeyPatch) -> None:
    """One sentence, at every position."""
    experiment = core.Experiment(core.Recurrent(hidden=5, embedding=3), core.France(gap=2))
    monkeypatch.setattr("core.gradients.measure.MEASURED", 1)
    (profile,) = core.measure_many([experiment])
    found = [check_digits(experiment, position=k).log_norm for k in range(8)]
    np.testing.assert_allclose(found, profile.log_norm, rtol=1e-12)


def test_a_wrong_gradient_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """One part in 10⁹."""
    right = many_digits._by_autograd

    def spoiled(*args: object) -> tuple[np.ndarray, np.ndarray]:
        h, gradient = right(*args)
        return h, gradient * (1 + 1e-9)

    monkeypatch.setattr(many_digits, "_by_autograd", spoiled)
    found = check_digits(core.Experiment(core.Recurrent(hidden=5, embedding=3), core.France(gap=2)))
    np.testing.assert_allclose(found.errors, 1e-9, rtol=1e-5)


@pytest.mark.parametrize(
    "experiment",
    [
        core.Experiment(core.Recurrent(cell="gru")),
        core.Experiment(core.Recurrent(layers=2)),
        core.Experiment(core.FeedForward(), core.Blobs()),
        core.Experiment(core.Recurrent(recurrent_norm="layer")),
    ],
)
def test_other_networks_are_refused(experiment: core.Experiment) -> None:
    """A clear message."""
    with pytest.raises(core.SpecError, match="tanh"):
        check_digits(experiment)


def test_a_gradient_of_zero_is_refused() -> None:
    """Nothing can be compared with 0."""
    with pytest.raises(core.SpecError, match="0 in float64"):
        check_digits(core.Experiment(core.Recurrent(gain=0.0)))
