"""Gradient descent on curves: slopes by finite differences, closed forms on the bowl, verdicts on the others."""

from collections.abc import Callable

import numpy as np
import pytest
import torch
from hypothesis import assume, given
from hypothesis import strategies as st

from core.instruments.curves import CURVES
from core.instruments.descent import descend, forecast_steps


@pytest.mark.parametrize("name", CURVES)
def test_slope_and_bend(name: str) -> None:
    """Central differences of the value and of the slope, all over the curve."""
    curve, eps = CURVES[name], 1e-5
    w = np.linspace(curve.low, curve.high, 501)
    np.testing.assert_allclose(
        curve.slope(w), (curve.value(w + eps) - curve.value(w - eps)) / (2 * eps), rtol=1e-6, atol=1e-9
    )
    np.testing.assert_allclose(
        curve.bend(w), (curve.slope(w + eps) - curve.slope(w - eps)) / (2 * eps), rtol=1e-6, atol=1e-8
    )


@pytest.mark.parametrize("name", CURVES)
def test_every_flat_place_is_known(name: str) -> None:
    """The slope is 0 at minima and stops, positive curvature at minima alone, and nowhere else does the slope change sign."""
    curve = CURVES[name]
    for place in (*curve.minima, *curve.stops):
        assert curve.slope(place) == pytest.approx(0, abs=1e-12)
        assert curve.low < place < curve.high
    assert min(curve.bend(place) for place in curve.minima) > 0
    assert max((curve.bend(place) for place in curve.stops), default=0) <= 0
    slopes = curve.slope(np.linspace(curve.low + 0.0123, curve.high, 3997))
    signs = np.sign(slopes[np.abs(slopes) > 1e-12])
    assert np.count_nonzero(np.diff(signs)) == len(curve.minima) + sum(curve.bend(place) < 0 for place in curve.stops)
    assert curve.lowest in curve.minima


@given(st.floats(0.1, 3), st.floats(0.01, 2.5), st.integers(0, 4))
def test_the_bowl(start: float, rate: float, decades: int) -> None:
    """w_i = (1 − η 10⁻ᵏ)ⁱ w_0: it arrives when η < 2, is thrown out when η > 2, and the step is that of the formula."""
    assume(abs(rate - 2) > 0.02)
    found = descend("bowl", start, rate, 60, decades)
    factor = 1 - rate * 10.0**-decades
    np.testing.assert_allclose(found.w, start * factor ** np.arange(len(found.w)), rtol=1e-9, atol=1e-300)
    np.testing.assert_allclose(found.step, -rate * 10.0**-decades * found.gradient[:-1], rtol=1e-7, atol=1e-15)
    np.testing.assert_allclose(found.loss, found.w**2 / 2)
    needed = np.ceil(np.log(0.01 / start) / np.log(abs(factor)) - 1e-9) if abs(factor) < 1 else np.inf
    assert found.arrival == (needed if needed <= 60 else np.inf)
    assert np.isfinite(found.arrival) == found.is_global
    assert not found.diverged or rate > 2


@pytest.mark.parametrize(
    ("name", "rule"),
    [
        ("sgd", lambda w, rate: torch.optim.SGD(w, rate)),
        ("momentum", lambda w, rate: torch.optim.SGD(w, rate, momentum=0.9)),
        ("nesterov", lambda w, rate: torch.optim.SGD(w, rate, momentum=0.9, nesterov=True)),
        ("adam", lambda w, rate: torch.optim.Adam(w, rate)),
        ("rmsprop", lambda w, rate: torch.optim.RMSprop(w, rate)),
    ],
)
def test_other_optimisers(name: str, rule: Callable[..., torch.optim.Optimizer]) -> None:
    """The same path as torch's own, on the curve with two valleys; and no forecast but for plain descent."""
    found = descend("valleys", 1.7, 0.05, 40, optimiser=name)
    w = torch.tensor([1.7], dtype=torch.float64, requires_grad=True)
    path, torchs = [1.7], rule([w], 0.05)
    for _ in range(40):
        torchs.zero_grad()
        CURVES["valleys"].value(w).sum().backward()
        torchs.step()
        path.append(w.item())
    np.testing.assert_allclose(found.w, path, rtol=1e-9)
    assert np.isnan(found.forecast) == (name != "sgd")


