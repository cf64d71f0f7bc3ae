"""Gradients of 10⁻¹⁵ and less against arithmetic that knows nothing of backpropagation.

Plain finite differences through the whole network prove nothing below about 10⁻⁸. Two checks that do: the product of
finite-difference Jacobians of single steps, and finite differences in 80-digit arithmetic.
"""

import mpmath
import numpy as np
import pytest
import torch
from torch.nn.functional import cross_entropy

import core
from core.activations import ACTIVATIONS
from core.cells import CELLS
from core.gradients.backward import backward_norms
from core.gradients.measure import MEASURED
from core.networks import Chain
from core.normalisations import NORMALISATIONS
from core.sampling import initial


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
    return np.asarray(backward_norms(chain, lambda logits: cross_entropy(logits, torch.from_numpy(batch.targets))))


@pytest.mark.parametrize("forget_bias", [-10.0, 1.0, 10.0])
@pytest.mark.parametrize("gain", [0.0, 1.0, 10.0])
@pytest.mark.parametrize("cell", CELLS)
def test_the_fast_way_equals_the_general_one(cell: str, gain: float, forget_bias: float) -> None:
    """One recurrent layer, measured with its slopes written out and by autograd: also where gates are nearly shut."""
    network = core.Recurrent(cell=cell, gain=gain, hidden=9, forget_bias=forget_bias)
    experiment = core.Experiment(network, core.France(gap=9))
    fast, general = core.measure_many([experiment])[0].log_norm, by_chain(experiment, MEASURED)
    np.testing.assert_allclose(fast, general, rtol=0, atol=1e-10)


def scaled(*factors: float) -> np.ndarray:
    """Logs along a chain that multiplies by each factor in turn; the loss is the sum of four ones' images."""
    maps = [lambda state, factor=factor: (state[0] * factor,) for factor in factors]
    chain = Chain((torch.ones(1, 2, 2, dtype=torch.float64),), maps, lambda state: state[0], [0] * len(maps))
    return np.asarray(backward_norms(chain, lambda out: out.sum((-2, -1))))[:, 0]


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


@pytest.mark.parametrize("normalisation", NORMALISATIONS)
@pytest.mark.parametrize("gain", [0.0, 1.0, 10.0])
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_the_fast_way_equals_the_general_one_for_layers(activation: str, gain: float, normalisation: str) -> None:
    """A feed-forward network, measured with its slopes written out and by autograd: also where units saturate."""
    network = core.FeedForward(depth=9, width=12, activation=activation, gain=gain, normalisation=normalisation)
    experiment = core.Experiment(network, core.Blobs())
    fast, general = core.measure_many([experiment])[0].log_norm, by_chain(experiment, MEASURED)
    np.testing.assert_allclose(fast, general, rtol=0, atol=1e-10)
