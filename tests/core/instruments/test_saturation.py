"""Pre-activations and slopes, against the formulas of torch's documentation written out here."""

import numpy as np
import pytest
import torch

import core
from core.experiment.sampling import initial
from core.instruments.saturation import EDGES, saturation
from core.parts.activations import ACTIVATIONS


def sigmoid(z: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-z))


def gates(cell: str, experiment: core.Experiment) -> dict[str, np.ndarray]:
    """Pre-activations (T, B, n) of every gate by name, of one layer, with torch's order of blocks."""
    w = {
        name.removeprefix("recurrent.").removesuffix("_l0"): values.astype(float)
        for name, values in initial(experiment).items()
    }
    inputs = core.held_out(experiment, 32).inputs
    n = experiment.network.hidden
    h = c = np.zeros((32, n))
    kept: list[dict[str, np.ndarray]] = []
    for word in inputs.T:
        from_x = w["embedding.weight"][word] @ w["weight_ih"].T + w["bias_ih"]
        from_h = h @ w["weight_hh"].T + w["bias_hh"]
        x, a = np.split(from_x, from_x.shape[1] // n, 1), np.split(from_h, from_h.shape[1] // n, 1)
        if cell == "lstm":
            i, f, g, o = (b + d for b, d in zip(x, a, strict=True))
            c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
            h = sigmoid(o) * np.tanh(c)
            kept.append({"input gate": i, "forget gate": f, "candidate": g, "output gate": o, "cell state": c})
        elif cell == "gru":
            r, z = x[0] + a[0], x[1] + a[1]
            k = x[2] + sigmoid(r) * a[2]
            h = (1 - sigmoid(z)) * np.tanh(k) + sigmoid(z) * h
            kept.append({"reset gate": r, "update gate": z, "candidate": k})
        else:
            z = x[0] + a[0]
            h = np.tanh(z) if cell == "tanh" else np.maximum(z, 0)
            kept.append({"tanh" if cell == "tanh" else "ReLU": z})
    return {name: np.stack([each[name] for each in kept]) for name in kept[0]}


@pytest.mark.parametrize("cell", ["tanh", "relu", "gru", "lstm"])
def test_every_gate(cell: str) -> None:
    """Mean slope, saturated share and counts of each gate at each step, under the right name."""
    network = core.Recurrent(cell=cell, hidden=6, embedding=4, gain=4.0)
    experiment = core.Experiment(network, core.France(gap=4))
    found, expected = saturation(experiment), gates(cell, experiment)
    assert set(found.names) == set(expected)
    for g, name in enumerate(found.names):
        z = expected[name]
        if found.activations[g] == "sigmoid":
            slope, steepest = sigmoid(z) * (1 - sigmoid(z)), 0.25
        elif found.activations[g] == "tanh":
            slope, steepest = 1 - np.tanh(z) ** 2, 1.0
        else:
            slope, steepest = (z > 0).astype(float), 1.0
        np.testing.assert_allclose(found.slope[:, 0, g], slope.mean((1, 2)), rtol=1e-10)
        np.testing.assert_allclose(found.saturated[:, 0, g], (slope < 0.1 * steepest).mean((1, 2)))
        for t, values in enumerate(z):
            np.testing.assert_array_equal(found.counts[t, 0, g], np.histogram(values.clip(-8, 8), EDGES)[0])


@pytest.mark.parametrize("activation", [name for name in ACTIVATIONS if name != "identity"])
def test_layers_and_curves(activation: str) -> None:
    """An MLP's first layer by hand; the curve is the derivative that autograd finds."""
    network = core.FeedForward(depth=3, width=7, activation=activation, gain=2.0)
    experiment = core.Experiment(network, core.Blobs())
    found, parameters = saturation(experiment), initial(experiment)
    assert found.slope.shape == (1, 3, 1)
    assert found.counts.sum(-1).tolist() == [[[32 * 7]] * 3]
    z = (
        core.held_out(experiment, 32).inputs @ parameters["hidden.0.weight"].T.astype(float)
        + parameters["hidden.0.bias"]
    )
    for values, expected in ((z, found.slope[0, 0, 0]), ((EDGES[1:] + EDGES[:-1]) / 2, found.curve[0])):
        leaf = torch.from_numpy(values).requires_grad_()
        (slope,) = torch.autograd.grad(ACTIVATIONS[activation].function(leaf).sum(), leaf)
        np.testing.assert_allclose(slope.mean() if expected.ndim == 0 else slope, expected, rtol=1e-9, atol=1e-12)


def test_large_weights_saturate() -> None:
    """The larger the gain, the more units sit where nothing passes; a highway's gate is seen from its second layer on."""
    shares = [
        saturation(core.Experiment(core.Recurrent(gain=gain), core.France(gap=10))).saturated[5:].mean()
        for gain in (1, 5, 10)
    ]
    assert shares[0] < 0.05 < shares[1] < shares[2]
    found = saturation(core.Experiment(core.FeedForward(depth=3, skip="highway", activation="tanh"), core.Blobs()))
    assert found.activations == ("tanh", "sigmoid")
    np.testing.assert_array_equal(np.isnan(found.slope[0, :, 1]), [True, False, False])
    assert found.counts[0, 0, 1].sum() == 0


@pytest.mark.parametrize(
    "network", [core.Convolutional(depth=2), core.Attention(), core.Recurrent(cell="peephole", layers=2)]
)
def test_other_networks(network: core.Convolutional | core.Attention | core.Recurrent) -> None:
    """Whatever they are made of, each nonlinearity is seen."""
    task = core.Blobs() if isinstance(network, core.Convolutional) else core.France(gap=2)
    found = saturation(core.Experiment(network, task))
    assert np.nanmin(found.slope) >= 0
    assert found.counts.sum() > 0
    assert len(found.names) == len(found.activations) == found.curve.shape[0]


@pytest.mark.parametrize("network", [core.FeedForward(activation="identity"), core.Recurrent(cell="lru")])
def test_linear_networks_are_refused(network: core.FeedForward | core.Recurrent) -> None:
    """Nothing there can saturate."""
    task = core.Blobs() if isinstance(network, core.FeedForward) else core.France(gap=2)
    with pytest.raises(core.SpecError, match="linear"):
        saturation(core.Experiment(network, task))
