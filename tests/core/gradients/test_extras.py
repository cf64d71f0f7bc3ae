"""Truncated backpropagation, the sparsity penalty and Pascanu's Ω against plain autograd."""

from collections.abc import Callable

import numpy as np
import pytest
import torch
from torch import Tensor
from torch.nn.functional import cross_entropy

import core
from core.experiment.sampling import initial
from core.gradients.adjoint import Gradients
from core.gradients.backward import chain_gradients
from core.gradients.extras import Extras
from core.gradients.measure import side_by_side
from core.gradients.recurrence import recurrent_gradients
from core.parts.losses import Loss

NETWORKS = {
    "tanh": core.Recurrent(hidden=6, embedding=4),
    "gru": core.Recurrent(cell="gru", hidden=6, embedding=4),
    "stacked lstm": core.Recurrent(cell="lstm", hidden=5, embedding=4, layers=3),
    "leaky": core.Recurrent(cell="leaky", hidden=6, embedding=4),
}


def setting(network: core.Recurrent) -> tuple[core.Experiment, dict[str, np.ndarray], core.Batch]:
    """An experiment, its weights in float64 and a batch of 8."""
    experiment = core.Experiment(network, core.France(gap=5), seed=3)
    weights = {name: np.float64(values) for name, values in initial(experiment).items()}
    return experiment, weights, core.sample(experiment, size=8)


def states(
    experiment: core.Experiment, weights: dict[str, Tensor], batch: core.Batch, cut: int
) -> list[tuple[Tensor, ...]]:
    """The states after every step; the gradient ends in front of the last ``cut`` steps (0: nowhere)."""
    chain = experiment.network.chain(weights, torch.from_numpy(batch.inputs))
    state, kept = chain.state, []
    for k, step in enumerate(chain.maps):
        state = step(state)
        kept.append((state, chain.watched[k]))
        if cut and k in chain.ends and (len(chain.ends) - 1 - list(chain.ends).index(k)) == cut:
            state = tuple(part.detach() for part in state)
    return kept


@pytest.mark.parametrize("name", NETWORKS)
@pytest.mark.parametrize("extras", [Extras(), Extras(truncate=4), Extras(sparsity=0.7)], ids=str)
def test_both_ways_equal_autograd(name: str, extras: Extras) -> None:
    """The written-out recursion and the chain: loss, all parameters' gradients."""
    experiment, weights, batch = setting(NETWORKS[name])
    tensors = {name: torch.from_numpy(values).requires_grad_() for name, values in weights.items()}
    kept = states(experiment, tensors, batch, extras.truncate)
    chain = experiment.network.chain(tensors, torch.from_numpy(batch.inputs))
    loss = cross_entropy(chain.read_out(kept[-1][0]), torch.from_numpy(batch.targets))
    penalty = torch.stack([state[part].abs().mean() for state, part in kept]).mean()
    expected = torch.autograd.grad(loss + extras.sparsity * penalty, list(tensors.values()))
    for way in (recurrent_gradients, chain_gradients):
        found = way(experiment.network, weights, batch.inputs, Loss.of(batch.targets), extras=extras, rescale=0)
        assert float(found.loss) == pytest.approx(loss.item(), rel=1e-13)
        for own, gradient in zip(tensors, expected, strict=True):
            np.testing.assert_allclose(found.parameters[own], gradient, rtol=0, atol=1e-13)


@pytest.mark.parametrize("name", NETWORKS)
def test_both_ways_are_one(name: str) -> None:
    """With windows and penalty together too, and the profiles."""
    experiment, weights, batch = setting(NETWORKS[name])
    args = experiment.network, weights, batch.inputs, Loss.of(batch.targets)
    one, other = (way(*args, extras=Extras(3, 0.2), rescale=0) for way in (recurrent_gradients, chain_gradients))
    np.testing.assert_allclose(one.log_norm, other.log_norm, atol=1e-12)
    for own in weights:
        np.testing.assert_allclose(one.parameters[own], other.parameters[own], rtol=0, atol=1e-14)


