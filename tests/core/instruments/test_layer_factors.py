"""Factors per layer of an MLP against the written-out derivative and the profile."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import core
from core.experiment.sampling import initial
from core.gradients.measure import measure_weights
from core.instruments.layer_factors import layer_factors
from core.parts.activations import ACTIVATIONS
from core.parts.normalisations import NORMALISATIONS
from core.parts.skips import SKIPS


@given(
    st.sampled_from(list(ACTIVATIONS)),
    st.sampled_from(list(NORMALISATIONS)),
    st.sampled_from(list(SKIPS)),
    st.sampled_from(["xavier", "normal"]),
    st.integers(1, 12),
)
def test_factors_multiply_to_the_profile(activation: str, norm: str, skip: str, start: str, depth: int) -> None:
    """For every kind of layer; only the parts that there are have a column."""
    network = core.FeedForward(
        depth=depth, width=7, activation=activation, normalisation=norm, skip=skip, initialiser=start, sigma=0.1
    )
    experiment = core.Experiment(network, core.Blobs())
    found = layer_factors(experiment)
    profile = measure_weights(experiment, initial(experiment))
    np.testing.assert_allclose(found.log_norm, profile.log_norm, rtol=0, atol=1e-10)
    product = np.append(np.cumsum(found.log_parts.sum(-1)[::-1])[::-1], 0.0)
    np.testing.assert_allclose(product, found.running, rtol=0, atol=1e-10)
    assert found.log_parts.shape == (depth - 1, len(found.names))
    assert ("normalisation" in found.names, "skip" in found.names) == (norm != "none", skip != "none")


@pytest.mark.parametrize("activation", ["tanh", "sigmoid", "relu"])
def test_slope_and_weights_equal_the_formula(activation: str) -> None:
    """δ∘φ′(z) and Wᵀ(δ∘φ′(z)), written out."""
    experiment = core.Experiment(core.FeedForward(depth=5, activation=activation), core.Blobs())
    weights = {name: values.astype(float) for name, values in initial(experiment).items()}
    h, slopes = core.held_out(experiment, 32).inputs.astype(float), []
    for layer in range(5):
        z = h @ weights[f"hidden.{layer}.weight"].T + weights[f"hidden.{layer}.bias"]
        h = ACTIVATIONS[activation].value(z)
        slopes.append(ACTIVATIONS[activation].slope(z, h))
    answers = h @ weights["readout.weight"].T + weights["readout.bias"]
    delta = np.exp(answers) / np.exp(answers).sum(-1, keepdims=True)
    delta[np.arange(32), core.held_out(experiment, 32).targets] -= 1
    delta = delta @ weights["readout.weight"]
    expected = []
    for layer in range(4, 0, -1):
        sloped = delta * slopes[layer]
        before = sloped @ weights[f"hidden.{layer}.weight"]
        sizes = [np.linalg.norm(each) for each in (delta, sloped, before)]
        expected.append(np.diff(np.log(sizes)))
        delta = before
    np.testing.assert_allclose(layer_factors(experiment).log_parts, expected[::-1], rtol=0, atol=1e-12)


@pytest.mark.parametrize(("norm", "axis"), [("layer", -1), ("batch", -2)])
def test_normalisation_is_told_from_the_slope(norm: str, axis: int) -> None:
    """The slope is taken at the normalised z; the rest of the way to W h is the normalisation's."""
    experiment = core.Experiment(core.FeedForward(depth=2, activation="tanh", normalisation=norm), core.Blobs())
    weights = {name: values.astype(float) for name, values in initial(experiment).items()}
    batch = core.held_out(experiment, 32)
    h = batch.inputs
    for layer in range(2):
        z = h @ weights[f"hidden.{layer}.weight"].T
        z = z - z.mean(axis, keepdims=True)
        z = z / np.sqrt((z**2).mean(axis, keepdims=True) + 1e-5)
        h = np.tanh(z)
    answers = h @ weights["readout.weight"].T + weights["readout.bias"]
    delta = np.exp(answers) / np.exp(answers).sum(-1, keepdims=True)
    delta[np.arange(32), batch.targets] -= 1
    delta = delta @ weights["readout.weight"]
    found = layer_factors(experiment)
    assert found.names == ("slope", "normalisation", "weights")
    expected = np.log(np.linalg.norm(delta * (1 - h**2)) / np.linalg.norm(delta))
    assert found.log_parts[0, 0] == pytest.approx(expected, abs=1e-12)


def test_a_residual_layer_lets_everything_past() -> None:
    """‖δ‖ itself goes by, so the path beside the layers has the factor 1."""
    experiment = core.Experiment(core.FeedForward(skip="residual", width=16), core.Blobs())
    np.testing.assert_allclose(layer_factors(experiment).log_paths[:, 1], 0, atol=1e-13)


def test_goes_on_below_float64() -> None:
    """200 layers of sigmoids at σ = 10⁻⁴: 10⁻⁹⁰⁰ and less."""
    network = core.FeedForward(depth=200, initialiser="normal", sigma=1e-4)
    found = layer_factors(core.Experiment(network, core.Blobs()))
    assert found.log_norm[0] < -1500 and np.isfinite(found.log_parts).all()


def test_other_networks_are_refused() -> None:
    """A recurrent network has factors per step."""
    with pytest.raises(core.SpecError, match="feed-forward"):
        layer_factors(core.Experiment())
