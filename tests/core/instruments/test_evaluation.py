"""Logits, losses, gradients and hidden states against torch's own modules in float64."""

import dataclasses

import numpy as np
import pytest
import torch
from torch.nn.functional import cross_entropy

import core
from core.experiment.sampling import initial
from core.instruments.evaluation import (
    as_tensors,
    example_losses,
    hidden_states,
    loss_and_gradient,
    losses,
    parameter_gradients,
)

EXPERIMENTS = {
    "rnn": core.Experiment(core.Recurrent(hidden=7, embedding=5), core.France(gap=3)),
    "lstm": core.Experiment(core.Recurrent(cell="lstm", layers=2, hidden=7, embedding=5), core.WasWere(gap=3)),
    "mlp": core.Experiment(core.FeedForward(depth=4, width=9, activation="tanh"), core.Blobs()),
}


@pytest.mark.parametrize("which", EXPERIMENTS)
def test_loss_and_parameter_gradients(which: str) -> None:
    """Against torch's modules and cross_entropy."""
    experiment = EXPERIMENTS[which]
    batch = core.held_out(experiment, 16)
    module = core.build(experiment).double()
    expected = cross_entropy(module(torch.from_numpy(batch.inputs)), torch.from_numpy(batch.targets))
    expected.backward()
    found = parameter_gradients(experiment, initial(experiment), batch)
    for name, parameter in module.named_parameters():
        np.testing.assert_allclose(found[name], parameter.grad, rtol=1e-9, atol=1e-16)
    assert losses(experiment, as_tensors(initial(experiment)), batch) == pytest.approx(expected.item(), rel=1e-13)


def test_networks_side_by_side() -> None:
    """A leading axis on one matrix alone gives the loss of each network by itself."""
    experiment = EXPERIMENTS["lstm"]
    batch, weights = core.held_out(experiment, 16), as_tensors(initial(experiment))
    name = "recurrent.weight_hh_l1"
    matrices = weights[name] * torch.tensor([0.0, 1.0, -2.0], dtype=torch.float64)[:, None, None]
    together = losses(experiment, weights | {name: matrices}, batch)
    alone = [losses(experiment, weights | {name: matrix}, batch) for matrix in matrices]
    np.testing.assert_allclose(together, alone, rtol=1e-13)


@pytest.mark.parametrize("lead", [(), (3,), (2, 3)])
@pytest.mark.parametrize("each_step", [False, True])
def test_losses_per_example(lead: tuple[int, ...], each_step: bool) -> None:
    """Each example's loss and its gradient, with classes missing at some steps, against cross_entropy."""
    rng = np.random.default_rng(0)
    shape = (6, *lead, 4, 5) if each_step else (*lead, 4, 5)
    logits = torch.from_numpy(rng.standard_normal(shape)).requires_grad_()
    targets = rng.integers(-1, 5, (4, 6)) if each_step else rng.integers(0, 5, 4)
    if each_step:
        targets[:, -1] = 2
    found, gradient = example_losses(logits, targets)
    by_example = logits.movedim(0, -2) if each_step else logits.unsqueeze(-2)  # (…, B, steps, answers)
    steps = torch.from_numpy(targets.reshape(4, -1)).expand(by_example.shape[:-1])
    flat = cross_entropy(by_example.flatten(0, -2), steps.flatten(), reduction="none", ignore_index=-1)
    expected = flat.reshape(steps.shape).sum(-1) / (steps >= 0).sum(-1)
    np.testing.assert_allclose(found, expected.detach(), rtol=1e-12)
    (autograd,) = torch.autograd.grad(expected.sum(), logits)
    np.testing.assert_allclose(gradient, autograd, rtol=1e-12, atol=1e-16)


def test_numbers_have_squared_errors() -> None:
    """Targets that are numbers: (output − target)² per example, and the mean of the batch."""
    logits, targets = torch.tensor([[[1.0], [3.0]]], dtype=torch.float64), np.array([0.5, 1.0])
    np.testing.assert_allclose(example_losses(logits, targets)[0], [[0.25, 4.0]])
    value, gradient = loss_and_gradient(logits, targets)
    np.testing.assert_allclose(value, [2.125])
    np.testing.assert_allclose(gradient, [[[0.5], [2.0]]])


@pytest.mark.parametrize("cell", ["tanh", "gru", "lstm"])
def test_hidden_states_of_a_stack(cell: str) -> None:
    """The top layer's h of every step is what torch's fused module puts out; the bottom layer's that of the module cut short."""
    experiment = core.Experiment(core.Recurrent(cell=cell, layers=2, hidden=7, embedding=5), core.France(gap=3))
    batch, parameters = core.held_out(experiment, 6), initial(experiment)
    states = hidden_states(experiment, parameters, batch)
    for layers in (1, 2):
        cut = dataclasses.replace(experiment, network=dataclasses.replace(experiment.network, layers=layers))
        module = core.build(cut, parameters).double()
        expected, _ = module.recurrent(module.embedding(torch.from_numpy(batch.inputs)))
        np.testing.assert_allclose(states[:, layers - 1], expected.detach().swapaxes(0, 1), atol=1e-13)


def test_hidden_states_of_layers() -> None:
    """An MLP has one step, and the last layer's h gives the logits."""
    experiment = EXPERIMENTS["mlp"]
    batch, parameters = core.held_out(experiment, 6), initial(experiment)
    states = hidden_states(experiment, parameters, batch)
    assert states.shape == (1, 4, 6, 9)
    logits = states[0, -1] @ parameters["readout.weight"].T.astype(float) + parameters["readout.bias"]
    expected = core.build(experiment).double()(torch.from_numpy(batch.inputs))
    np.testing.assert_allclose(logits, expected.detach(), atol=1e-13)


def test_hidden_states_of_attention() -> None:
    """Positions are the steps; the first map is the words with their positions, the next ones the blocks."""
    experiment = core.Experiment(core.Attention(layers=2, heads=2, head_width=4), core.France(gap=2))
    batch = core.held_out(experiment, 3)
    assert hidden_states(experiment, initial(experiment), batch).shape == (8, 3, 3, 8)
