"""What the settings alone say about recurrent cells: right inside the stated range, and shown wrong outside it."""

import numpy as np
import pytest

import core
from core.experiment.sampling import held_out, initial
from core.gradients.measure import side_by_side
from core.theory.bounds import bound, power_bounds
from core.theory.closed import closed_forms, radius_of
from core.theory.recurrent import driven, settled
from core.theory.steps import predict_steps


def slopes(network: core.Recurrent, seeds: int = 3) -> float:
    """Mean fitted slope over 60 steps of noise."""
    each = [core.measure_many([core.Experiment(network, core.Noise(length=60), seed=s)])[0] for s in range(seeds)]
    return float(np.mean([profile.fit.slope for profile in each]))


def form(network: core.Recurrent, name: str) -> float:
    """A closed form's slope: NaN where it is withheld."""
    return {each.name: each.slope for each in closed_forms(network)}[name]


RADII = [
    ({}, 3**-0.5),
    ({"gain": 2.0}, 2 * 3**-0.5),
    ({"initialiser": "orthogonal"}, 1.0),
    ({"radius": 0.7}, 0.7),
    ({"initialiser": "nonnormal"}, 0.9),
    ({"initialiser": "normal", "sigma": 0.05}, 0.05 * 8),
]


@pytest.mark.parametrize(("settings", "expected"), RADII)
def test_radius_of_a_gate(settings: dict, expected: float) -> None:
    """By the circular law; close to that of a drawn block."""
    network = core.Recurrent(cell="gru", hidden=64, **settings)
    assert radius_of(network) == pytest.approx(expected)
    block = network.draw(core.Noise().shape(), 0)["recurrent.weight_hh_l0"][:64].astype(float)
    assert np.abs(np.linalg.eigvals(block)).max() == pytest.approx(expected, rel=0.15)


def test_the_default_gru_is_the_known_number() -> None:
    """ln(½ + ¼/√3) = −.4395; measured within .05 with 32 units and more."""
    for hidden in (32, 64, 128):
        network = core.Recurrent(cell="gru", hidden=hidden)
        assert form(network, "½ + ¼ρ") == pytest.approx(-0.4395, abs=1e-4)
        assert slopes(network) == pytest.approx(-0.4395, abs=0.05)


@pytest.mark.parametrize("settings", [{"gain": 0.5}, {"gain": 1.5}, {"initialiser": "orthogonal"}, {"radius": 0.8}])
def test_grus_inside_the_range(settings: dict) -> None:
    """64 units, within .05."""
    network = core.Recurrent(cell="gru", hidden=64, **settings)
    assert slopes(network) == pytest.approx(form(network, "½ + ¼ρ"), abs=0.05)


@pytest.mark.parametrize("settings", [{"gain": 0.1, "hidden": 32}, {"gain": 3.0, "initialiser": "orthogonal"}])
def test_the_range_of_the_gru_matters(settings: dict) -> None:
    """Outside, the form is withheld, and is off by more than .05."""
    network = core.Recurrent(cell="gru", **({"hidden": 64} | settings))
    assert np.isnan(form(network, "½ + ¼ρ"))
    assert abs(slopes(network) - np.log(0.5 + 0.25 * radius_of(network))) > 0.05


@pytest.mark.parametrize("bias", [-1.0, 0.0, 1.0])
@pytest.mark.parametrize("hidden", [64, 128])
def test_lstms_with_small_forget_bias(bias: float, hidden: int) -> None:
    """ln(σ(b) + ¼/√3) within .05; the cell path alone, ln σ(b), would be off by more, and is withheld."""
    network = core.Recurrent(cell="lstm", hidden=hidden, forget_bias=bias)
    measured, keep = slopes(network), np.log(1 / (1 + np.exp(-bias)))
    assert measured == pytest.approx(form(network, "σ(b) + ¼ρ"), abs=0.05)
    assert np.isnan(form(network, "σ(b)"))
    assert abs(measured - keep) > 0.05


@pytest.mark.parametrize("bias", [3.0, 5.0])
def test_the_lstm_form_is_wrong_for_large_forget_bias(bias: float) -> None:
    """It would promise growth: withheld, and off by more than .05."""
    network = core.Recurrent(cell="lstm", hidden=64, forget_bias=bias)
    assert np.isnan(form(network, "σ(b) + ¼ρ"))
    assert np.log(1 / (1 + np.exp(-bias)) + 0.25 * 3**-0.5) - slopes(network) > 0.05


