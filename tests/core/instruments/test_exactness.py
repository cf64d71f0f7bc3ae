"""Gradients of 10⁻¹⁵ and less against arithmetic that knows nothing of backpropagation.

Plain finite differences through the whole network prove nothing below about 10⁻⁸. Two checks that do: the product of
finite-difference Jacobians of single steps, and finite differences in 80-digit arithmetic.
"""

import mpmath
import numpy as np
import pytest
import torch

import core
from core.experiment.sampling import initial
from core.gradients.adjoint import log_norm
from core.gradients.backward import chain_gradients, chain_norms
from core.gradients.layers import layer_gradients
from core.gradients.measure import MEASURED, side_by_side
from core.networks.base import Chain
from core.parts.activations import ACTIVATIONS
from core.parts.cells import CELLS
from core.parts.losses import Loss
from core.parts.normalisations import NORMALISATIONS


def arrays(experiment: core.Experiment) -> dict[str, np.ndarray]:
    """The weights as float64 arrays under short names."""
    return {
        name.split(".")[-1] if "recurrent" in name else name: np.float64(w) for name, w in initial(experiment).items()
    }


def numpy_step(w: dict[str, np.ndarray], x: np.ndarray, h: np.ndarray) -> np.ndarray:
    """One step of a tanh RNN: x (B, e), h (B, n)."""
    return np.tanh(x @ w["weight_ih_l0"].T + w["bias_ih_l0"] + h @ w["weight_hh_l0"].T + w["bias_hh_l0"])


def test_product_of_finite_difference_jacobians() -> None:
    """60 steps, gradient below 10⁻¹⁵: every step's norm agrees to 10⁻⁷, mostly far better."""
    n, eps = 8, 1e-5
    experiment = core.Experiment(core.Recurrent(hidden=n), core.France(gap=54), seed=1)
    batch, w = core.held_out(experiment, MEASURED), arrays(experiment)
    vectors = w["embedding.weight"][batch.inputs]
    states = [np.zeros((MEASURED, n))]
    for t in range(vectors.shape[1]):
        states.append(numpy_step(w, vectors[:, t], states[-1]))
    logits = states[-1] @ w["readout.weight"].T + w["readout.bias"]
    p = np.exp(logits) / np.exp(logits).sum(1, keepdims=True)
    delta = (p - np.eye(8)[batch.targets]) / MEASURED @ w["readout.weight"]
    expected = [np.linalg.norm(delta)]
    for t in range(vectors.shape[1] - 1, 0, -1):
        columns = [
            numpy_step(w, vectors[:, t], states[t] + eps * unit) - numpy_step(w, vectors[:, t], states[t] - eps * unit)
            for unit in np.eye(n)
        ]
        jacobian = np.stack(columns, -1) / (2 * eps)  # (B, new, old)
        delta = np.einsum("bi,bij->bj", delta, jacobian)
        expected.append(np.linalg.norm(delta))
    assert expected[-1] < 1e-15
    np.testing.assert_allclose(core.measure_many([experiment])[0].log_norm, np.log(expected[::-1]), rtol=0, atol=1e-7)


def test_eighty_digits(monkeypatch: pytest.MonkeyPatch) -> None:
    """One sentence, 4 units, 25 words: ∂L/∂h of the first word, about 10⁻¹⁵, by differences of 10⁻³⁰ in mpmath."""
    experiment = core.Experiment(core.Recurrent(hidden=4, embedding=3, gain=0.5), core.France(gap=19), seed=5)
    batch = core.held_out(experiment, 1)
    target = int(batch.targets[0])
    with mpmath.workdps(80):
        w = {name: [mpmath.mpf(float(v)) for v in values.ravel()] for name, values in arrays(experiment).items()}

        def times(name: str, v: list) -> list:
            rows = len(w[name]) // len(v)
            return [mpmath.fdot(w[name][i * len(v) : (i + 1) * len(v)], v) for i in range(rows)]

        def step(word: int, h: list) -> list:
            x = w["embedding.weight"][3 * word : 3 * word + 3]
            parts = zip(
                times("weight_ih_l0", x), w["bias_ih_l0"], times("weight_hh_l0", h), w["bias_hh_l0"], strict=True
            )
            return [mpmath.tanh(mpmath.fsum(part)) for part in parts]

        def loss_from(h: list) -> mpmath.mpf:
            for word in batch.inputs[0, 1:]:
                h = step(int(word), h)
            logits = [a + b for a, b in zip(times("readout.weight", h), w["readout.bias"], strict=True)]
            return mpmath.log(mpmath.fsum([mpmath.exp(z) for z in logits])) - logits[target]

        first, eps = step(int(batch.inputs[0, 0]), [mpmath.mpf(0)] * 4), mpmath.mpf(10) ** -30
        squares = []
        for i in range(4):
            up, down = list(first), list(first)
            up[i], down[i] = up[i] + eps, down[i] - eps
            squares.append(((loss_from(up) - loss_from(down)) / (2 * eps)) ** 2)
        exact = float(mpmath.log(mpmath.sqrt(mpmath.fsum(squares))))
    assert np.log(1e-18) < exact < np.log(1e-12)
    monkeypatch.setattr("core.gradients.measure.MEASURED", 1)
    assert core.measure_many([experiment])[0].log_norm[0] == pytest.approx(exact, abs=1e-12)
    assert by_chain(experiment, 1)[0] == pytest.approx(exact, abs=1e-12)


def by_chain(experiment: core.Experiment, examples: int) -> np.ndarray:
    """The profile by autograd, map by map: the way of all networks that have no faster one."""
    batch = core.held_out(experiment, examples)
    weights = {name: torch.from_numpy(np.float64(values)) for name, values in initial(experiment).items()}
    chain = experiment.network.chain(weights, torch.from_numpy(batch.inputs))
    return chain_norms(chain, Loss.of(batch.targets))


