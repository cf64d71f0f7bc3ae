"""The T×T map against one autograd pass per loss, and against the profile in its last row."""

import numpy as np
import pytest
import torch
from torch.nn.functional import cross_entropy

import core
from core.experiment.sampling import initial
from core.gradients.measure import side_by_side


@pytest.mark.parametrize("task", [core.France(gap=3), core.Roles(gap=2)], ids=lambda task: task.name)
@pytest.mark.parametrize("cell", ["tanh", "relu", "gru", "lstm"])
def test_map_equals_autograd(cell: str, task: core.France | core.Roles) -> None:
    """‖∂L_t/∂h_k‖ for every pair, by T backward passes through the visible chain; with a target at every step, its own."""
    experiment = core.Experiment(core.Recurrent(cell=cell, hidden=5, embedding=3), task)
    batch = core.held_out(experiment, 32)
    weights = {name: torch.from_numpy(value[0]) for name, value in side_by_side([initial(experiment)]).items()}
    chain = experiment.network.chain(weights, torch.from_numpy(batch.inputs))
    states, state = [], chain.state
    for step in chain.maps:
        state = (state[0].requires_grad_(), *state[1:]) if not states else state
        state = step(state)
        states.append(state)
    expected = np.full((len(states), len(states)), np.nan)
    for t, late in enumerate(states):
        targets = batch.targets[:, t] if batch.targets.ndim == 2 else batch.targets
        loss = cross_entropy(chain.read_out(late), torch.from_numpy(targets))
        found = torch.autograd.grad(loss, [early[0] for early in states[: t + 1]], retain_graph=True)
        expected[t, : t + 1] = [float(gradient.norm()) for gradient in found]
    np.testing.assert_allclose(core.gradient_map(experiment).norm, expected, rtol=1e-10)


def test_last_row_is_the_profile() -> None:
    """The last loss is the task's own; long gaps go on below float64."""
    experiment = core.Experiment(core.Recurrent(gain=1e-7), core.France(gap=150))
    row = core.gradient_map(experiment).log_norm[-1]
    np.testing.assert_allclose(row, core.measure(experiment).log_norm, atol=1e-9)
    assert row.min() < -2000


def test_other_networks_are_refused() -> None:
    """A clear message instead of a wrong map."""
    with pytest.raises(core.SpecError, match="one layer"):
        core.gradient_map(core.Experiment(core.Recurrent(layers=2)))
