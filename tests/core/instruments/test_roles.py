"""The split by lag against autograd with a copy of every weight for each step; the parts add up to the whole gradient."""

import numpy as np
import pytest
import torch
from torch.nn.functional import cross_entropy

import core
from core.experiment.sampling import initial
from core.gradients.adjoint import log_norm
from core.gradients.measure import differentiate
from core.gradients.recurrence import forward, through_stack
from core.instruments.lags import by_lag
from core.instruments.roles import split_roles
from core.instruments.subject import last_arrival
from core.parts.cells import CELLS
from core.parts.linear import affine
from core.parts.losses import Loss

CLASSIC = [name for name, cell in CELLS.items() if cell.explicit]
Arrays = dict[str, np.ndarray]


def setting(cell: str, layers: int = 1, gap: int = 2, **network: object) -> core.Experiment:
    """A small network on words."""
    return core.Experiment(
        core.Recurrent(cell=cell, layers=layers, hidden=4, embedding=3, **network), core.France(gap=gap)
    )


def targets_of(experiment: core.Experiment, kind: str) -> tuple[np.ndarray, np.ndarray]:
    """Inputs, and targets at the last step or at most steps (−1 elsewhere)."""
    batch = core.held_out(experiment, 6)
    at_each = np.random.default_rng(3).integers(-1, 8, batch.inputs.shape)
    return batch.inputs, at_each if kind == "each step" else batch.targets


def exact(experiment: core.Experiment) -> Arrays:
    """The untrained weights in float64."""
    return {name: values.astype(float) for name, values in initial(experiment).items()}


def gathered(
    experiment: core.Experiment, inputs: np.ndarray, targets: np.ndarray, weights: Arrays | None = None
) -> list[Arrays]:
    """The parts by lag as plain numbers."""
    parts = by_lag(experiment.network, weights or exact(experiment), inputs, Loss.of(targets))
    return [{name: part * np.exp(scale) for name, part in own.items()} for scale, own in parts]


def with_copies(experiment: core.Experiment, inputs: np.ndarray, targets: np.ndarray) -> list[Arrays]:
    """The same by autograd: each step has leaves of its own, and each loss a backward pass of its own."""
    network = experiment.network
    steps = inputs.shape[1]
    copies = [
        {name: torch.from_numpy(values).double().requires_grad_() for name, values in initial(experiment).items()}
        for _ in range(steps)
    ]
    asked = targets if targets.ndim == 2 else np.where(np.arange(steps) == steps - 1, targets[:, None], -1)
    state: list[tuple[torch.Tensor, ...]] = [
        tuple(torch.zeros(len(inputs), network.hidden, dtype=torch.float64) for _ in range(network.entry.states))
    ] * network.layers
    parts: list[Arrays] = [{} for _ in range(steps)]
    for t, weights in enumerate(copies):
        x = weights["embedding.weight"][torch.from_numpy(inputs[:, t])]
        for layer in range(network.layers):
            own = network.layer_weights(weights, layer)
            constants = {"leak": torch.tensor(network.leak, dtype=torch.float64)}
            from_x = affine(x, own["weight_ih"], own["bias_ih"])
            state[layer] = network.entry.step(
                from_x, lambda h, own=own: affine(h, own["weight_hh"], own["bias_hh"]), state[layer], constants
            )
            x = state[layer][0]
        scored = asked[:, t] >= 0
        outputs = affine(x, weights["readout.weight"], weights["readout.bias"])
        loss = (
            cross_entropy(outputs, torch.from_numpy(asked[:, t]), ignore_index=-1, reduction="sum") / (asked >= 0).sum()
        )
        if not scored.any():
            continue
        for k in range(t + 1):
            used = torch.autograd.grad(
                loss, list(copies[k].values()), retain_graph=True, allow_unused=True, materialize_grads=True
            )
            for name, value in zip(copies[k], used, strict=True):
                parts[t - k][name] = parts[t - k].get(name, 0) + value.numpy()
    return parts


@pytest.mark.parametrize("kind", ["last step", "each step"])
@pytest.mark.parametrize("layers", [1, 3])
@pytest.mark.parametrize("cell", CLASSIC)
def test_parts_equal_autograd_with_untied_copies(cell: str, layers: int, kind: str) -> None:
    """Every parameter's part of every lag."""
    experiment = setting(cell, layers, gain=1.5)
    inputs, targets = targets_of(experiment, kind)
    found, expected = gathered(experiment, inputs, targets), with_copies(experiment, inputs, targets)
    assert len(found) == len(expected) == inputs.shape[1]
    for own, oracle in zip(found, expected, strict=True):
        for name, values in oracle.items():
            part = own.get(name, np.zeros_like(values))  # the read-out is used at lag 0 only
            np.testing.assert_allclose(part, values, rtol=1e-11, atol=1e-15)


