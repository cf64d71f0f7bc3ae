"""The unrolled RNN as a plain feed-forward network, against torch's own nn.RNN and the written-out gradients."""

import numpy as np
import pytest
import torch
from torch.nn.functional import cross_entropy

import core
from core.experiment.sampling import initial
from core.instruments.tied import feed_forward, tied_twin


@pytest.mark.parametrize("layers", [1, 2, 4])
@pytest.mark.parametrize("cell", ["tanh", "relu"])
def test_twin_equals_torchs_rnn(cell: str, layers: int) -> None:
    """Outputs and gradients of the module that users know, in float64; more layers than steps, too."""
    experiment = core.Experiment(core.Recurrent(cell=cell, layers=layers, hidden=4), core.Noise(length=3, inputs=2))
    module, batch = core.build(experiment).double(), core.held_out(experiment, 5)
    inputs, targets = torch.from_numpy(batch.inputs), torch.from_numpy(batch.targets)
    expected = module(inputs)
    cross_entropy(expected, targets).backward()
    leaves = {name: torch.from_numpy(values).double().requires_grad_() for name, values in initial(experiment).items()}
    outputs, widths, _ = feed_forward(leaves, inputs, layers, cell)
    np.testing.assert_allclose(outputs[-1].detach(), expected.detach(), rtol=0, atol=1e-15)
    cross_entropy(outputs[-1], targets).backward()
    for name, parameter in module.named_parameters():
        np.testing.assert_allclose(leaves[name].grad, parameter.grad, rtol=0, atol=1e-15)
    assert len(outputs) == 3 and len(widths) == 3 + layers - 1


@pytest.mark.parametrize("cell", ["tanh", "relu", "sigmoid"])
@pytest.mark.parametrize("layers", [1, 3])
def test_differences_are_rounding(cell: str, layers: int) -> None:
    """Identical outputs and gradients, words included."""
    found = tied_twin(core.Experiment(core.Recurrent(cell=cell, layers=layers, hidden=6), core.France(gap=10)))
    assert found.outputs < 1e-15
    assert all(found.gradients[name] <= 1e-14 * max(found.largest.values()) for name in found.gradients)
    assert "embedding.weight" in found.gradients and min(found.largest.values()) > 0


def test_the_twins_size() -> None:
    """Depth n + k − 1; every place of the grid once; connections are the parameters times their uses."""
    steps, hidden, inputs = 7, 5, 3
    for layers in (1, 2, 3):
        network = core.Recurrent(layers=layers, hidden=hidden)
        found = tied_twin(core.Experiment(network, core.Noise(length=steps, inputs=inputs)))
        assert found.depth == len(found.widths) == steps + layers - 1
        assert found.widths.sum() == layers * steps * hidden
        recurrent, upwards = layers * (steps - 1) * hidden**2, (layers - 1) * steps * hidden**2
        assert found.connections == recurrent + upwards + steps * hidden * inputs


@pytest.mark.parametrize("cell", ["lstm", "leaky"])
def test_other_cells_are_refused(cell: str) -> None:
    """Gates multiply, and leaky units add their old value: no layer of an MLP does that."""
    with pytest.raises(core.SpecError, match="twin"):
        tied_twin(core.Experiment(core.Recurrent(cell=cell)))
