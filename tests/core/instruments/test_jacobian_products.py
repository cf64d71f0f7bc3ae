"""Jacobians against torch.func.jacrev; their products against 200 digits; rates against closed forms."""

import mpmath
import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

import core
from core.experiment.sampling import initial
from core.gradients.recurrence import follow
from core.instruments.jacobians import one_step_jacobians
from core.instruments.products import jacobian_products, products
from core.parts.cells import CELLS
from core.theory.lyapunov import lyapunov_spectrum

NETWORKS: list[dict[str, object]] = [
    *({"cell": cell} for cell in CELLS),
    {"layers": 2},
    {"cell": "lstm", "layers": 2},
    {"tied": False},
    {"cell": "gru", "recurrent_norm": "layer"},
    {"dropout": "variational"},
]


def setting(length: int = 5, **network: object) -> core.Experiment:
    """A small network on random numbers."""
    return core.Experiment(core.Recurrent(hidden=4, gain=1.4, **network), core.Noise(length=length, inputs=3), seed=2)


def by_jacrev(experiment: core.Experiment, example: int) -> np.ndarray:
    """∂s_t/∂s_{t−1}, (T, N, N), of the chain's own maps, one time step at a time."""
    network = experiment.network
    weights = {name: torch.from_numpy(values).double() for name, values in initial(experiment).items()}
    inputs = torch.from_numpy(core.held_out(experiment, 32).inputs[example : example + 1])
    chain = network.chain(weights, inputs)
    parts = len(chain.state)
    found, begin, state = [], 0, torch.cat([part[0] for part in chain.state])
    for end in chain.ends:

        def step(flat: torch.Tensor, begin: int = begin, end: int = end) -> torch.Tensor:
            now = tuple(part[None] for part in flat.chunk(parts))
            for each in chain.maps[begin : end + 1]:
                now = each(now)
            return torch.cat([part[0] for part in now])

        found.append(torch.func.jacrev(step)(state).numpy())
        state, begin = step(state), end + 1
    return np.stack(found)


@pytest.mark.parametrize("network", NETWORKS, ids=str)
def test_jacobians_and_products_equal_jacrev(network: dict[str, object]) -> None:
    """Every cell, stacks, normalisation, untied weights; dropout is off. s_t as a function of s_k in one go, too."""
    experiment = setting(**network)
    expected = by_jacrev(experiment, 3)
    np.testing.assert_allclose(one_step_jacobians(experiment, example=3), expected, rtol=0, atol=1e-14)
    found = jacobian_products(experiment, example=3)
    product = np.eye(expected.shape[-1])
    for lag in range(len(expected)):
        values = np.linalg.svd(product, compute_uv=False)
        clear = found.resolved[lag]
        np.testing.assert_allclose(np.exp(found.log_singular[lag][clear]), values[clear], rtol=1e-6)
        assert found.log_largest[lag] == pytest.approx(np.log(values[0]), abs=1e-12)
        product = product @ expected[-1 - lag]
    assert len(jacobian_products(experiment, example=3, step=2).log_singular) == 3


def true_logs(jacobians: np.ndarray) -> np.ndarray:
    """ln of the singular values of their product, in 200 digits."""
    with mpmath.workdps(200):
        product = mpmath.eye(jacobians.shape[-1])
        for jacobian in jacobians[::-1]:
            product = product * mpmath.matrix(jacobian.tolist())
        values = mpmath.svd_r(product, compute_uv=False)
        return np.array(sorted((float(mpmath.log(value)) for value in values), reverse=True))


@pytest.mark.parametrize(("cell", "length"), [("tanh", 150), ("gru", 90), ("lstm", 30)])
def test_tiny_singular_values_equal_many_digits(cell: str, length: int) -> None:
    """What is called resolved is right to three digits at least; rates are not singular values, but follow them."""
    jacobians = one_step_jacobians(setting(length, cell=cell))
    found = products(jacobians)
    expected = true_logs(jacobians[1:])
    clear = found.resolved[-1]
    assert 0 < clear.sum() < len(clear)
    np.testing.assert_allclose(found.log_singular[-1][clear], expected[clear], rtol=0, atol=1e-3)
    assert found.log_singular[-1][0] == pytest.approx(expected[0], abs=1e-12)
    assert expected[0] - expected[-1] > 30
    np.testing.assert_allclose(found.log_rates[-1], expected, rtol=0, atol=1.5)
    assert found.log_rates[-1].sum() == pytest.approx(expected.sum(), abs=1e-3)  # ln |det| has no direction to lose


