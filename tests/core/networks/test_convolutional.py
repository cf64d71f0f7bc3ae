"""The convolutional network against torch.nn.Conv1d with circular padding, BatchNorm1d and LayerNorm."""

import numpy as np
import pytest
import torch
from torch import Tensor, nn

import core
from core.experiment.sampling import initial
from core.parts.activations import ACTIVATIONS
from core.parts.initialisers import INITIALISERS

PLACES, CHANNELS, DEPTH = 10, 4, 3


def small(inputs: int = PLACES, **settings: object) -> core.Experiment:
    """Sizes that are all different."""
    network = core.Convolutional(
        **({"depth": DEPTH, "width": CHANNELS, "bias_std": 0.3, "activation": "tanh"} | settings)
    )
    return core.Experiment(network, core.Blobs(inputs=inputs, classes=3), seed=2)


def states(experiment: core.Experiment) -> tuple[list[Tensor], Tensor, dict[str, Tensor]]:
    """All states of the chain as maps (B, channels, places), its logits and its weights."""
    weights = {name: torch.from_numpy(w).double() for name, w in initial(experiment).items()}
    chain = experiment.network.chain(weights, torch.from_numpy(core.held_out(experiment, 6).inputs))
    kept = [chain.state]
    for step in chain.maps:
        kept.append(step(kept[-1]))
    places = kept[0][0].shape[1]
    return [h.unflatten(-1, (-1, places)) for (h,) in kept], chain.read_out(kept[-1]), weights


def conv(weights: dict[str, Tensor], name: str, kernel: int) -> nn.Module:
    """``nn.Conv1d`` with the network's own parameters."""
    weight = weights[f"{name}.weight"]
    layer = nn.Conv1d(weight.shape[1], weight.shape[0], kernel, padding="same", padding_mode="circular").double()
    layer.load_state_dict({"weight": weight, "bias": weights[f"{name}.bias"]})
    return layer.requires_grad_(False)


NORMS = {
    "none": lambda: nn.Identity(),
    "layer": lambda: nn.LayerNorm([CHANNELS, PLACES], elementwise_affine=False).double(),
    "batch": lambda: nn.BatchNorm1d(CHANNELS, affine=False, track_running_stats=False).double(),
}


@pytest.mark.parametrize("skip", ["none", "residual", "highway"])
@pytest.mark.parametrize("norm", NORMS)
@pytest.mark.parametrize("kernel", [1, 3, 7])
def test_layers_equal_torchs(kernel: int, norm: str, skip: str) -> None:
    """Every layer's maps."""
    kept, _, weights = states(small(reach=kernel // 2, normalisation=norm, skip=skip))
    for i in range(DEPTH):
        h = kept[i]
        new = NORMS[norm]()(conv(weights, f"hidden.{i}", kernel)(h)).tanh()
        if skip == "residual" and i:
            new = h + new
        if skip == "highway" and i:
            gate = conv(weights, f"gate.{i}", kernel)(h).sigmoid()
            new = gate * new + (1 - gate) * h
        assert torch.allclose(kept[i + 1], new, rtol=0, atol=1e-12)


@pytest.mark.parametrize("pooled", [False, True])
def test_the_read_out_is_linear_in_all_places_or_their_mean(pooled: bool) -> None:
    """``nn.Flatten`` and ``nn.Linear``; or the mean first."""
    kept, logits, weights = states(small(pooled=pooled))
    read = nn.Linear(CHANNELS * (1 if pooled else PLACES), 3).double()
    read.load_state_dict({"weight": weights["readout.weight"], "bias": weights["readout.bias"]})
    assert torch.allclose(logits, read(kept[-1].mean(-1) if pooled else kept[-1].flatten(1)), rtol=0, atol=1e-13)


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_a_turned_signal_gives_turned_maps(activation: str) -> None:
    """The ring has no first place: what comes out turns with what goes in, and a pooled read-out does not see it."""
    experiment = small(activation=activation, pooled=True, normalisation="layer", skip="residual")
    weights = {name: torch.from_numpy(w).double() for name, w in initial(experiment).items()}
    x = torch.from_numpy(core.held_out(experiment, 4).inputs)
    chain, turned = (experiment.network.chain(weights, each) for each in (x, x.roll(3, -1)))
    state, other = chain.state, turned.state
    for step in chain.maps:
        state, other = step(state), step(other)
        assert torch.allclose(
            state[0].unflatten(-1, (CHANNELS, -1)).roll(3, -1).flatten(-2), other[0], rtol=0, atol=1e-13
        )
        assert not torch.allclose(*state, *other, rtol=0, atol=1e-2)
    assert torch.allclose(chain.read_out(state), chain.read_out(other), rtol=0, atol=1e-13)


def test_a_kernel_of_one_place_is_an_mlp_at_that_place() -> None:
    """One place, one weight matrix: the same layers as the MLP's after the first."""
    network = core.Convolutional(depth=4, width=6, reach=0)
    plain = core.FeedForward(depth=4, width=6)
    shape = core.Blobs(inputs=1).shape()
    weights = {name: torch.from_numpy(w).double() for name, w in plain.draw(shape, 0).items()}
    for name in [name for name in weights if name.startswith("hidden") and name.endswith("weight")]:
        assert np.array_equal(network.draw(shape, 0)[name][..., 0], weights[name].float().numpy())
    x = torch.linspace(-1, 1, 5, dtype=torch.float64)[:, None]
    wide = {name: w[..., None] if w.dim() == 2 and name.startswith("hidden") else w for name, w in weights.items()}
    assert torch.allclose(network.chain(wide, x).logits(), plain.chain(weights, x).logits(), rtol=0, atol=1e-14)


@pytest.mark.parametrize("initialiser", INITIALISERS)
def test_fan_in_counts_the_kernel(initialiser: str) -> None:
    """Σ over inputs and kernel of the mean squared weight is the initialiser's σ_w² at fan-in kernel · channels."""
    network = core.Convolutional(depth=9, width=40, reach=2, initialiser=initialiser, sigma=0.2)
    weights = network.draw(core.Blobs(inputs=8).shape(), 0)
    entry = INITIALISERS[initialiser]
    number = {"sigma": 0.2, "shear": 1.0}[entry.setting]
    inner = np.stack([weights[f"hidden.{i}.weight"] for i in range(1, 9)])
    assert inner.shape == (8, 40, 40, 5)
    assert 200 * np.mean(inner**2) == pytest.approx(entry.variance(40, 200, number), rel=0.04)


@pytest.mark.parametrize("kernel", [1, 3, 5])
def test_the_identity_copies_every_place(kernel: int) -> None:
    """``nn.init.dirac_``."""
    weights = core.Convolutional(width=5, reach=kernel // 2, initialiser="identity").draw(core.Blobs().shape(), 0)
    np.testing.assert_array_equal(weights["hidden.1.weight"], nn.init.dirac_(torch.empty(5, 5, kernel)).numpy())


def test_a_ring_smaller_than_the_kernel() -> None:
    """Goes round it more than once, as the formula says: with 2 places taps at even distance see the same place."""
    experiment = small(inputs=2, reach=2, depth=1, activation="identity")
    kept, _, weights = states(experiment)
    weight, x = weights["hidden.0.weight"][:, 0], kept[0][:, 0]
    even, odd = weight[:, [0, 2, 4]].sum(1), weight[:, [1, 3]].sum(1)
    expected = x[:, None, :] * even[:, None] + x.flip(1)[:, None, :] * odd[:, None] + weights["hidden.0.bias"][:, None]
    assert torch.allclose(kept[1], expected, rtol=0, atol=1e-14)
