"""Oracle: measured profiles against plain autograd that keeps the gradient of every hidden state."""

import dataclasses

import numpy as np
import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional as F

import core
from core.gradients.measure import MEASURED
from core.parts.activations import ACTIVATIONS
from core.parts.cells import CELLS
from core.parts.initialisers import INITIALISERS
from core.parts.normalisations import NORMALISATIONS

CELL_MODULES = {
    "tanh": nn.RNNCell,
    "relu": lambda *sizes: nn.RNNCell(*sizes, nonlinearity="relu"),
    "gru": nn.GRUCell,
    "lstm": nn.LSTMCell,
}


def norms(states: list[Tensor]) -> np.ndarray:
    """‖∂L/∂h‖ of each state."""
    return np.array([float(h.grad.norm()) for h in states])


def cell_by_cell(experiment: core.Experiment) -> np.ndarray:
    """‖∂L/∂h_t‖ (layers, T): one torch cell per layer, an explicit loop over time, retain_grad on each h_t."""
    spec, batch = experiment.network, core.held_out(experiment, MEASURED)
    parameters = {name: p.double() for name, p in core.build(experiment).state_dict().items()}
    inputs = torch.from_numpy(batch.inputs)
    if "embedding.weight" in parameters:
        inputs = F.embedding(inputs, parameters["embedding.weight"])
    cells = []
    for layer in range(spec.layers):
        cell = CELL_MODULES[spec.cell](inputs.shape[-1] if layer == 0 else spec.hidden, spec.hidden).double()
        names = ("weight_ih", "weight_hh", "bias_ih", "bias_hh")
        cell.load_state_dict({name: parameters[f"recurrent.{name}_l{layer}"] for name in names})
        cells.append(cell)
    kept: list[list[Tensor]] = [[] for _ in cells]
    carried = [None] * len(cells)
    for x in inputs.unbind(1):
        for layer, cell in enumerate(cells):
            carried[layer] = cell(x, carried[layer])
            x = carried[layer][0] if spec.cell == "lstm" else carried[layer]
            x.retain_grad()
            kept[layer].append(x)
    logits = F.linear(kept[-1][-1], parameters["readout.weight"], parameters["readout.bias"])
    F.cross_entropy(logits, torch.from_numpy(batch.targets)).backward()
    return np.stack([norms(states) for states in kept])


def layer_by_layer(experiment: core.Experiment) -> np.ndarray:
    """‖∂L/∂h_l‖ (depth,) with torch.nn.Linear and torch's functional normalisations."""
    spec, batch = experiment.network, core.held_out(experiment, MEASURED)
    parameters = {name: p.double() for name, p in core.build(experiment).state_dict().items()}
    h = torch.from_numpy(batch.inputs).requires_grad_()
    kept = []
    for i in range(spec.depth):
        linear = nn.Linear(h.shape[1], spec.width).double()
        linear.load_state_dict({part: parameters[f"hidden.{i}.{part}"] for part in ("weight", "bias")})
        z = linear(h)
        if spec.normalisation == "layer":
            z = F.layer_norm(z, (spec.width,))
        elif spec.normalisation == "batch":
            z = F.batch_norm(z, None, None, training=True)
        z = eval(ACTIVATIONS[spec.activation].script, {"torch": torch, "F": F, "z": z})  # torch's own
        h = z + h if spec.skip == "residual" and h.shape[1] == spec.width else z
        h.retain_grad()
        kept.append(h)
    logits = F.linear(h, parameters["readout.weight"], parameters["readout.bias"])
    F.cross_entropy(logits, torch.from_numpy(batch.targets)).backward()
    return norms(kept)


def assert_same_norms(log_norm: np.ndarray, expected: np.ndarray, floor: float = 1e-100) -> None:
    """Equal to 10⁻¹⁰ relative wherever plain float64 norms can be trusted."""
    trusted = expected > floor
    assert trusted.any()
    np.testing.assert_allclose(log_norm[trusted], np.log(expected[trusted]), rtol=0, atol=1e-10)


def noise(length: int) -> core.Noise:
    """Random inputs of this many steps (the first field, whatever it is called)."""
    return core.Noise(**{next(iter(core.fields.rules(core.Noise))): length})