@pytest.mark.parametrize("bias", [2.0, 3.0, 5.0])
def test_the_cell_path_alone_needs_small_matrices(bias: float) -> None:
    """ln σ(b) within .05 for ρ = .14; at the default gain it is withheld."""
    network = core.Recurrent(cell="lstm", hidden=32, forget_bias=bias, gain=0.25)
    assert slopes(network) == pytest.approx(form(network, "σ(b)"), abs=0.05)
    assert np.isnan(form(core.Recurrent(cell="lstm", hidden=32, forget_bias=bias), "σ(b)"))


def test_closed_forms_speak_of_untrained_networks_alone() -> None:
    """Weights that are given get exponents and bounds; chrono biases, stacks and identity matrices are not half-open gates."""
    experiment = core.Experiment(core.Recurrent(cell="gru"), core.Noise(length=20))
    names = {each.name for each in predict_steps(experiment, initial(experiment))}
    assert "½ + ¼ρ" not in names and "generalised Lyapunov exponent" in names
    for settings in ({"chrono": 20}, {"layers": 2}, {"initialiser": "identity"}, {"recurrent_norm": "layer"}):
        assert closed_forms(core.Recurrent(cell="gru", **settings)) == []
    assert closed_forms(core.Recurrent()) == []


# --- mean field ---------------------------------------------------------------------------------------------------


def mean_field(network: core.Recurrent, seed: int = 0) -> core.Prediction:
    """The prediction for 60 steps of noise."""
    predictions = predict_steps(core.Experiment(network, core.Noise(length=60), seed=seed))
    return next(each for each in predictions if each.name == "mean field")


@pytest.mark.parametrize("gain", [0.5, 1.0, 1.4])
@pytest.mark.parametrize("cell", ["tanh", "sigmoid"])
def test_orthogonal_cells(cell: str, gain: float) -> None:
    """64 units, mean of 3 seeds, within .01 nats per step."""
    network = core.Recurrent(cell=cell, hidden=64, initialiser="orthogonal", gain=gain)
    said = np.mean([mean_field(network, seed).slope for seed in range(3)])
    assert slopes(network) == pytest.approx(said, abs=0.01)


@pytest.mark.parametrize("initialiser", ["default", "xavier", "nonnormal"])
@pytest.mark.parametrize("cell", ["tanh", "relu"])
def test_weights_of_each_steps_own(cell: str, initialiser: str) -> None:
    """A fresh matrix at each step is what mean field means: any random initialiser, within .035."""
    network = core.Recurrent(cell=cell, hidden=64, initialiser=initialiser, tied=False)
    said = np.mean([mean_field(network, seed).slope for seed in range(3)])
    assert slopes(network) == pytest.approx(said, abs=0.035)


def test_tied_gaussian_matrices_are_not_mean_field() -> None:
    """Withheld: it would be a third too steep, because the same directions are stretched at each step."""
    task, tied = core.Noise(length=100, inputs=4), core.Recurrent(hidden=64, initialiser="gaussian")
    assert np.isnan(mean_field(tied).slope)
    measured = np.mean([core.measure_many([core.Experiment(tied, task, seed=s)])[0].fit.slope for s in range(5)])
    fresh = core.Experiment(core.Recurrent(hidden=64, initialiser="gaussian", tied=False), task)
    said = next(each.slope for each in predict_steps(fresh) if each.name == "mean field")
    assert said < 1.2 * measured < 0


@pytest.mark.parametrize(
    "network",
    [
        core.Recurrent(hidden=16, initialiser="orthogonal"),
        core.Recurrent(hidden=64, initialiser="orthogonal", gain=3.0),
        core.Recurrent(hidden=64, cell="relu", initialiser="orthogonal", gain=1.45),
        core.Recurrent(hidden=64, initialiser="identity", tied=False),
    ],
    ids=str,
)
def test_recurrent_mean_field_is_withheld_outside_its_range(network: core.Recurrent) -> None:
    """Too few units, too large a gain, a state without bound, nothing random."""
    assert np.isnan(mean_field(network).slope)


def test_the_variance_settles() -> None:
    """q* of a linear unit is the geometric series; without end if it has none."""
    assert settled("relu", 1.0, 0.3) == pytest.approx(0.6, rel=1e-8)
    assert settled("relu", 2.1, 0.3) == np.inf


