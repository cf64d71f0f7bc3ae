"""The parts of mean-field theory against Monte Carlo, exact integrals and simulated networks."""

from dataclasses import replace

import numpy as np
import pytest

import core
from core.parts.activations import ACTIVATIONS
from core.theory.batch import centred, linear_share, normalised, spherical, unlike
from core.theory.gaussian import gate, moments
from core.theory.layers import curve_of, predict_layers, slope_of
from core.theory.meanfield import Data, Layer, mean_field
from core.theory.overlap import coupled
from core.theory.reach import narrowness

Z = np.linspace(-12, 12, 240_001)
DENSITY = np.exp(-(Z**2) / 2) / np.exp(-(Z**2) / 2).sum()
DRAWS = np.random.default_rng(0).standard_normal(1_000_000)


def average(values: np.ndarray) -> float:
    """E over z ~ N(0, 1), by plain summation."""
    return float((values * DENSITY).sum())


@pytest.mark.parametrize("q", [0.01, 1.0, 25.0])
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_gaussian_averages(activation: str, q: float) -> None:
    """By plain summation over a fine grid; ReLU's in closed form below."""
    found, u, entry = moments(activation, q), np.sqrt(q) * Z, ACTIVATIONS[activation]
    value = entry.value(u)
    slope = entry.slope(u, value)
    pull = slope * u
    for mine, own in [
        (found.mean, value),
        (found.square, value**2),
        (found.slope_square, slope**2),
        (found.pull, pull),
        (found.pull_square, pull**2),
        (found.pull_value, pull * value),
    ]:
        assert mine == pytest.approx(average(own), rel=2e-4, abs=1e-9)
    assert found.unequal == pytest.approx(average(value**4) / average(value**2) ** 2, rel=2e-4)
    assert found.unequal_slopes == pytest.approx(average(slope**4) / average(slope**2) ** 2, rel=2e-4)


@pytest.mark.parametrize("q", [0.01, 1.0, 25.0])
def test_gaussian_averages_in_closed_form(q: float) -> None:
    """ReLU and the identity."""
    relu, line = moments("relu", q), moments("identity", q)
    assert relu.mean == pytest.approx(np.sqrt(q / (2 * np.pi)), rel=1e-10)
    assert [relu.square, relu.slope_square, relu.pull_value] == pytest.approx([q / 2, 0.5, q / 2], rel=1e-10)
    assert [line.square, line.slope_square, line.unequal] == pytest.approx([q, 1.0, 3.0], rel=1e-10)


@pytest.mark.parametrize(("bias", "q"), [(-2.0, 0.5), (0.0, 4.0), (3.0, 100.0)])
def test_averages_of_a_gate(bias: float, q: float) -> None:
    """T = σ(g), g ~ N(bias, q)."""
    t = 1 / (1 + np.exp(-bias - np.sqrt(q) * Z))
    found = gate(bias, q)
    expected = [average(t), average(t**2), average(t * (1 - t)), average((1 - t) ** 2), average((t * (1 - t)) ** 2)]
    assert [found.mean, found.square, found.cross, found.kept, found.slope_square] == pytest.approx(expected, rel=1e-4)


# --- normalisation ------------------------------------------------------------------------------------------------


def predicted(activation: str, normalisation: str, **more: object) -> core.Prediction:
    """For 30 layers of 128 and examples that are hardly alike."""
    network = core.FeedForward(depth=30, width=128, activation=activation, normalisation=normalisation, **more)
    (prediction,) = predict_layers(core.Experiment(network, core.Blobs(inputs=128, spread=10.0)))
    return prediction


@pytest.mark.parametrize("initialiser", ["xavier", "he", "orthogonal"])
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_layer_norm_forgets_the_initial_scale(activation: str, initialiser: str) -> None:
    """√(E[φ′²]/E[φ²]) whatever the initialiser."""
    value = ACTIVATIONS[activation].value(Z)
    expected = average(ACTIVATIONS[activation].slope(Z, value) ** 2) / average(value**2)
    assert predicted(activation, "layer", initialiser=initialiser).slope == pytest.approx(
        0.5 * np.log(expected), abs=1e-4
    )


def test_layer_norm_of_tiny_pre_activations_has_its_epsilon() -> None:
    """With σ = .0005 and 128 units Var u = 1.3e-5 of the first layer is no more than ε = 1e-5: predicted and measured alike."""
    network = core.FeedForward(
        depth=20, width=128, activation="tanh", initialiser="normal", sigma=0.0005, normalisation="layer"
    )
    experiment = core.Experiment(network, core.Blobs(inputs=128))
    measured, (prediction,) = core.measure(experiment).fit.slope, predict_layers(experiment)
    assert prediction.slope == pytest.approx(measured, abs=0.02)
    assert predicted("tanh", "layer").slope - measured > 0.05  # without ε


