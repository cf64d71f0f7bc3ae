"""Theory against oracles: autograd, closed forms, and the measured table of science.md."""

import numpy as np
import pytest

import core
from core.activations import ACTIVATIONS
from core.sampling import initial
from core.theory.layers import moments, predict_layers
from core.theory.steps import predict_steps


def noise(length: int) -> core.Noise:
    """Random inputs of this many steps, whatever the field is called."""
    return core.Noise(**{next(iter(core.fields.rules(core.Noise))): length})


# --- time steps ---------------------------------------------------------------------------------------------------


def silent(cell: str, matrix: np.ndarray, forget_bias: float = 0.0) -> dict[str, core.Prediction]:
    """Predictions for a network that stays at h = 0: all parameters 0 but the recurrent matrix (and forget bias)."""
    n = matrix.shape[1]
    experiment = core.Experiment(core.Recurrent(cell=cell, hidden=n), noise(7))
    parameters = {name: np.zeros_like(values) for name, values in initial(experiment).items()}
    parameters["recurrent.weight_hh_l0"] = matrix.astype(np.float32)
    if cell == "lstm":
        parameters["recurrent.bias_ih_l0"][n : 2 * n] = forget_bias
    return {prediction.name: prediction for prediction in predict_steps(experiment, parameters)}


def test_plain_rnn_at_rest_has_its_own_matrix_as_jacobian() -> None:
    """ρ is the largest |eigenvalue|, the bound the largest singular value, and the exponent ln ρ."""
    matrix = np.array([[0.0625, 0.25, 0.0], [0.0, -0.75, 0.0], [0.0, 0.0, 0.125]])
    found = silent("tanh", matrix)
    assert found["ρ of the mean Jacobian"].slope == pytest.approx(np.log(0.75), abs=1e-12)
    assert found["Lyapunov exponent"].slope == pytest.approx(np.log(0.75), abs=1e-9)
    assert found["bound σ₁·γ"].slope == pytest.approx(np.log(np.linalg.svd(matrix)[1][0]), abs=1e-6)


def test_the_bound_needs_the_singular_value() -> None:
    """A nilpotent matrix has ρ = 0, yet its first step may grow: no bound is claimed."""
    found = silent("tanh", np.array([[0.0, 3.0], [0.0, 0.0]]))
    assert np.isnan(found["bound σ₁·γ"].slope)
    assert "no bound" in found["bound σ₁·γ"].holds


def test_gru_at_rest() -> None:
    """Half-open update gate, candidate through a half-open reset gate: J = ½ + ¼ W_n."""
    matrix = np.concatenate([np.zeros((2, 2)), np.zeros((2, 2)), 0.5 * np.eye(2)])
    found = silent("gru", matrix)
    assert found["ρ of the mean Jacobian"].slope == pytest.approx(np.log(0.625), abs=1e-12)
    assert found["Lyapunov exponent"].slope == pytest.approx(np.log(0.625), abs=1e-12)
    assert "bound σ₁·γ" not in found


@pytest.mark.parametrize("forget_bias", [0.0, 1.0, 3.0])
def test_lstm_at_rest_decays_through_its_forget_gate(forget_bias: float) -> None:
    """Without a recurrent matrix only c ← σ(b_f) c is left."""
    found = silent("lstm", np.zeros((8, 2)), forget_bias)
    expected = np.log(1 / (1 + np.exp(-forget_bias)))
    assert found["ρ of the mean Jacobian"].slope == pytest.approx(expected, abs=1e-12)
    assert found["Lyapunov exponent"].slope == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize(
    "network",
    [
        core.Recurrent(),
        core.Recurrent(initialiser="orthogonal"),
        core.Recurrent(cell="gru"),
        core.Recurrent(cell="lstm"),
        core.Recurrent(cell="lstm", forget_bias=3.0),
        core.Recurrent(cell="relu", initialiser="identity"),
    ],
    ids=str,
)
def test_the_exponent_predicts_the_measured_slope(network: core.Recurrent) -> None:
    """Mean over 3 seeds within .05 nats per step (science.md: .03 at n = 64 with 5 seeds)."""
    profiles = [core.measure(core.Experiment(network, noise(100), seed=seed)) for seed in range(3)]
    predicted = np.mean([profile.predicted[0].slope for profile in profiles])
    assert np.mean([profile.fit.slope for profile in profiles]) == pytest.approx(predicted, abs=0.05)


def test_a_stack_without_a_prediction_says_why() -> None:
    """One NaN with a reason; the measurement itself is there all the same."""
    profile = core.measure(core.Experiment(core.Recurrent(layers=3), core.France(gap=3)))
    (prediction,) = profile.predicted
    assert np.isnan(prediction.slope)
    assert "single" in prediction.holds
    assert np.isfinite(profile.log_norm).all()


def test_the_largest_seed_can_be_measured() -> None:
    """Theory looks at another trajectory, whose seed must not leave the allowed range."""
    highest = int(core.fields.rules(core.Experiment)["seed"].high)
    assert np.isfinite(core.measure(core.Experiment(core.Recurrent(hidden=3), core.France(gap=1), seed=highest)).rate)


# --- layers -------------------------------------------------------------------------------------------------------


def predicted(activation: str, initialiser: str, normalisation: str = "none", **more: float) -> core.Prediction:
    """Mean-field prediction for 50 layers of 128."""
    network = core.FeedForward(
        depth=50, width=128, activation=activation, initialiser=initialiser, normalisation=normalisation, **more
    )
    return predict_layers(core.Experiment(network, core.Blobs(inputs=128)))[0]