def test_two_valleys() -> None:
    """The start decides; only one of them is the lowest."""
    left, right = (descend("valleys", start, 0.1, 300) for start in (-1.8, 1.8))
    assert left.is_global and not right.is_global
    assert right.arrived > 0 > left.arrived == left.lowest
    assert right.loss[-1] > left.loss[-1]


def test_too_large_a_step() -> None:
    """Thrown out of the bowl; for ever thrown about in the ravine, where a small one arrives."""
    out = descend("bowl", 1.0, 2.5, 200)
    assert out.diverged and abs(out.w[-1]) > 1e6 and len(out.w) < 200
    assert np.isnan(out.arrived) and not out.is_global
    restless = descend("ravine", 2.0, 0.5, 500)
    assert not restless.diverged and restless.arrival == np.inf
    assert 0.3 < np.abs(restless.w[-100:]).max() < 2
    assert descend("ravine", 2.0, 0.02, 500).is_global


def test_a_ledge_is_not_a_minimum() -> None:
    """Slope 0 and no minimum: from the left it creeps up to 0 and stays, and no number of steps is enough."""
    stuck = descend("ledge", -1.0, 0.1, 20_000)
    assert -0.01 < stuck.w[-1] < 0
    assert stuck.arrival == stuck.forecast == np.inf
    on_it = descend("ledge", 0.0, 0.1, 50)
    assert (on_it.w == 0).all() and on_it.forecast == np.inf
    assert descend("ledge", 0.2, 0.1, 1000).is_global


@pytest.mark.parametrize(
    ("curve", "start", "rate"), [("bowl", 2, 0.1), ("valleys", 1.8, 0.1), ("plateau", -6, 5), ("ledge", 0.2, 0.5)]
)
@pytest.mark.parametrize("decades", [1, 2])
def test_the_forecast_is_what_happens(curve: str, start: float, rate: float, decades: int) -> None:
    """Extrapolated and counted number of steps: within one step in a thousand (and two)."""
    found = descend(curve, start, rate, 20_000, decades)
    assert np.isfinite(found.arrival)
    assert found.forecast == pytest.approx(found.arrival, rel=1e-3, abs=2)


@pytest.mark.parametrize("curve", CURVES)
@pytest.mark.parametrize("decades", [3, 10, 40])
def test_ten_times_less_gradient_takes_ten_times_longer(curve: str, decades: int) -> None:
    """Exactly so in the limit; a vanished gradient is a matter of 10⁴⁰ steps, not of patience."""
    start = CURVES[curve].minima[-1] + 0.5
    one, ten = (forecast_steps(curve, start, 10.0**-k) for k in (decades, decades + 1))
    assert ten / one == pytest.approx(10, rel=0.02 if decades == 3 else 1e-6)


def test_the_bowls_forecast() -> None:
    """ln(w₀/.01)/η for small steps, its second-order correction for larger ones, no number for steps that are no flow."""
    assert forecast_steps("bowl", 2.0, 1e-9) == pytest.approx(np.log(200) / 1e-9, rel=1e-6)
    assert forecast_steps("bowl", 2.0, 0.1) == pytest.approx(np.log(200) / -np.log(0.9), rel=5e-3)
    assert np.isnan(forecast_steps("bowl", 2.0, 1.5))
    assert forecast_steps("bowl", 0.001, 0.1) == 0


def test_below_rounding_nothing_moves() -> None:
    """w = 2: float16 has steps of 2·10⁻³ there, float32 of 2·10⁻⁷, float64 of 4·10⁻¹⁶."""
    frozen = {k: descend("bowl", 2.0, 0.1, 3, k).frozen for k in (0, 4, 8, 17)}
    assert frozen == {0: (), 4: ("float16",), 8: ("float16", "float32"), 17: ("float16", "float32", "float64")}
    still = descend("bowl", 2.0, 0.1, 50, 17)
    assert (still.w == 2).all() and still.arrival == np.inf
    assert still.forecast == pytest.approx(np.log(200) * 1e18, rel=1e-6)