@pytest.mark.parametrize("forget_bias", [-10.0, 1.0, 10.0])
@pytest.mark.parametrize("gain", [0.0, 1.0, 10.0])
@pytest.mark.parametrize("cell", CELLS)
def test_the_fast_way_equals_the_general_one(cell: str, gain: float, forget_bias: float) -> None:
    """One recurrent layer, measured with its slopes written out and by autograd: also where gates are nearly shut."""
    network = core.Recurrent(cell=cell, gain=gain, hidden=9, forget_bias=forget_bias)
    experiment = core.Experiment(network, core.France(gap=9))
    fast, general = core.measure_many([experiment])[0].log_norm, by_chain(experiment, MEASURED)
    np.testing.assert_allclose(fast, general, rtol=0, atol=1e-10)


class Sum:
    """The sum of all outputs as a loss."""

    each_step = False

    @staticmethod
    def value_and_gradient(outputs: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Its gradient is one everywhere."""
        return outputs.sum((-2, -1)), np.ones_like(outputs)


def scaled(*factors: float) -> np.ndarray:
    """Logs along a chain that multiplies by each factor in turn; the loss is the sum of four ones' images."""
    maps = [lambda state, factor=factor: (state[0] * factor,) for factor in factors]
    chain = Chain((torch.ones(1, 2, 2, dtype=torch.float64),), maps, lambda state: state[0], [0] * len(maps))
    return chain_norms(chain, Sum())[:, 0]


@pytest.mark.parametrize("factor", [1e-30, 1e-160, 1e-200, 1e-300, 1e60])
def test_one_map_may_shrink_the_gradient_by_any_float64(factor: float) -> None:
    """The norm must not fail where only its squares leave float64 (science.md 1.3)."""
    expected = np.log(2) + np.log(factor) * np.arange(4)[::-1]
    np.testing.assert_allclose(scaled(1.0, factor, factor, factor), expected, rtol=1e-12)


def test_zero_infinity_and_nan_stay_what_they_are() -> None:
    """Below a zero all is zero; a NaN stays NaN down to the first map."""
    assert (scaled(1.0, 1.0, 0.0, 1.0)[:2] == -np.inf).all()
    assert np.isfinite(scaled(1.0, 1.0, 0.0, 1.0)[2:]).all()
    assert np.isnan(scaled(1.0, 1.0, np.nan, 1.0)[:2]).all()


@pytest.mark.parametrize(
    "network", [core.Recurrent(cell="peephole"), core.Recurrent(layers=3), core.Attention(layers=2)]
)
def test_losses_at_every_step_join_at_the_right_scale(network: core.Recurrent | core.Attention) -> None:
    """Map by map in the log domain, and in one plain backward pass."""
    experiment = core.Experiment(network, core.Roles(gap=6))
    batch = core.held_out(experiment, 8)
    weights = {name: np.float64(values) for name, values in initial(experiment).items()}
    loss = Loss.of(batch.targets)
    plain = chain_gradients(network, weights, batch.inputs, loss, rescale=0).log_norm
    chain = network.chain(
        {name: torch.from_numpy(values) for name, values in weights.items()}, torch.from_numpy(batch.inputs)
    )
    logs = chain_norms(chain, loss)
    if not chain.positions:
        logs = logs.reshape(-1, chain.layers).T
    np.testing.assert_allclose(logs, plain, rtol=0, atol=1e-12)


@pytest.mark.parametrize("size", [1e-30, 3e-22, 1e-19, 1.0, 1e25])
def test_float32_norms_whose_squares_float32_cannot_hold(size: float) -> None:
    """Also where the squares are not 0 yet, but have lost digits."""
    values = (size * np.random.default_rng(0).standard_normal((4, 3))).astype(np.float32)
    assert log_norm(values) == pytest.approx(np.log(np.linalg.norm(values.astype(float))), abs=1e-6)


@pytest.mark.parametrize("normalisation", NORMALISATIONS)
@pytest.mark.parametrize("gain", [0.0, 1.0, 10.0])
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_the_fast_way_equals_the_general_one_for_layers(activation: str, gain: float, normalisation: str) -> None:
    """A feed-forward network, measured with its slopes written out and by autograd: also where units saturate."""
    network = core.FeedForward(depth=9, width=12, activation=activation, gain=gain, normalisation=normalisation)
    experiment = core.Experiment(network, core.Blobs())
    fast, general = core.measure_many([experiment])[0].log_norm, by_chain(experiment, MEASURED)
    np.testing.assert_allclose(fast, general, rtol=0, atol=1e-10)


@pytest.mark.parametrize("skip", ["none", "residual"])
@pytest.mark.parametrize("normalisation", NORMALISATIONS)
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_layers_give_every_parameter_its_gradient(activation: str, normalisation: str, skip: str) -> None:
    """Two networks side by side, written out and by autograd; the first layer changes the width."""
    network = core.FeedForward(
        depth=4, width=5, activation=activation, normalisation=normalisation, skip=skip, bias_std=0.3
    )
    weights = side_by_side([initial(core.Experiment(network, core.Blobs(inputs=3), seed=seed)) for seed in range(2)])
    rng = np.random.default_rng(0)
    args = network, weights, rng.standard_normal((2, 7, 3)), Loss(rng.integers(4, size=(2, 7)))
    found, expected = layer_gradients(*args), chain_gradients(*args)
    np.testing.assert_allclose(found.loss, expected.loss, rtol=1e-13)
    for name in weights:
        np.testing.assert_allclose(found.parameters[name], expected.parameters[name], rtol=0, atol=1e-13)