TIMES = {
    "words": core.France(gap=20),
    "attractors": core.WasWere(gap=10, attractors=2),
    "numbers": noise(30),
}


@pytest.mark.parametrize("task", TIMES)
@pytest.mark.parametrize("cell", CELL_MODULES)
def test_time_steps_equal_plain_autograd(cell: str, task: str) -> None:
    """One layer: every word's gradient norm."""
    experiment = core.Experiment(core.Recurrent(cell=cell, hidden=12), TIMES[task], seed=1)
    profile = core.measure_many([experiment])[0]
    expected = cell_by_cell(experiment)
    assert_same_norms(profile.by_layer, expected)
    assert_same_norms(profile.log_norm, expected[0])
    assert profile.axis == "step"
    np.testing.assert_array_equal(profile.position, np.arange(expected.shape[1]))


@pytest.mark.parametrize("layers", [2, 3])
@pytest.mark.parametrize("cell", CELL_MODULES)
def test_stacked_layers_equal_plain_autograd(cell: str, layers: int) -> None:
    """Each layer's h_t, including the way up through the layers above at the same step; their total is log_norm."""
    experiment = core.Experiment(core.Recurrent(cell=cell, hidden=9, layers=layers), core.France(gap=12), seed=2)
    profile = core.measure_many([experiment])[0]
    expected = cell_by_cell(experiment)
    assert profile.by_layer.shape == expected.shape
    for own, by_hand in zip(profile.by_layer, expected, strict=True):
        assert_same_norms(own, by_hand)
    assert_same_norms(profile.log_norm, np.sqrt((expected**2).sum(0)))


@pytest.mark.parametrize("skip", ["none", "residual"])
@pytest.mark.parametrize("normalisation", NORMALISATIONS)
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_layers_equal_plain_autograd(activation: str, normalisation: str, skip: str) -> None:
    """Every activation, normalisation and residual setting; with biases, and a first layer of another width."""
    network = core.FeedForward(
        depth=8, width=12, activation=activation, normalisation=normalisation, skip=skip, bias_std=0.3
    )
    for inputs in (12, 5):  # a first layer that can be residual, and one that cannot
        experiment = core.Experiment(network, core.Blobs(inputs=inputs), seed=4)
        profile = core.measure_many([experiment])[0]
        assert_same_norms(profile.log_norm, layer_by_layer(experiment))
        assert profile.axis == "layer"
        np.testing.assert_array_equal(profile.position, np.arange(1, 9))


def test_plain_float64_is_followed_far_down() -> None:
    """1e-100 is reached in the comparison: the log domain is checked where it matters, not only near 1."""
    network = core.FeedForward(depth=60, width=8, activation="sigmoid", gain=0.1)
    experiment = core.Experiment(network, core.Blobs())
    expected = layer_by_layer(experiment)
    assert expected[0] < 1e-90
    assert_same_norms(core.measure_many([experiment])[0].log_norm, expected, floor=1e-140)


def test_trained_weights_are_measured() -> None:
    """``parameters`` take the place of the initial ones."""
    experiment = core.Experiment(core.Recurrent(hidden=6), core.France(gap=5))
    other = dataclasses.replace(experiment, seed=9)
    run = core.start(other)
    profile = core.measure_many([experiment], run.parameters)[0]
    assert not np.allclose(profile.log_norm, core.measure_many([experiment])[0].log_norm)
    np.testing.assert_array_equal(
        core.measure(experiment, dataclasses.replace(run, experiment=experiment)).log_norm, profile.log_norm
    )


# --- closed forms -------------------------------------------------------------------------------------------------


def linear(depth: int, gain: float, width: int = 16) -> core.GradientProfile:
    """An orthogonal network without nonlinearity: every layer multiplies the gradient by ``gain`` exactly."""
    network = core.FeedForward(depth=depth, width=width, activation="identity", initialiser="orthogonal", gain=gain)
    return core.measure(core.Experiment(network, core.Blobs()))