def test_what_rounding_has_taken_is_marked() -> None:
    """Four decades per step: after four steps the smaller one is gone, and the float64 product shows noise instead."""
    turn = np.linalg.qr(np.random.default_rng(0).standard_normal((2, 2)))[0]
    found = products(np.repeat((turn @ np.diag([1.0, 1e-4]) @ turn.T)[None], 11, axis=0))
    np.testing.assert_array_equal(found.resolved[:, 0], True)
    np.testing.assert_array_equal(found.resolved[:, 1], [True] * 4 + [False] * 7)
    np.testing.assert_allclose(found.log_rates[:, 1], -4 * np.log(10) * found.lag, rtol=0, atol=1e-3)
    assert abs(found.log_singular[-1, 1] - found.log_rates[-1, 1]) > 20


def test_a_product_that_cancels_is_not_resolved() -> None:
    """A nilpotent matrix in disguise: growth first, then nothing but rounding, though the product is not small in itself."""
    turn = np.linalg.qr(np.random.default_rng(1).standard_normal((4, 4)))[0]
    found = products(np.repeat((turn @ np.diag([9.0, 9.0, 9.0], 1) @ turn.T)[None], 12, axis=0))
    np.testing.assert_array_equal(found.resolved[:4].sum(-1), [4, 3, 2, 1])
    assert not found.resolved[4:].any()


@settings(max_examples=20)
@given(st.floats(1e-3, 30.0), st.integers(2, 6), st.integers(0, 99))
def test_scaled_rotations_are_exact(rate: float, size: int, seed: int) -> None:
    """All singular values are rate^lag, at any lag, and resolved."""
    rotation = np.linalg.qr(np.random.default_rng(seed).standard_normal((size, size)))[0]
    found = products(np.repeat((rate * rotation)[None], 200, axis=0))
    assert found.resolved.all()
    expected = np.outer(np.arange(200), np.full(size, np.log(rate)))
    np.testing.assert_allclose(found.log_singular, expected, rtol=1e-12, atol=1e-11)
    np.testing.assert_allclose(found.log_rates, expected, rtol=1e-12, atol=1e-11)


def test_the_identity_stays() -> None:
    """IRNN with all units alive: nothing happens."""
    found = products(np.repeat(np.eye(3)[None], 5, axis=0))
    assert not found.log_singular.any() and not found.log_rates.any() and found.resolved.all()


def test_dead_units_are_given_up() -> None:
    """A ReLU's Jacobian has zero rows: those directions are −inf, the others go on; in the end none are left."""
    rng = np.random.default_rng(5)
    matrix = np.linalg.qr(rng.standard_normal((6, 6)))[0]
    alive = np.array([0, 1, 1, 0, 1, 1])[:, None]
    found = products(np.stack([alive * matrix] * 40))
    rank = np.linalg.matrix_rank(alive * matrix)
    assert np.isfinite(found.log_rates[1]).sum() == rank
    assert found.log_rates[30, 0] == pytest.approx(found.log_singular[30, 0], abs=0.5)
    none = products(np.stack([np.zeros((3, 3))] * 3))
    assert (
        np.isneginf(none.log_rates[1:]).all()
        and np.isneginf(none.log_singular[1:]).all()
        and not none.resolved[1:].any()
    )


def test_the_right_direction_is_given_up() -> None:
    """The strongest of three directions dies at the second step back; the growth of the others stays theirs."""
    alone = [np.diag([0.0, 0.5, 0.25]), np.diag([1.0, 0.5, 0.25])]
    found = products(np.stack([np.eye(3), *alone]))
    np.testing.assert_allclose(found.log_rates[2], [np.log(0.25), np.log(0.0625), -np.inf], atol=1e-12)


@pytest.mark.parametrize("cell", ["tanh", "lstm", "relu"])
def test_rates_approach_the_lyapunov_exponents(cell: str) -> None:
    """Over 300 steps, forwards with tangents and backwards with products agree; and all together they are ln |det|."""
    experiment = setting(300, cell=cell, initialiser="identity" if cell == "relu" else "default")
    weights = {name: values.astype(float) for name, values in initial(experiment).items()}
    trajectory = follow(experiment.network, weights, core.held_out(experiment, 32).inputs[4:5])
    jacobians = one_step_jacobians(experiment, example=4)
    rates = products(jacobians).log_rates[-1] / 299
    known = np.isfinite(rates).sum()
    assert known == len(rates) or cell == "relu"
    np.testing.assert_allclose(rates[:known], lyapunov_spectrum(trajectory, known), atol=0.05)
    if cell != "relu":
        assert rates.sum() == pytest.approx(np.linalg.slogdet(jacobians[1:])[1].mean(), abs=1e-5)


def test_other_networks_are_refused() -> None:
    """No steps; and weights that are no numbers any more."""
    with pytest.raises(core.SpecError, match="recurrent"):
        jacobian_products(core.Experiment(core.FeedForward(), core.Blobs()))
    broken = {name: values * np.nan for name, values in initial(setting()).items()}
    with pytest.raises(core.SpecError, match="blew up"):
        jacobian_products(setting(), broken)
