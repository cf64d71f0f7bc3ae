"""Lyapunov exponents against products of Jacobians that are short enough for floating point, and against known cases."""

import numpy as np
import pytest
import torch
from numpy import ndarray

import core
from core.experiment.sampling import initial
from core.gradients.measure import side_by_side
from core.gradients.recurrence import follow
from core.parts.recursions import Trajectory
from core.theory.flow import Backwards, flow_of
from core.theory.lyapunov import growth, lyapunov, lyapunov_spectrum, mean_square

RNG = np.random.default_rng


def constant(matrix: ndarray, steps: int) -> Trajectory:
    """Three sequences of a linear network, whose Jacobian is ``matrix`` at every step."""
    n = len(matrix)
    ones = np.ones((steps, 1, n, 3))
    return Trajectory(np.concatenate([matrix, np.zeros((n, 1))], 1), np.zeros((steps + 1, n + 1, 3)), ones, ones)


def walk(steps: int, **settings: object) -> tuple[core.Recurrent, dict[str, ndarray], ndarray]:
    """A network of 5 units, its weights (1, …) and inputs (1, 3, steps, 4)."""
    network = core.Recurrent(hidden=5, **settings)
    experiment = core.Experiment(network, core.Noise(length=steps, inputs=4))
    return network, side_by_side([initial(experiment)]), RNG(1).standard_normal((1, 3, steps, 4))


@pytest.mark.parametrize("rate", [1e-3, 0.9, 1.0, 4.0])
def test_scaled_rotations_have_one_exponent(rate: float) -> None:
    """Each step multiplies every length by ``rate``: all exponents are its logarithm, and all means agree."""
    flow = constant(rate * np.linalg.qr(RNG(2).standard_normal((6, 6)))[0], 30)
    np.testing.assert_allclose(lyapunov_spectrum(flow, 6), np.log(rate), rtol=0, atol=1e-12)
    assert lyapunov(flow) == pytest.approx(np.log(rate), abs=1e-12)
    np.testing.assert_allclose(np.diff(mean_square(growth(flow))), np.log(rate), rtol=0, atol=1e-12)


def test_a_diagonal_has_its_entries() -> None:
    """In falling order, whatever the signs; those far apart settle in 60 steps."""
    found = lyapunov_spectrum(constant(np.diag([0.1, -0.9, 0.01]), 80), 3, settle=0)
    np.testing.assert_allclose(found, np.log([0.9, 0.1, 0.01]), atol=0.06)  # the first frame is not yet aligned
    late = lyapunov_spectrum(constant(np.diag([0.1, -0.9, 0.01]), 4000), 3)
    np.testing.assert_allclose(late, np.log([0.9, 0.1, 0.01]), atol=1.5e-3)


@pytest.mark.parametrize("cell", ["tanh", "sigmoid", "gru", "lstm", "leaky"])
def test_the_whole_spectrum_is_that_of_the_product(cell: str) -> None:
    """Three steps: the sum is exactly ln |det|/T; and no frame grows by more than the largest singular values together."""
    network, weights, inputs = walk(3, cell=cell, gain=2.0)
    flow = follow(network, weights, inputs)
    size = len(flow.last) * 5
    jacobians = [flow.jacobian(t)[0] for t in range(3)]
    found = lyapunov_spectrum(flow, size)[0]
    assert found.sum() == pytest.approx(np.mean([np.linalg.slogdet(each)[1] for each in jacobians]), abs=1e-12)
    logs = np.log(np.linalg.svd(jacobians[2] @ jacobians[1] @ jacobians[0])[1]).mean(0) / 3
    assert (np.cumsum(found) <= np.cumsum(logs) + 1e-9).all()
    assert found[0] > logs[0] - 1.0


def test_directions_that_are_lost_are_minus_infinity() -> None:
    """Units of a ReLU network die, and with them the rank of the product."""
    network, weights, inputs = walk(30, cell="relu")
    assert np.isneginf(lyapunov_spectrum(follow(network, weights, inputs), 5)[0, -1])


def test_exponents_tend_to_the_logarithms_of_the_singular_values() -> None:
    """Oseledets: after many steps both are the same; one long product per sequence, in the range of float64."""
    network, weights, inputs = walk(120, cell="tanh", gain=1.5)
    flow = follow(network, weights, inputs)
    product = np.eye(5)
    for t in range(120):
        product = flow.jacobian(t)[0] @ product
    logs = np.log(np.linalg.svd(product)[1]).mean(0) / 120
    np.testing.assert_allclose(lyapunov_spectrum(flow, 2)[0], logs[:2], atol=0.03)