@pytest.mark.parametrize("batch", [8, 32, 1000])
def test_batch_norm_of_a_linear_layer_is_exactly_b_2_over_b_3(batch: int) -> None:
    """χ = (B − 2)/(B − 3) (Yang et al. 2019); large batches leave 1."""
    variance, back = spherical("identity", batch)
    assert back / variance == pytest.approx((batch - 2) / (batch - 3), rel=1e-9)


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_batch_norm_over_a_sphere_by_monte_carlo(activation: str) -> None:
    """Both averages for B = 12, from 200,000 random points on the sphere; and for large B the Gaussian ones."""
    b, entry = 12, ACTIVATIONS[activation]
    y = np.random.default_rng(1).standard_normal((200_000, b))
    y -= y.mean(1, keepdims=True)
    y /= np.sqrt((y**2).mean(1, keepdims=True))
    value = entry.value(y)
    slope = entry.slope(y, value)
    eye = np.eye(b) - 1 / b
    # tr[(P − yyᵀ/B) D P D] = Σ_ij (P − yyᵀ/B)_ij P_ij d_i d_j
    traces = np.einsum("ni,nj,ij->n", slope, slope, eye**2) - np.einsum("ni,nj,ij->n", y * slope, y * slope, eye) / b
    variance, back = spherical(activation, b)
    assert variance == pytest.approx(float(np.var(value, axis=1, ddof=1).mean()), rel=0.01)
    assert back == pytest.approx(b / (b - 3) * float(traces.mean()) / (b - 1), rel=0.01)
    large, gaussian = spherical(activation, 10**6), moments(activation, 1.0)
    assert large == pytest.approx((gaussian.variance, gaussian.slope_square), rel=1e-3)


def test_batch_norm_of_alike_examples_by_monte_carlo() -> None:
    """E 1/‖z‖² and E yyᵀ for a Gram matrix of three clusters, from 400,000 draws."""
    rng = np.random.default_rng(2)
    points = np.repeat(rng.standard_normal((3, 20)), 4, axis=0) + 0.5 * rng.standard_normal((12, 20))
    gram = centred(points @ points.T)
    gram *= 11 / np.trace(gram)
    values, vectors = np.linalg.eigh(gram)
    z = rng.standard_normal((400_000, 12)) @ (vectors * np.sqrt(np.maximum(values, 0))).T
    squares = (z**2).sum(1)
    lengths, likeness = normalised(gram)
    assert lengths == pytest.approx(float((1 / squares).mean()) * 9, rel=0.02)
    np.testing.assert_allclose(likeness, 12 * np.einsum("na,nb,n->ab", z, z, 1 / squares) / len(z), atol=0.01)
    np.testing.assert_allclose(normalised(np.eye(12) - 1 / 12)[0], 1.0, rtol=1e-6)


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_activations_make_examples_less_alike(activation: str) -> None:
    """E φ(y_a)φ(y_b) at correlation .6 by Monte Carlo; the identity keeps correlations as they are."""
    gram = np.array([[1.0, 0.6, 0.0], [0.6, 1.0, 0.0], [0.0, 0.0, 1.0]])
    other, third = 0.6 * DRAWS + 0.8 * np.roll(DRAWS, 1), np.roll(DRAWS, 2)
    values = [ACTIVATIONS[activation].value(each) for each in (DRAWS, other, third)]
    expected = centred(np.array([[(a * b).mean() for b in values] for a in values]))
    np.testing.assert_allclose(unlike(activation, gram), expected * 2 / np.trace(expected), atol=0.01)
    assert linear_share("identity") == pytest.approx(1.0) and linear_share("relu") < linear_share("sigmoid") < 1


@pytest.mark.parametrize("spread", [0.1, 0.5, 2.0])
def test_likeness_of_the_examples_explains_the_first_layers(spread: float) -> None:
    """BatchNorm and ReLU on clusters: theory with the batch's own Gram matrix is closer than without, layer by layer."""
    network = core.FeedForward(depth=12, width=256, activation="relu", initialiser="orthogonal", normalisation="batch")
    apart, blind = [], []
    for seed in range(3):
        experiment = core.Experiment(network, core.Blobs(spread=spread), seed=seed)
        curve = core.measure(experiment).relative
        data = Data.of(core.held_out(experiment, 32).inputs, network)
        apart.append(curve - curve_of(network, mean_field(network, data)))
        blind.append(curve - curve_of(network, mean_field(network, replace(data, gram=None))))
    mine, without = np.abs(np.mean(apart, 0)).max(), np.abs(np.mean(blind, 0)).max()
    assert mine < 0.25
    assert mine < without if spread < 1 else mine < without + 0.05