@pytest.mark.parametrize("gain", [0.01, 0.3, 1.0, 1.5, 10.0])
@pytest.mark.parametrize("depth", [10, 200])
def test_linear_orthogonal_slope_is_ln_gain(depth: int, gain: float) -> None:
    """Also where the gradient is 10⁻⁴⁰⁰ and no float64 could hold it."""
    profile = linear(depth, gain)
    assert profile.fit.slope == pytest.approx(np.log(gain), abs=1e-6)
    assert profile.fit.residual < 1e-4
    assert profile.rate == pytest.approx(gain, rel=1e-5)


def test_below_float64_the_log_goes_on() -> None:
    """Depth 200 at gain .01: ln-norm near −917, norm 0, named underflow."""
    profile = linear(200, 0.01)
    assert profile.log_norm[0] == pytest.approx(199 * np.log(0.01) + profile.log_norm[-1], abs=1e-3)
    assert profile.norm[0] == 0.0
    assert profile.state[0] == "underflow"
    assert profile.state[-1] == "ok"


def test_gain_zero_is_a_true_zero() -> None:
    """Nothing arrives below the top layer, and nothing warns."""
    for network, task in (
        (core.FeedForward(depth=10, gain=0.0), core.Blobs()),
        (core.Recurrent(gain=0.0), core.France()),
    ):
        profile = core.measure(core.Experiment(network, task))
        assert set(profile.state[:-1]) == {"zero"}
        assert profile.state[-1] == "ok"
        assert (profile.log_norm[:-1] == -np.inf).all()
        assert (profile.norm[:-1] == 0).all()
        assert np.isnan(profile.rate)
        assert np.isnan(profile.half_life)
        assert profile.lost_after() == 1


def test_explosion_is_named() -> None:
    """Gain 10 over 200 layers: beyond float32, well within the log domain."""
    profile = linear(200, 10.0)
    assert profile.state[0] == "overflow"
    assert profile.state[-1] in ("ok", "zero")
    assert profile.rate == pytest.approx(10.0, rel=1e-5)
    assert profile.lost_after() == np.inf


@pytest.mark.parametrize("activation", ["relu", "identity"])
def test_a_forward_pass_beyond_float64_is_named(activation: str) -> None:
    """∞ or NaN, never an exception and never a number that looks real."""
    network = core.FeedForward(depth=200, width=64, activation=activation, initialiser="normal", sigma=10.0, gain=10.0)
    profile = core.measure(core.Experiment(network, core.Blobs()))
    assert set(profile.state) <= {"infinite", "nan"}
    assert np.isnan(profile.fit.slope)


def test_the_recurrent_matrix_hears_nothing_at_the_first_step() -> None:
    """h₀ = 0, so with a single time step the gradient of W_hh is exactly 0 and that of W_ih is not."""
    experiment = core.Experiment(core.Recurrent(hidden=6), noise(1))
    module = core.build(experiment)
    chain = experiment.network.chain(dict(module.named_parameters()), torch.zeros(3, 1, 16))
    assert all((part == 0).all() for part in chain.state)
    batch = core.sample(experiment)
    F.cross_entropy(module(torch.from_numpy(batch.inputs).float()), torch.from_numpy(batch.targets)).backward()
    assert (module.recurrent.weight_hh_l0.grad == 0).all()
    assert (module.recurrent.weight_ih_l0.grad != 0).any()
    assert core.measure(experiment).log_norm.shape == (1,)


# --- many at once -------------------------------------------------------------------------------------------------

FAMILIES = {
    "seeds": [core.Experiment(task=core.France(gap=9), seed=seed) for seed in range(4)],
    "gains": [core.Experiment(core.Recurrent(cell="gru", gain=gain), core.France(gap=9)) for gain in (0, 0.5, 1, 3)],
    "radii": [core.Experiment(core.Recurrent(radius=radius), core.France(gap=9)) for radius in (0.1, 1.0, 2.0)],
    "far apart": [
        core.Experiment(core.Recurrent(cell="relu", gain=gain), core.France(gap=150)) for gain in (1e-3, 1, 9)
    ],
    "stacked": [core.Experiment(core.Recurrent(cell="lstm", layers=2, forget_bias=b)) for b in (0.0, 1.0, 3.0)],
    "layers": [core.Experiment(core.FeedForward(gain=gain), core.Blobs(), seed=1) for gain in (0, 0.5, 2.0)],
    "batch norm": [core.Experiment(core.FeedForward(normalisation="batch"), core.Blobs(), seed=s) for s in (1, 2)],
}