def test_the_drive_is_what_inputs_and_biases_give() -> None:
    """Mean square of W_ih x + b_ih + b_hh over units, steps and sequences; words are looked up."""
    for task in (core.Noise(length=9), core.France(gap=5)):
        experiment = core.Experiment(core.Recurrent(hidden=64), task)
        weights = side_by_side([initial(experiment)])
        own = {name: values[0] for name, values in weights.items()}
        inputs = held_out(experiment, 32).inputs
        x = own["embedding.weight"][inputs] if "embedding.weight" in own else inputs
        from_x = np.einsum("bti,ni->btn", x, own["recurrent.weight_ih_l0"])
        biases = own["recurrent.bias_ih_l0"] + own["recurrent.bias_hh_l0"]
        assert driven(weights, inputs[None]) == pytest.approx(float(((from_x + biases) ** 2).mean()))


# --- linear recurrences, and bounds -------------------------------------------------------------------------------


@pytest.mark.parametrize("ring", [(0.5, 0.95), (0.9, 0.99)])
def test_linear_diagonal_recurrences_are_predicted_exactly(ring: tuple[float, float]) -> None:
    """|λ| to the distance: the whole curve within .25 nats after 60 steps, its slope within .005."""
    network = core.Recurrent(cell="lru", r_min=ring[0], r_max=ring[1])
    profile = core.measure(core.Experiment(network, core.Noise(length=60)))
    (prediction,) = profile.predicted
    np.testing.assert_allclose(profile.relative, prediction.curve, atol=0.25)
    assert profile.fit.slope == pytest.approx(prediction.slope, abs=0.005)


@pytest.mark.parametrize(
    "settings",
    [{"gain": 0.8}, {"cell": "relu", "gain": 0.8}, {"cell": "sigmoid", "gain": 3.0}, {"cell": "leaky", "gain": 0.8}],
)
@pytest.mark.parametrize("tied", [True, False])
def test_no_step_loses_less_than_the_bound(settings: dict, tied: bool) -> None:
    """σ₁·γ < 1 holds at every step of every seed, not on average only."""
    network = core.Recurrent(tied=tied, **settings)
    for seed in range(3):
        experiment = core.Experiment(network, core.Noise(length=30), seed=seed)
        (prediction,) = bound(network, side_by_side([initial(experiment)]))
        assert prediction.slope < 0
        assert (np.diff(core.measure_many([experiment])[0].log_norm) >= -prediction.slope - 1e-12).all()


def test_no_bound_is_claimed_where_there_is_none() -> None:
    """σ₁ ≥ 1, though such a network may vanish all the same; and gated cells have none of this kind."""
    experiment = core.Experiment(core.Recurrent(), core.Noise(length=30))
    (prediction,) = bound(experiment.network, side_by_side([initial(experiment)]))
    assert np.isnan(prediction.slope) and "no bound" in prediction.holds
    assert core.measure_many([experiment])[0].fit.slope < -0.3
    gated = core.Experiment(core.Recurrent(cell="gru"), core.Noise(length=30))
    assert bound(gated.network, side_by_side([initial(gated)])) == []


@pytest.mark.parametrize("initialiser", ["nonnormal", "orthogonal", "gaussian"])
def test_powers_of_a_matrix_lie_between_their_bounds(initialiser: str) -> None:
    """ρᵏ ≤ ‖Wᵏ‖ ≤ min(σ₁ᵏ, κ ρᵏ) for 60 powers; a non-normal one first grows though ρ = .9."""
    matrix = (
        core.Recurrent(initialiser=initialiser).draw(core.Noise().shape(), 0)["recurrent.weight_hh_l0"].astype(float)
    )
    least, most = power_bounds(matrix, 60)
    power, logs = np.eye(len(matrix)), []
    for _ in range(60):
        power = matrix @ power
        logs.append(np.log(np.linalg.norm(power, 2)))
    assert (least <= np.array(logs) + 1e-9).all() and (np.array(logs) <= most + 1e-9).all()
    if initialiser == "orthogonal":
        np.testing.assert_allclose(most - least, 0, atol=1e-5)
    if initialiser == "nonnormal":
        assert max(logs) > 0.5 and logs[-1] < 0


def test_powers_of_a_nilpotent_matrix() -> None:
    """Nothing from below, σ₁ᵏ from above."""
    least, most = power_bounds(np.array([[0.0, 3.0], [0.0, 0.0]]), 3)
    assert np.isneginf(least).all()
    np.testing.assert_allclose(most, np.log(3) * np.arange(1, 4))