# --- ways past the layers -----------------------------------------------------------------------------------------


def rate(network: core.FeedForward, layers: list[Layer], width: int) -> float:
    """Slope with overlaps of ``width`` units carried along; 0: without any."""
    growth = coupled(layers, width) if width else np.array([layer.growth for layer in layers[1:]])
    return slope_of(0.5 * np.append(np.cumsum(np.log(growth)[::-1])[::-1], 0.0))


@pytest.mark.parametrize(
    "settings",
    [
        {"skip": "residual", "activation": "relu", "initialiser": "he"},
        {"skip": "residual", "activation": "gelu", "initialiser": "default"},
        {"skip": "highway", "activation": "relu", "initialiser": "he", "gate_bias": 0.0},
        {"skip": "highway", "activation": "relu", "initialiser": "xavier", "gate_bias": 0.0},
    ],
    ids=str,
)
def test_overlap_decides_the_rate_of_unnormalised_skips(settings: dict) -> None:
    """128 units, 30 layers, 4 seeds: within .03 with it, off by more than .07 without."""
    network = core.FeedForward(depth=30, width=128, **settings)
    measured, with_it, without = [], [], []
    for seed in range(4):
        experiment = core.Experiment(network, core.Blobs(inputs=128), seed=seed)
        layers = mean_field(network, Data.of(core.held_out(experiment, 32).inputs, network))
        measured.append(core.measure(experiment).fit.slope)
        with_it.append(rate(network, layers, 128))
        without.append(rate(network, layers, 0))
    assert np.mean(with_it) == pytest.approx(np.mean(measured), abs=0.03)
    assert abs(np.mean(without) - np.mean(measured)) > 0.07


def test_without_overlap_the_two_are_the_same() -> None:
    """Infinitely wide networks start with none; a linear residual network never feels it."""
    for activation, width in (("tanh", 10**12), ("relu", 10**12), ("identity", 64)):
        network = core.FeedForward(depth=12, activation=activation, skip="residual")
        layers = mean_field(network, Data(16, 1.0, 1.0, 32, None))
        assert rate(network, layers, width) == pytest.approx(rate(network, layers, 0), abs=2e-3)


def test_highways_interpolate() -> None:
    """A gate that is shut passes everything, one that is open makes a plain network."""
    data = Data(64, 1.0, 1.0, 32, None)
    plain = mean_field(core.FeedForward(activation="tanh"), data)[-1].growth
    shut, opened = (core.FeedForward(activation="tanh", skip="highway", gate_bias=bias) for bias in (-10.0, 10.0))
    assert mean_field(shut, data)[-1].growth == pytest.approx(1.0, abs=2e-4)
    assert mean_field(opened, data)[-1].growth == pytest.approx(plain, abs=2e-2)


def test_a_highway_multiplies_the_square_as_its_formula_says() -> None:
    """E(1 − T)² + σ_w² E[T²] E[φ′²] + σ_w² E[σ′²] E(φ − h)², every average by hand for a tanh layer."""
    network = core.FeedForward(activation="tanh", initialiser="gaussian", skip="highway", gate_bias=-1.0, width=16)
    first = mean_field(network, Data(16, 0.7, 0.7, 32, None))[0]
    u = np.sqrt(0.7) * Z
    t, value = 1 / (1 + np.exp(1.0 - u)), np.tanh(u)
    expected = average((1 - t) ** 2) + average(t**2) * average((1 - value**2) ** 2)
    expected += average((t * (1 - t)) ** 2) * (average(value**2) + 0.7)
    assert first.growth == pytest.approx(expected, rel=1e-4)


# --- finite width -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("width", [8, 16])
def test_narrow_networks_lose_what_theory_says(width: int) -> None:
    """Linear Gaussian layers, one example: the mean logarithm is 1/(2n) per layer below the logarithm of the mean."""
    network = core.FeedForward(depth=40, width=width, activation="identity", initialiser="gaussian")
    cost = narrowness(network, mean_field(network, Data(16, 1.0, 1.0, 32, None)))
    assert cost == pytest.approx(1 / (2 * width), rel=1e-9)
    task = core.Blobs(inputs=16, classes=2, spread=0.0)  # two points, and a gradient of one direction
    slopes = [core.measure(core.Experiment(network, task, seed=seed)).fit.slope for seed in range(40)]
    assert -np.mean(slopes) == pytest.approx(cost, abs=3.5 * np.std(slopes) / np.sqrt(40))
    assert -np.mean(slopes) > 0.3 * cost
