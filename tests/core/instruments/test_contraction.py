"""Radius, norm and what lies between: closed forms, powers in the log domain, and bounds that have to hold."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import core
from core.experiment.sampling import initial
from core.instruments.contraction import contraction, spectrum


@given(st.floats(0.05, 1.2), st.floats(0.0, 3.0))
def test_a_jordan_block_has_closed_forms(a: float, shear: float) -> None:
    """[[a, s], [0, a]]: λ = a twice, and ‖Aˡ‖ = aˡ · exp asinh(l s/2a)."""
    matrix = np.array([[a, shear], [0.0, a]])
    found = spectrum(matrix, 30)
    np.testing.assert_allclose(found.eigenvalues, a, atol=1e-6 * (1 + shear))
    assert found.abscissa == pytest.approx(a + shear / 2)
    for power in (1, 2, 7, 30):
        off = power * shear / a  # Aˡ = aˡ [[1, l·s/a], [0, 1]]
        expected = power * np.log(a) + np.arcsinh(off / 2)
        assert found.log_powers[power] == pytest.approx(expected, abs=1e-9)
    assert found.norm == pytest.approx(np.exp(found.log_powers[1]))
    assert found.departure == pytest.approx(shear / np.sqrt(2 * a**2 + shear**2), abs=1e-6)
    assert found.transient >= max(1.0, found.norm) - 1e-12


@given(st.integers(2, 7), st.integers(0, 999))
def test_normal_matrices_have_one_size(size: int, seed: int) -> None:
    """Symmetric or orthogonal: ρ = σ₁, no departure, ‖Aˡ‖ = ρˡ."""
    matrix = np.random.default_rng(seed).standard_normal((size, size))
    for normal in (matrix + matrix.T, np.linalg.qr(matrix)[0]):
        found = spectrum(normal, 20)
        assert found.radius == pytest.approx(found.norm, rel=1e-10)
        assert found.departure < 1e-6
        np.testing.assert_allclose(found.log_powers, np.arange(21) * np.log(found.radius), atol=1e-9)
        assert found.abscissa == pytest.approx(found.eigenvalues.real.max(), abs=1e-9)


def test_a_nilpotent_matrix_dies() -> None:
    """ρ = 0, departure 1, ‖A‖ = 3 at first and exactly nothing after N steps."""
    found = spectrum(np.diag([3.0, 3.0], 1), 4)
    assert (
        found.radius == 0
        and found.departure == 1
        and found.norm == pytest.approx(3)
        and found.transient == pytest.approx(9)
    )
    np.testing.assert_allclose(found.log_powers, [0, np.log(3), 2 * np.log(3), -np.inf, -np.inf])
    assert spectrum(np.zeros((2, 2)), 1).departure == 0


def test_powers_go_on_beyond_float64() -> None:
    """10⁻¹⁰ per step, 50 steps."""
    assert spectrum(1e-10 * np.eye(3)).log_powers[-1] == pytest.approx(-500 * np.log(10))


@given(
    st.sampled_from(["tanh", "relu", "sigmoid"]),
    st.sampled_from(["default", "nonnormal", "orthogonal"]),
    st.integers(0, 99),
)
def test_bounds_hold(cell: str, initialiser: str, seed: int) -> None:
    """‖∂s_T/∂s_k‖ ≤ ∏ ‖J‖ ≤ (σ₁γ)^lag, for every example."""
    experiment = core.Experiment(
        core.Recurrent(cell=cell, hidden=6, initialiser=initialiser), core.France(gap=6), seed=seed
    )
    found = contraction(experiment, example=seed % 32)
    dead = np.isneginf(found.log_measured)
    assert (found.log_measured <= found.log_steps + 1e-12)[~dead].all()
    assert (found.log_steps <= found.log_bound + 1e-9).all()
    assert found.steepest == (0.25 if cell == "sigmoid" else 1.0)
    assert found.log_measured[0] == found.log_bound[0] == found.log_prediction[0] == 0


def test_a_linear_network_is_predicted_exactly() -> None:
    """Leaky units without a matrix keep .8 of their state: prediction, steps and measurement are one line."""
    found = contraction(core.Experiment(core.Recurrent(cell="leaky", leak=0.2, gain=0.0), core.France(gap=9)))
    for line in (found.log_measured, found.log_steps, found.log_prediction):
        np.testing.assert_allclose(line, found.lag * np.log(0.8), atol=1e-12)
    assert np.isnan(found.log_bound[1:]).all() and np.isnan(found.steepest)
    np.testing.assert_allclose(found.eigenvalues, 0.8, atol=1e-12)


def test_non_normal_weights_grow_first() -> None:
    """Radius .9 < 1 < norm: the measured product rises above 1 and falls in the end, which ρ^lag misses."""
    network = core.Recurrent(initialiser="nonnormal", shear=1.0, hidden=8)
    found = contraction(core.Experiment(network, core.France(gap=60)))
    (weights,) = found.weights
    assert weights.radius == pytest.approx(0.9, abs=1e-4) and weights.norm > 1.2
    assert weights.transient > 2 and found.log_measured.max() > 0.1 > 0 > found.log_measured[-1]


@pytest.mark.parametrize(
    ("network", "gates"),
    [({"cell": "gru"}, 3), ({"cell": "lstm"}, 4), ({"cell": "lru"}, 0), ({"layers": 2}, 1), ({"tied": False}, 0)],
)
def test_other_recurrent_networks_have_no_bound_by_weights(network: dict[str, object], gates: int) -> None:
    """One Spectrum per gate, NaN where W's norm bounds nothing, and a Jacobian all the same."""
    experiment = core.Experiment(core.Recurrent(hidden=5, **network), core.France(gap=4))
    found = contraction(experiment)
    assert len(found.weights) == gates and np.isnan(found.log_bound[1:]).all()
    assert np.isfinite(found.log_steps).all() and np.isnan(found.log_prediction[-1]) == (network == {"tied": False})
    if gates > 1:
        block = initial(experiment)["recurrent.weight_hh_l0"].astype(float)[5:10]
        assert found.weights[1].radius == pytest.approx(np.abs(np.linalg.eigvals(block)).max())


def test_other_networks_are_refused() -> None:
    """No steps."""
    with pytest.raises(core.SpecError, match="recurrent"):
        contraction(core.Experiment(core.FeedForward(), core.Blobs()))