@pytest.mark.parametrize("extras", [Extras(), Extras(2), Extras(sparsity=0.3)], ids=str)
@pytest.mark.parametrize("each_step", [False, True])
@pytest.mark.parametrize(("hidden", "steps", "batch"), [(1, 1, 1), (1, 9, 3), (3, 20, 1)])
@pytest.mark.parametrize("layers", [1, 4])
@pytest.mark.parametrize("cell", ["tanh", "gru", "lstm"])
def test_corners(cell: str, layers: int, hidden: int, steps: int, batch: int, each_step: bool, extras: Extras) -> None:
    """One unit, one step, one example; targets at some steps; two networks side by side; with and without log domain."""
    network, rng = core.Recurrent(cell=cell, layers=layers, hidden=hidden, gain=2.0), np.random.default_rng(steps)
    task = core.Noise(length=steps, inputs=2)
    weights = side_by_side([initial(core.Experiment(network, task, seed=seed)) for seed in range(2)])
    inputs = rng.standard_normal((2, batch, steps, 2))
    targets = rng.integers(-1, 4, (2, batch, steps)) if each_step else rng.integers(4, size=(2, batch))
    args = network, weights, inputs, Loss(targets, each_step)
    expected = chain_gradients(*args, extras=extras, rescale=0)
    for rescale in (0, 1, 8):
        found = recurrent_gradients(*args, extras=extras, rescale=rescale)
        np.testing.assert_allclose(found.loss, expected.loss, rtol=1e-13)
        np.testing.assert_allclose(found.log_norm, expected.log_norm, atol=1e-9)
        for name, values in expected.parameters.items():
            np.testing.assert_allclose(found.parameters[name], values, rtol=0, atol=1e-12)


@pytest.mark.parametrize("cell", ["tanh", "relu", "sigmoid", "leaky"])
def test_omega_equals_autograd(cell: str) -> None:
    """Pascanu et al. 2013, eq. 9 and 10: per step and example, δ and the slopes taken as given."""
    network = core.Recurrent(cell=cell, hidden=6, embedding=4, gain=1.4)
    experiment, weights, batch = setting(network)
    args = network, weights, batch.inputs, Loss.of(batch.targets)
    plain, with_omega = (recurrent_gradients(*args, extras=Extras(omega=w), rescale=r) for w, r in ((0, 0), (2.0, 8)))

    tensors = {name: torch.from_numpy(values) for name, values in weights.items()}
    kept = states(experiment, {name: t.requires_grad_() for name, t in tensors.items()}, batch, 0)
    chain = network.chain(tensors, torch.from_numpy(batch.inputs))
    loss = cross_entropy(chain.read_out(kept[-1][0]), torch.from_numpy(batch.targets))
    deltas = torch.autograd.grad(loss, [state[0] for state, _ in kept])
    matrix = torch.from_numpy(weights["recurrent.weight_hh_l0"]).requires_grad_()
    own = network.layer_weights(weights, 0)
    table, ratios = weights["embedding.weight"], []
    for t in range(1, len(kept)):
        h, x = kept[t - 1][0][0].detach().numpy(), table[batch.inputs[:, t]]
        z = torch.from_numpy(x @ own["weight_ih"].T + own["bias_ih"] + h @ own["weight_hh"].T + own["bias_hh"])
        if cell == "leaky":
            slope = network.leak * (1 - torch.tanh(z) ** 2)
        else:
            logistic = torch.sigmoid(z)
            slope = {"tanh": 1 - torch.tanh(z) ** 2, "relu": (z > 0).double(), "sigmoid": logistic * (1 - logistic)}[
                cell
            ]
        stays = 1 - network.leak if cell == "leaky" else 0.0
        back = (deltas[t] * slope) @ matrix + stays * deltas[t]
        alive = (deltas[t].norm(dim=1) > 0) & (back.norm(dim=1) > 0)
        ratios.append((back.norm(dim=1)[alive] / deltas[t].norm(dim=1)[alive] - 1) ** 2)
    (expected,) = torch.autograd.grad(2.0 * torch.cat(ratios).mean(), matrix)
    name = "recurrent.weight_hh_l0"
    np.testing.assert_allclose(with_omega.parameters[name] - plain.parameters[name], expected, atol=1e-12)
    for other in set(weights) - {name}:
        np.testing.assert_allclose(with_omega.parameters[other], plain.parameters[other], atol=1e-14)