@pytest.mark.parametrize("family", FAMILIES)
def test_many_at_once_equal_one_by_one(family: str) -> None:
    """Neighbours in one call do not touch each other, not even dead or exploding ones."""
    for profile, experiment in zip(core.measure_many(FAMILIES[family]), FAMILIES[family], strict=True):
        alone = core.measure_many([experiment])[0]
        np.testing.assert_allclose(profile.log_norm, alone.log_norm, rtol=0, atol=1e-12)
        np.testing.assert_allclose(profile.by_layer, alone.by_layer, rtol=0, atol=1e-12)
        assert profile.words == alone.words
        assert profile.cue == alone.cue


MISFITS = {
    "hidden": (core.Recurrent(hidden=4), core.Recurrent(hidden=5)),
    "recurrent layers": (core.Recurrent(), core.Recurrent(layers=2)),
    "fewer recurrent layers": (core.Recurrent(layers=2), core.Recurrent()),
    "gates": (core.Recurrent(), core.Recurrent(cell="gru")),
    "cell of equal size": (core.Recurrent(), core.Recurrent(cell="relu")),
    "gap": (core.France(gap=3), core.France(gap=4)),
    "vocabulary": (core.France(gap=3), core.France(gap=3, fillers="one two three")),
    "depth": (core.FeedForward(depth=3), core.FeedForward(depth=4)),
    "less depth": (core.FeedForward(depth=4), core.FeedForward(depth=3)),
    "width": (core.FeedForward(depth=3), core.FeedForward(depth=3, width=5)),
    "activation": (core.FeedForward(depth=3), core.FeedForward(depth=3, activation="tanh")),
    "normalisation": (core.FeedForward(depth=3), core.FeedForward(depth=3, normalisation="layer")),
    "residual": (core.FeedForward(depth=3), core.FeedForward(depth=3, skip="residual")),
    "kind": (core.Recurrent(), core.FeedForward()),
}


@pytest.mark.parametrize("misfit", MISFITS)
def test_different_networks_or_data_cannot_share_a_call(misfit: str) -> None:
    """A ValueError, never somebody else's numbers."""
    experiments = []
    for part in MISFITS[misfit]:
        if isinstance(part, core.FeedForward):
            experiments.append(core.Experiment(part, core.Blobs()))
        elif isinstance(part, core.Recurrent):
            experiments.append(core.Experiment(part))
        else:
            experiments.append(core.Experiment(task=part))
    with pytest.raises(ValueError):
        core.measure_many(experiments)


@pytest.mark.parametrize("initialiser", INITIALISERS)
@pytest.mark.parametrize("cell", CELLS)
def test_every_cell_with_every_initialiser(cell: str, initialiser: str) -> None:
    """Something is measured at every step, with theory beside it."""
    profile = core.measure(
        core.Experiment(core.Recurrent(cell=cell, initialiser=initialiser, hidden=6), core.France(gap=6))
    )
    assert profile.log_norm.shape == (12,)
    assert profile.log_norm[-1] > -np.inf
    assert not np.isnan(profile.log_norm).any()
    assert profile.predicted[0].name
    assert profile.words[profile.cue] == "France"


@pytest.mark.parametrize("initialiser", INITIALISERS)
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_every_activation_with_every_initialiser(activation: str, initialiser: str) -> None:
    """Likewise for layers."""
    network = core.FeedForward(depth=6, width=8, activation=activation, initialiser=initialiser)
    profile = core.measure(core.Experiment(network, core.Blobs()))
    assert profile.log_norm.shape == (6,)
    assert not np.isnan(profile.log_norm).any()
    assert profile.predicted[0].name in ("mean field", "scalar map")
    assert profile.predicted[0].curve is None or profile.predicted[0].curve.shape == (6,)
