"""Predictions as a page gets them: closed cases, the measured table of science.md, and when they are withheld."""

import numpy as np
import pytest

import core
from core.experiment.sampling import initial
from core.networks import Convolutional
from core.parts.activations import ACTIVATIONS
from core.theory.layers import curve_of, predict_layers, slope_of
from core.theory.meanfield import Data, mean_field
from core.theory.steps import predict_steps

Predictions = dict[str, core.Prediction]


def by_name(predictions: tuple[core.Prediction, ...]) -> Predictions:
    """Each prediction says in words where it holds, without a full stop, for a list."""
    assert all(each.holds and not each.holds.endswith(".") for each in predictions)
    return {each.name: each for each in predictions}


# --- time steps ---------------------------------------------------------------------------------------------------


def silent(cell: str, matrix: np.ndarray, forget_bias: float = 0.0) -> Predictions:
    """Predictions for a network that stays at h = 0: all parameters 0 but the recurrent matrix (and forget bias)."""
    n = matrix.shape[1]
    experiment = core.Experiment(core.Recurrent(cell=cell, hidden=n), core.Noise(length=60))
    parameters = {name: np.zeros_like(values) for name, values in initial(experiment).items()}
    parameters["recurrent.weight_hh_l0"] = matrix.astype(np.float32)
    if cell == "lstm":
        parameters["recurrent.bias_ih_l0"][n : 2 * n] = forget_bias
    return by_name(predict_steps(experiment, parameters))


def test_plain_rnn_at_rest_has_its_own_matrix_as_jacobian() -> None:
    """ρ is the largest |eigenvalue|, the bound the largest singular value, and both exponents are ln ρ."""
    matrix = np.array([[0.0625, 0.25, 0.0], [0.0, -0.75, 0.0], [0.0, 0.0, 0.125]])
    found = silent("tanh", matrix)
    assert found["ρ of the mean Jacobian"].slope == pytest.approx(np.log(0.75), abs=1e-12)
    assert found["Lyapunov exponent"].slope == pytest.approx(np.log(0.75), abs=1e-9)
    assert found["generalised Lyapunov exponent"].slope == pytest.approx(np.log(0.75), abs=0.01)  # and its transient
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
    assert found["generalised Lyapunov exponent"].slope == pytest.approx(np.log(0.625), abs=1e-12)
    assert "bound σ₁·γ" not in found


@pytest.mark.parametrize("forget_bias", [0.0, 1.0, 3.0])
def test_lstm_at_rest_decays_through_its_forget_gate(forget_bias: float) -> None:
    """Without a recurrent matrix only c ← σ(b_f) c is left."""
    found = silent("lstm", np.zeros((8, 2)), forget_bias)
    expected = np.log(1 / (1 + np.exp(-forget_bias)))
    assert found["ρ of the mean Jacobian"].slope == pytest.approx(expected, abs=1e-12)
    assert found["generalised Lyapunov exponent"].slope == pytest.approx(expected, abs=1e-6)


def measured_and_predicted(network: core.Recurrent, length: int = 60) -> tuple[float, Predictions, list[float]]:
    """Mean fitted slope of 3 seeds, the first one's predictions, and each seed's generalised exponent."""
    profiles = [core.measure(core.Experiment(network, core.Noise(length=length), seed=seed)) for seed in range(3)]
    exponents = [by_name(each.predicted)["generalised Lyapunov exponent"].slope for each in profiles]
    return float(np.mean([each.fit.slope for each in profiles])), by_name(profiles[0].predicted), exponents


@pytest.mark.parametrize(
    "network",
    [
        core.Recurrent(),
        core.Recurrent(radius=1.0),
        core.Recurrent(radius=1.5),
        core.Recurrent(initialiser="orthogonal"),
        core.Recurrent(cell="gru"),
        core.Recurrent(cell="lstm"),
        core.Recurrent(cell="lstm", forget_bias=3.0),
        core.Recurrent(cell="relu", initialiser="identity"),
        core.Recurrent(cell="leaky"),
        core.Recurrent(cell="peephole", hidden=16),
        core.Recurrent(tied=False),
        core.Recurrent(recurrent_norm="layer", hidden=64),
        core.Recurrent(layers=2, hidden=16),
    ],
    ids=str,
)
def test_the_generalised_exponent_predicts_the_measured_slope(network: core.Recurrent) -> None:
    """Mean over 3 seeds within .02 nats per step, whatever the network, a stack or a cell without a recursion included."""
    measured, _, exponents = measured_and_predicted(network)
    assert np.mean(exponents) == pytest.approx(measured, abs=0.02)