def test_omega_where_squares_leave_float32() -> None:
    """A sigmoid network whose first step back keeps 10⁻⁵: float32 finds the same penalty as float64, and no NaN."""
    network = core.Recurrent(cell="sigmoid", gain=1e-3)
    _, weights, batch = setting(network)
    args = batch.inputs, Loss.of(batch.targets)
    slopes = []
    for kind in (np.float32, np.float64):
        own = {name: values.astype(kind) for name, values in weights.items()}
        plain, penalised = (recurrent_gradients(network, own, *args, extras=Extras(omega=w)) for w in (0.0, 1.0))
        slopes.append(penalised.parameters["recurrent.weight_hh_l0"] - plain.parameters["recurrent.weight_hh_l0"])
    assert np.linalg.norm(slopes[1]) > 0.1
    np.testing.assert_allclose(slopes[0], slopes[1], rtol=0, atol=1e-5 * np.abs(slopes[1]).max())


def test_a_window_begins_at_a_scale_of_its_own() -> None:
    """The gradient grows tenfold a step: what a window's losses give is not lost beside the size of the one after it."""
    network, steps = core.Recurrent(hidden=3, leak=1.0), 140
    experiment = core.Experiment(network, core.Noise(length=steps, inputs=2))
    weights = {name: np.zeros_like(values) for name, values in initial(experiment).items()}
    weights["recurrent.weight_hh_l0"] = 10 * np.eye(3, dtype=np.float32)
    weights["readout.weight"] = initial(experiment)["readout.weight"]
    loss, inputs = Loss.of(np.zeros((2, steps), int)), np.zeros((2, steps, 2))
    found = recurrent_gradients(network, weights, inputs, loss, extras=Extras(truncate=70)).log_norm[0]
    np.testing.assert_allclose(found[:70], found[70:], rtol=1e-4)
    assert np.ptp(found) > 140


def test_what_only_far_words_get_keeps_its_digits() -> None:
    """The country's word vector gets 10⁻¹² of the gradient, all of it over a scale far from 1."""
    network = core.Recurrent(hidden=6, embedding=4, gain=0.7)
    experiment = core.Experiment(network, core.France(gap=20), seed=3)
    weights = {name: np.float64(values) for name, values in initial(experiment).items()}
    batch = core.sample(experiment, size=8)
    args = network, weights, batch.inputs, Loss.of(batch.targets)
    found, expected = (way(*args).parameters["embedding.weight"] for way in (recurrent_gradients, chain_gradients))
    country = batch.inputs[0, 3]
    assert 0 < np.abs(expected[country]).max() < 1e-10
    np.testing.assert_allclose(found[country], expected[country], rtol=1e-9)


@pytest.mark.parametrize("way", [recurrent_gradients, chain_gradients])
def test_nothing_arrives_before_the_window(way: Callable[..., Gradients]) -> None:
    """In the log domain, too: a zero is not taken for a number too small to be seen."""
    network = core.Recurrent(hidden=6, embedding=4)
    _, weights, batch = setting(network)
    logs = way(network, weights, batch.inputs, Loss.of(batch.targets), extras=Extras(truncate=3)).log_norm[0]
    assert (logs[:-3] == -np.inf).all()
    assert np.isfinite(logs[-3:]).all()