TABLE = [  # science.md, section 2: predicted factor per layer
    ("sigmoid", "normal", {"sigma": 0.01}, 0.028),
    ("sigmoid", "normal", {"sigma": 1.0}, 1.049),
    ("sigmoid", "xavier", {}, 0.236),
    ("sigmoid", "he", {}, 0.317),
    ("tanh", "normal", {"sigma": 0.01}, 0.113),
    ("tanh", "normal", {"sigma": 1.0}, 2.497),
    ("tanh", "xavier", {}, 0.958),
    ("tanh", "he", {}, 1.043),
    ("relu", "normal", {"sigma": 0.01}, 0.080),
    ("relu", "normal", {"sigma": 1.0}, 7.998),
    ("relu", "xavier", {}, 0.707),
    ("relu", "he", {}, 1.000),
    ("gelu", "normal", {"sigma": 0.01}, 0.057),
    ("gelu", "xavier", {}, 0.507),
]


@pytest.mark.parametrize(("activation", "initialiser", "more", "expected"), TABLE)
def test_mean_field_reproduces_the_table(activation: str, initialiser: str, more: dict, expected: float) -> None:
    """Mean factor per layer from bottom to top, within 1 % (the table was made with other data)."""
    curve = predicted(activation, initialiser, **more).curve
    assert np.exp(curve[0] / 49) == pytest.approx(expected, rel=0.01)


Z = np.linspace(-12, 12, 240_001)
SIGMOID = 1 / (1 + np.exp(-Z))
SHAPES = {"sigmoid": (SIGMOID, SIGMOID * (1 - SIGMOID)), "tanh": (np.tanh(Z), 1 - np.tanh(Z) ** 2)}
SHAPES |= {"relu": (np.maximum(Z, 0), (Z > 0) * 1.0), "identity": (Z, np.ones_like(Z))}


def average(values: np.ndarray) -> float:
    """E over z ~ N(0, 1), by plain summation."""
    density = np.exp(-(Z**2) / 2)
    return float((values * density).sum() / density.sum())


@pytest.mark.parametrize("initialiser", ["xavier", "he", "orthogonal"])
@pytest.mark.parametrize("activation", SHAPES)
def test_mean_field_with_normalisation(activation: str, initialiser: str) -> None:
    """LayerNorm √(E[φ′²]/E[φ²]), BatchNorm √(E[φ′²]/Var φ), whatever the initial scale."""
    value, slope = SHAPES[activation]
    layer = average(slope**2) / average(value**2)
    batch = average(slope**2) / (average(value**2) - average(value) ** 2)
    assert predicted(activation, initialiser, "layer").slope == pytest.approx(0.5 * np.log(layer), abs=1e-4)
    assert predicted(activation, initialiser, "batch").slope == pytest.approx(0.5 * np.log(batch), abs=1e-4)


def test_batch_norm_itself_makes_relu_explode() -> None:
    """√(π/(π − 1)) = 1.211 per layer (Yang et al. 2019)."""
    assert np.exp(predicted("relu", "he", "batch").slope) == pytest.approx(np.sqrt(np.pi / (np.pi - 1)), abs=1e-6)


def test_linear_orthogonal_layers_are_predicted_exactly() -> None:
    """χ = gain²; the curve starts from 0 at the top."""
    prediction = predicted("identity", "orthogonal", gain=0.5)
    assert prediction.slope == pytest.approx(np.log(0.5), abs=1e-12)
    assert prediction.curve[-1] == 0.0
    np.testing.assert_allclose(prediction.curve, np.log(0.5) * np.arange(50)[::-1], atol=1e-12)


@pytest.mark.parametrize("normalisation", ["none", "layer", "batch"])
@pytest.mark.parametrize("residual", [False, True])
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_mean_field_predicts_the_measured_slope(activation: str, residual: bool, normalisation: str) -> None:
    """Orthogonal layers of 128, mean of 2 seeds, within .07 nats per layer."""
    network = core.FeedForward(
        depth=30,
        width=128,
        activation=activation,
        initialiser="orthogonal",
        residual=residual,
        normalisation=normalisation,
    )
    profiles = [core.measure(core.Experiment(network, core.Blobs(inputs=128), seed=seed)) for seed in range(2)]
    measured = np.mean([profile.fit.slope for profile in profiles])
    assert measured == pytest.approx(profiles[0].predicted[0].slope, abs=0.07)


@pytest.mark.parametrize("q", [0.01, 1.0, 25.0])
def test_gaussian_averages(q: float) -> None:
    """Closed forms for ReLU and the identity; a million draws for tanh."""
    relu, line, tanh = moments("relu", q), moments("identity", q), moments("tanh", q)
    assert relu.mean == pytest.approx(np.sqrt(q / (2 * np.pi)), rel=1e-10)
    assert relu.square == pytest.approx(q / 2, rel=1e-10)
    assert relu.slope_square == pytest.approx(0.5, rel=1e-10)
    assert line.square == pytest.approx(q, rel=1e-10)
    assert line.slope_square == pytest.approx(1.0, rel=1e-10)
    draws = np.tanh(np.sqrt(q) * np.random.default_rng(0).standard_normal(1_000_000))
    assert tanh.square == pytest.approx((draws**2).mean(), rel=5e-3)
    assert tanh.slope_square == pytest.approx(((1 - draws**2) ** 2).mean(), rel=1e-2)