@pytest.mark.parametrize("radius", [1.25, 1.5])
def test_near_criticality_the_mean_square_is_what_is_measured(radius: float) -> None:
    """There the typical sequence decays .02 to .04 nats per step faster than the norm of a batch's gradient, and isn't drawn."""
    measured, found, exponents = measured_and_predicted(core.Recurrent(radius=radius))
    typical = found["Lyapunov exponent"]
    assert np.isnan(typical.slope) and "largest count most" in typical.holds
    said = float(typical.holds.split("has ")[1].split(",")[0])
    assert said < exponents[0] - 0.02
    assert np.mean(exponents) == pytest.approx(measured, abs=0.015)


def test_the_typical_sequence_is_drawn_where_sequences_fare_alike() -> None:
    """Default weights: both exponents within .02 of each other and of the measurement."""
    measured, found, _ = measured_and_predicted(core.Recurrent(hidden=64))
    assert found["Lyapunov exponent"].slope == pytest.approx(measured, abs=0.03)


def test_exponents_are_withheld_where_few_sequences_decide() -> None:
    """Chaos with ρ = 3, read one number at a time: after 100 steps the sequences' gradients are e² apart and more."""
    found = measured_and_predicted(core.Recurrent(hidden=8, initialiser="identity", gain=3.0), 40)[1]
    assert np.isnan(found["generalised Lyapunov exponent"].slope)
    assert np.isnan(found["Lyapunov exponent"].slope)


def test_the_mean_jacobian_is_used_only_where_slopes_are_steady() -> None:
    """A GRU, not a ReLU network, whose slopes are 0 or 1."""
    steady = measured_and_predicted(core.Recurrent(cell="gru", hidden=64))
    assert steady[1]["ρ of the mean Jacobian"].slope == pytest.approx(steady[0], abs=0.05)
    assert np.isnan(measured_and_predicted(core.Recurrent(cell="relu"))[1]["ρ of the mean Jacobian"].slope)


def test_the_mean_jacobian_is_withheld_from_matrices_that_grow_first() -> None:
    """A non-normal matrix keeps its ρ, but the norms of its powers show it only in the long run: it would be .04 too steep."""
    for shear, expected in ((2.0, False), (0.0, True)):
        measured, found, _ = measured_and_predicted(core.Recurrent(initialiser="nonnormal", gain=0.5, shear=shear))
        said = found["ρ of the mean Jacobian"]
        assert np.isfinite(said.slope) == expected
        assert expected or "powers" in said.holds
        if expected:
            assert said.slope == pytest.approx(measured, abs=0.03)


def test_a_loss_at_every_step_has_no_rate_of_decay() -> None:
    """Each state then has a gradient of its own; the measurement is there all the same."""
    task = next(each() for each in core.TASKS.values() if each.gives == "sequences" and each_step(each()))
    profile = core.measure(core.Experiment(core.Recurrent(), task))
    (prediction,) = profile.predicted
    assert np.isnan(prediction.slope) and "every step" in prediction.holds
    assert np.isfinite(profile.log_norm).any()


def each_step(task: object) -> bool:
    """Whether a task takes a loss at every step."""
    return core.held_out(core.Experiment(core.Recurrent(), task), 2).targets.ndim == 2


def test_the_largest_seed_can_be_measured() -> None:
    """Theory looks at another trajectory, whose seed must not leave the allowed range."""
    highest = int(core.fields.rules(core.Experiment)["seed"].high)
    assert np.isfinite(core.measure(core.Experiment(core.Recurrent(hidden=3), core.France(gap=1), seed=highest)).rate)


# --- layers -------------------------------------------------------------------------------------------------------


def predicted(activation: str, initialiser: str, normalisation: str = "none", **more: float) -> core.Prediction:
    """Prediction for 50 layers of 128."""
    network = core.FeedForward(
        depth=50, width=128, activation=activation, initialiser=initialiser, normalisation=normalisation, **more
    )
    (prediction,) = predict_layers(core.Experiment(network, core.Blobs(inputs=128, spread=2.0)))
    return prediction


