"""The profile's own arithmetic: fits, half-lives, states, where float32 gives up."""

import numpy as np
import pytest

from core.gradients.profile import SMALLEST, TRANSIENT, GradientProfile, fit_line

LAGS = np.arange(30)[::-1]


def profile(log_norm: np.ndarray | list[float]) -> GradientProfile:
    """A profile over time steps with these logs."""
    logs = np.asarray(log_norm, dtype=float)
    return GradientProfile("step", np.arange(len(logs)), logs, logs[None])


@pytest.mark.parametrize("slope", [-3.0, -0.4395, 0.0, 0.02, 2.3])
@pytest.mark.parametrize("points", [2, 4, 30])
def test_straight_lines_are_found_exactly(slope: float, points: int) -> None:
    """Slope, intercept and a residual of zero, also when too few points are left without the transient."""
    lag = np.arange(points)[::-1]
    fit = fit_line(lag, 1.5 + slope * lag)
    assert fit.slope == pytest.approx(slope, abs=1e-12)
    assert fit.intercept == pytest.approx(1.5, abs=1e-11)
    assert fit.residual < 1e-11
    assert fit.rate == pytest.approx(np.exp(slope))


def test_r2_and_residual_of_a_scattered_line() -> None:
    """Textbook values: y = x ± 1 in turn, from lag 5 on."""
    lag = np.arange(TRANSIENT, TRANSIENT + 4)
    y = lag + np.array([1.0, -1.0, -1.0, 1.0])
    fit = fit_line(lag, y)
    assert fit.slope == pytest.approx(1.0)
    assert fit.residual == pytest.approx(1.0)
    assert fit.r2 == pytest.approx(1 - 4 / 9)  # Σe² = 4, Σ(y − ȳ)² = 9


def test_the_first_five_lags_do_not_count() -> None:
    """Lags 0 to 4 may be anything; lag 5 counts."""
    line = -0.5 * LAGS
    disturbed = np.where(LAGS < 5, 100.0, line)
    assert fit_line(LAGS, disturbed).slope == pytest.approx(-0.5, abs=1e-12)
    assert fit_line(LAGS, disturbed).points == 25
    assert fit_line(LAGS, np.where(LAGS == 5, 100.0, line)).slope != pytest.approx(-0.5, abs=1e-3)


@pytest.mark.parametrize("hole", [-np.inf, np.inf, np.nan])
def test_zeros_infinities_and_nan_are_left_out(hole: float) -> None:
    """They neither move the line nor raise a warning."""
    logs = -0.7 * LAGS
    logs[[0, 1, 9]] = hole
    fit = fit_line(LAGS, logs)
    assert fit.slope == pytest.approx(-0.7, abs=1e-12)
    assert fit.points == 22


@pytest.mark.parametrize("finite", [0, 1])
def test_no_line_through_fewer_than_two_points(finite: int) -> None:
    """NaN says so."""
    logs = np.full(10, -np.inf)
    logs[:finite] = -1.0
    own = profile(logs)
    assert own.fit.points == finite
    assert np.isnan([own.fit.slope, own.fit.residual, own.rate, own.half_life]).all()


@pytest.mark.parametrize(("rate", "half_life"), [(0.5, 1.0), (0.25, 0.5), (2.0, -1.0), (1.0, np.inf)])
def test_half_life(rate: float, half_life: float) -> None:
    """Steps until half is left; negative when it doubles instead."""
    own = profile(np.log(rate) * np.arange(20)[::-1])
    assert own.half_life == pytest.approx(half_life)
    assert own.rate == pytest.approx(rate)


@pytest.mark.parametrize(("dtype", "bits"), [("float32", 149), ("float64", 1074)])
def test_lost_after_a_measured_number_of_steps(dtype: str, bits: int) -> None:
    """Halving at every step, the smallest number above zero is 2^−bits: one step further is lost."""
    own = profile(np.log(0.5) * np.arange(1200)[::-1])
    assert own.lost_after(dtype) in (bits, bits + 1)  # 2^−bits itself may fall on either side of the rounded ln
    assert np.finfo(dtype).smallest_subnormal == 2.0**-bits


def test_lost_after_is_extrapolated_or_never() -> None:
    """Too short a profile is continued along its line; a flat or growing one is never lost."""
    assert profile(np.log(0.5) * np.arange(20)[::-1]).lost_after("float64") == pytest.approx(1074)
    assert profile(np.zeros(20)).lost_after() == np.inf
    assert profile(0.1 * np.arange(20)[::-1]).lost_after() == np.inf
    assert profile([-np.inf, -np.inf, 0.0]).lost_after() == 1


def test_states_have_names() -> None:
    """Never an ordinary point for what is not an ordinary number."""
    smallest, largest = np.log(np.finfo(np.float32).smallest_subnormal), np.log(np.finfo(np.float32).max)
    logs = [np.nan, np.inf, -np.inf, smallest - 0.1, smallest + 0.1, 0.0, largest - 0.1, largest + 0.1]
    assert profile(logs).state == ("nan", "infinite", "zero", "underflow", "ok", "ok", "ok", "overflow")
    assert SMALLEST["float32"] == pytest.approx(smallest)


def test_norms_beyond_float64_read_zero_and_infinity() -> None:
    """Without a warning."""
    np.testing.assert_array_equal(profile([-2000.0, 800.0, -np.inf, np.inf, 0.0]).norm, [0.0, np.inf, 0.0, np.inf, 1.0])


def test_relative_and_lag_count_from_the_last_position() -> None:
    """The share of the signal that arrives."""
    own = profile([-9.0, -4.0, -1.0])
    np.testing.assert_array_equal(own.relative, [-8.0, -3.0, 0.0])
    np.testing.assert_array_equal(own.lag, [2, 1, 0])
    assert np.isnan(profile([-np.inf, -np.inf]).relative).all()