@pytest.mark.parametrize("cell", ["tanh", "lstm"])
def test_backwards_and_forwards_have_the_same_exponents(cell: str) -> None:
    """The transposed Jacobians by autograd against the written-out ones: equal sums, and equal first exponents in the end."""
    network, weights, inputs = walk(60, cell=cell, gain=1.5)
    forwards, backwards = follow(network, weights, inputs), taken_backwards(network, weights, inputs)
    assert isinstance(backwards, Backwards) and len(backwards) == len(forwards)
    size = len(forwards.last) * 5
    one, other = lyapunov_spectrum(forwards, size)[0], lyapunov_spectrum(backwards, size)[0]
    assert other.sum() == pytest.approx(one.sum(), abs=1e-9)
    np.testing.assert_allclose(other[:2], one[:2], atol=0.03)
    tangent = tuple(RNG(3).standard_normal(part.shape) for part in forwards.last)
    for mine, theirs in zip(backwards.pushed(7, tangent), forwards.back(60 - 1 - 7, tangent), strict=True):
        np.testing.assert_allclose(mine, theirs, rtol=0, atol=1e-14)


def taken_backwards(network: core.Recurrent, weights: dict[str, ndarray], inputs: ndarray) -> Backwards:
    """As ``flow_of`` does for networks without a written-out recursion."""
    untied = core.Recurrent(**{**vars(network), "tied": False})
    steps = inputs.shape[2]
    matrix = weights["recurrent.weight_hh_l0"]
    repeated = weights | {"recurrent.weight_hh_l0": np.repeat(matrix[:, None], steps, 1)}
    flow = flow_of(untied, repeated, inputs)
    assert isinstance(flow, Backwards)
    return flow


def test_a_linear_diagonal_network_has_its_lambdas() -> None:
    """LRU: each |λ| twice, once for each part of the complex unit, exactly and from the first step."""
    network, weights, inputs = walk(20, cell="lru", r_min=0.3, r_max=0.95)
    found = lyapunov_spectrum(flow_of(network, weights, inputs), 10)[0]
    modulus = -np.exp(weights["recurrent.nu_l0"][0])
    assert found.sum() == pytest.approx(2 * modulus.sum(), abs=1e-12)
    assert found[0] == pytest.approx(modulus.max(), abs=0.05)


def test_a_stack_is_followed_as_a_whole() -> None:
    """Two layers: the exponents add up to ln |det| of the Jacobian of both layers together."""
    network, weights, inputs = walk(6, layers=2)
    tensors = {name: torch.from_numpy(values) for name, values in weights.items()}
    logs = []
    for one in range(3):
        chain = network.chain(tensors, torch.from_numpy(inputs[:, one : one + 1]))
        h = torch.zeros(10, dtype=torch.float64)
        for t in range(6):

            def step(h: torch.Tensor, lower: int = 2 * t, chain: core.networks.base.Chain = chain) -> torch.Tensor:
                state = chain.maps[lower + 1](chain.maps[lower]((h[None, None, :5], h[None, None, 5:])))
                return torch.cat(state, -1)[0, 0]

            logs.append(np.linalg.slogdet(torch.autograd.functional.jacobian(step, h).numpy())[1])
            h = step(h)
    assert lyapunov_spectrum(flow_of(network, weights, inputs), 10)[0].sum() == pytest.approx(np.mean(logs), abs=1e-10)


def test_the_mean_square_is_never_below_the_mean_logarithm() -> None:
    """Jensen; and with one sequence there is no difference."""
    network, weights, inputs = walk(40, gain=2.0)
    curve = growth(follow(network, weights, inputs))
    assert (mean_square(curve) >= curve.mean(-1)[:, 0] - 1e-12).all()
    np.testing.assert_allclose(mean_square(curve[..., :1]), curve[:, 0, 0], atol=1e-12)


def test_a_tangent_that_dies_says_so() -> None:
    """Exactly zero is −∞, not a small number; and nothing warns."""
    flow = constant(np.array([[0.0, 1.0], [0.0, 0.0]]), 9)
    assert lyapunov(flow) == -np.inf
    assert lyapunov_spectrum(flow, 2)[-1] == -np.inf