@pytest.mark.parametrize("kind", ["last step", "each step"])
@pytest.mark.parametrize("layers", [1, 2])
@pytest.mark.parametrize("cell", CLASSIC)
def test_parts_add_up_to_the_gradient(cell: str, layers: int, kind: str) -> None:
    """To 10⁻¹⁴ of the sum of their norms, over 36 steps."""
    experiment = setting(cell, layers, gap=30, gain=1.2)
    inputs, targets = targets_of(experiment, kind)
    whole = differentiate(experiment.network, exact(experiment), inputs, Loss.of(targets), rescale=0).parameters
    parts = gathered(experiment, inputs, targets)
    assert {name for own in parts for name in own} == set(whole)
    for name, values in whole.items():
        own = [each[name] for each in parts if name in each]
        assert np.linalg.norm(sum(own) - values) <= 1e-14 * sum(np.linalg.norm(part) for part in own)


def test_numbers_as_targets() -> None:
    """Squared errors go back the same way."""
    experiment = setting("gru")
    inputs, _ = targets_of(experiment, "last step")
    targets = np.random.default_rng(0).uniform(0, 2, len(inputs))
    weights = exact(experiment)
    weights |= {name: weights[name][:1] for name in ("readout.weight", "readout.bias")}
    whole = differentiate(experiment.network, weights, inputs, Loss.of(targets)).parameters
    total = sum(own["recurrent.weight_ih_l0"] for own in gathered(experiment, inputs, targets, weights))
    np.testing.assert_allclose(total, whole["recurrent.weight_ih_l0"], rtol=1e-12)


def test_vectors_as_inputs() -> None:
    """No embedding then; all other parameters are split."""
    experiment = core.Experiment(core.Recurrent(hidden=4), core.Noise(length=6, inputs=3))
    found = split_roles(experiment)
    assert "embedding.weight" not in found.log_norm
    for name in found.log_norm:
        assert found.along[name].sum() == pytest.approx(1, abs=1e-13)


def test_roles_summarise_the_parts() -> None:
    """Norms, shares along the whole gradient, cosines and the long-range share, for one target at the end."""
    experiment = setting("lstm", gap=20, forget_bias=2.0)
    batch = core.held_out(experiment, 32)
    whole = differentiate(experiment.network, exact(experiment), batch.inputs, Loss.of(batch.targets)).parameters
    parts, found = gathered(experiment, batch.inputs, batch.targets), split_roles(experiment)
    for name in ("recurrent.weight_hh_l0", "recurrent.bias_ih_l0", "embedding.weight"):
        norms = np.array([np.linalg.norm(own[name]) for own in parts])
        inner = np.array([(own[name] * whole[name]).sum() for own in parts])
        size = np.linalg.norm(whole[name])
        with np.errstate(divide="ignore", invalid="ignore"):
            np.testing.assert_allclose(found.log_norm[name], np.log(norms), atol=1e-11)
            np.testing.assert_allclose(found.cosine(name), inner / norms / size, atol=1e-11)
        np.testing.assert_allclose(found.along[name], inner / size**2, atol=1e-13)
        assert found.full[name] == pytest.approx(np.log(size), abs=1e-12)
        assert found.beyond(name, 10) == pytest.approx(norms[10:].sum() / norms.sum(), abs=1e-12)
    assert (found.beyond("readout.weight", 0), found.beyond("readout.weight", 1)) == (1.0, 0.0)
    assert np.isneginf(found.log_norm["readout.weight"][1:]).all()


@pytest.mark.parametrize("layers", [1, 2])
def test_goes_on_below_float64(layers: int) -> None:
    """With one target a lag is a step: each part is that step's adjoint times what was read there."""
    experiment = setting("tanh", layers, gap=200, gain=0.002)
    batch, weights = core.held_out(experiment, 32), exact(experiment)
    found = split_roles(experiment)
    stack = forward(experiment.network, weights, batch.inputs)
    _, arrival = last_arrival(weights, stack[-1], batch.targets)
    for layer, (own, adjoint) in enumerate(zip(stack, through_stack(stack, arrival[None], rescale=1), strict=True)):
        gates = adjoint.gates[:, 0]
        expected = log_norm(gates @ own.read[:-1, 4:-1].swapaxes(-1, -2)) + adjoint.scale
        np.testing.assert_allclose(
            found.log_norm[f"recurrent.weight_ih_l{layer}"], expected[::-1], rtol=1e-13, atol=1e-10
        )
        assert expected[0] < -1000


def test_a_networks_last_lag_reads_a_zero_state() -> None:
    """With one target, lag T − 1 is the use at step 0, where h is zero: nothing for the recurrent matrix."""
    found = split_roles(setting("tanh"))
    assert np.isneginf(found.log_norm["recurrent.weight_hh_l0"][-1])
    assert np.isfinite(found.log_norm["recurrent.weight_ih_l0"]).all()


def test_other_networks_are_refused() -> None:
    """Cells without a written-out recursion."""
    with pytest.raises(core.SpecError, match="classic cells"):
        split_roles(core.Experiment(core.Recurrent(cell="peephole")))