TABLE = [  # science.md, section 2: predicted factor per layer
    ("sigmoid", "normal", {"sigma": 0.01}, 0.028),
    ("sigmoid", "xavier", {}, 0.236),
    ("sigmoid", "he", {}, 0.317),
    ("tanh", "normal", {"sigma": 0.01}, 0.113),
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


def test_linear_orthogonal_layers_are_predicted_exactly() -> None:
    """χ = gain²; the curve starts from 0 at the top."""
    prediction = predicted("identity", "orthogonal", gain=0.5)
    assert prediction.slope == pytest.approx(np.log(0.5), abs=1e-12)
    assert prediction.curve[-1] == 0.0
    np.testing.assert_allclose(prediction.curve, np.log(0.5) * np.arange(50)[::-1], atol=1e-12)


@pytest.mark.parametrize("normalisation", ["none", "layer", "batch"])
@pytest.mark.parametrize("skip", ["none", "residual", "highway"])
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_theory_predicts_the_measured_slope(activation: str, skip: str, normalisation: str) -> None:
    """Orthogonal layers of 128, mean of 4 seeds, within .025 nats per layer; BatchNorm within a highway is withheld."""
    kinds = {"activation": activation, "skip": skip, "normalisation": normalisation}
    network = core.FeedForward(depth=30, width=128, initialiser="orthogonal", **kinds)
    profiles = [core.measure(core.Experiment(network, core.Blobs(inputs=128), seed=seed)) for seed in range(4)]
    slopes = [each.predicted[0].slope for each in profiles]
    if (skip, normalisation) == ("highway", "batch"):
        assert np.isnan(slopes).all() and "highway" in profiles[0].predicted[0].holds
    else:
        assert np.mean([each.fit.slope for each in profiles]) == pytest.approx(np.mean(slopes), abs=0.025)


@pytest.mark.parametrize("normalisation", ["none", "layer"])
@pytest.mark.parametrize("activation", ["tanh", "relu"])
def test_convolutions_are_layers_with_fan_in_kernel_times_channels(activation: str, normalisation: str) -> None:
    """He weights on a ring of 32, mean of 4 seeds, within .03."""
    network = Convolutional(
        depth=20, width=32, reach=2, activation=activation, initialiser="he", normalisation=normalisation
    )
    profiles = [core.measure(core.Experiment(network, core.Blobs(inputs=32), seed=seed)) for seed in range(4)]
    measured = np.mean([each.fit.slope for each in profiles])
    assert measured == pytest.approx(np.mean([each.predicted[0].slope for each in profiles]), abs=0.03)


@pytest.mark.parametrize("skip", ["none", "residual", "highway"])
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_identity_matrices_have_a_theory_of_their_own(activation: str, skip: str) -> None:
    """Every unit is a chain: what arrives is within .2 nats of it after 30 layers (mean field: .3 off in each)."""
    network = core.FeedForward(activation=activation, initialiser="identity", skip=skip, gain=1.2)
    profile = core.measure(core.Experiment(network, core.Blobs()))
    (prediction,) = profile.predicted
    assert prediction.name == "scalar map"
    assert profile.relative[0] == pytest.approx(prediction.curve[0], abs=0.2)


OUTSIDE = {  # settings, and a word of the reason
    "narrow": ({"width": 8}, "narrow"),
    "chance": ({"activation": "gelu", "initialiser": "he"}, "chance"),
    "epsilon": ({"normalisation": "batch", "initialiser": "normal", "sigma": 0.0002}, "epsilon"),
    "alike": ({"activation": "identity", "normalisation": "batch", "inputs": 4}, "alike"),
    "nothing": ({"gain": 0.0}, "nothing"),
    "overflow": ({"activation": "relu", "initialiser": "normal", "sigma": 10.0, "gain": 10.0, "depth": 200}, "float64"),
    "one": ({"depth": 1}, "one layer"),
    "identity": ({"initialiser": "identity", "normalisation": "layer"}, "normalisation"),
}


@pytest.mark.parametrize("name", OUTSIDE)
def test_a_prediction_that_does_not_hold_is_withheld_and_says_why(name: str) -> None:
    """No slope, no curve; the default settings beside it have both."""
    settings, word = OUTSIDE[name]
    blobs = core.Blobs(inputs=settings.get("inputs", 16))
    network = core.FeedForward(**{key: value for key, value in settings.items() if key != "inputs"})
    (prediction,) = predict_layers(core.Experiment(network, blobs))
    assert np.isnan(prediction.slope) and prediction.curve is None
    assert "not here" in prediction.holds and word in prediction.holds
    (usual,) = predict_layers(core.Experiment(core.FeedForward(), core.Blobs()))
    assert np.isfinite(usual.slope) and "not here" not in usual.holds


@pytest.mark.parametrize("name", ["narrow", "chance", "epsilon"])
def test_where_it_is_withheld_it_would_have_been_wrong(name: str) -> None:
    """Mean of 5 seeds: off by .04 nats per layer or more, or spread wider than that."""
    network = core.FeedForward(**OUTSIDE[name][0])
    off = []
    for seed in range(5):
        experiment = core.Experiment(network, core.Blobs(), seed=seed)
        data = Data.of(core.held_out(experiment, 32).inputs, network)
        off.append(core.measure(experiment).fit.slope - slope_of(curve_of(network, mean_field(network, data))))
    assert np.sqrt(np.mean(np.square(off))) > 0.04
