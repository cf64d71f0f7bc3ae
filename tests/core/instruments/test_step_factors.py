"""Factors per step against autograd at the cell's own nodes; their product is the profile."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
import torch
from torch.nn.functional import cross_entropy

import core
from core.experiment.sampling import initial
from core.gradients.measure import differentiate, measure_weights
from core.instruments.factors import Factors, step_factors
from core.parts.cells import CELLS
from core.parts.linear import affine
from core.parts.losses import Loss
from core.tasks.copying import Copy

CLASSIC = [name for name, cell in CELLS.items() if cell.explicit]
every_cell = pytest.mark.parametrize("cell", CLASSIC)


def setting(cell: str, gap: int = 3, **network: object) -> core.Experiment:
    """A small network on words."""
    return core.Experiment(core.Recurrent(cell=cell, hidden=5, embedding=3, **network), core.France(gap=gap))


def by_autograd(experiment: core.Experiment) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """ln ‖δ‖ of the whole state (T,), ln of slope, weights and carried (T − 1, 3), and of what comes through each gate.

    What lies behind the matrix is told from what is carried past it by giving ``recur`` a copy of h of its own.
    """
    network, batch = experiment.network, core.held_out(experiment, 32)
    weights = {name: torch.from_numpy(values).double() for name, values in initial(experiment).items()}
    own = network.layer_weights(weights, 0)
    constants = {"leak": torch.tensor(network.leak, dtype=torch.float64)}
    inputs = network.vectors(weights, torch.from_numpy(batch.inputs))
    state = network.start(inputs[:, 0])
    nodes = []
    for x in inputs.unbind(1):
        old = tuple(part.clone().requires_grad_() if part.grad_fn is None else part.clone() for part in state)
        read, mixed = old[0].clone(), []

        def recur(h: torch.Tensor, read: torch.Tensor = read, mixed: list[torch.Tensor] = mixed) -> torch.Tensor:
            mixed.append(affine(read, own["weight_hh"], own["bias_hh"]))
            return mixed[0]

        new = network.entry.step(affine(x, own["weight_ih"], own["bias_ih"]), recur, old, constants)
        state = tuple(part.clone() for part in new)
        nodes.append((old, read, mixed[0], state))
    loss = cross_entropy(
        affine(state[0], weights["readout.weight"], weights["readout.bias"]), torch.from_numpy(batch.targets)
    )
    rows, norms, gates = [], [], []
    blocks = own["weight_hh"].split(network.hidden)
    for t, (old, read, mixed, new) in enumerate(nodes):
        # the state itself is a node only once: an LSTM's c is read by the next step, and by its own h through ``new``
        at_new = torch.autograd.grad(loss, new, retain_graph=True, allow_unused=True, materialize_grads=True)
        at_old = torch.autograd.grad(loss, old, retain_graph=True, allow_unused=True, materialize_grads=True)
        at_read, at_mixed = torch.autograd.grad(loss, (read, mixed), retain_graph=True)
        size = [float(torch.cat(parts, -1).norm()) for parts in (at_new, (at_mixed,), (at_read,), at_old)]
        with np.errstate(divide="ignore"):
            logs = np.log(size)
            through = zip(at_mixed.split(network.hidden, -1), blocks, strict=True)
            each = [np.log(float((delta @ block).norm())) for delta, block in through]
        norms.append(logs[0])
        if t:
            rows.append([0.0 if before == -np.inf == after else after - before for before, after in pairwise(logs)])
            gates.append([-np.inf if path == -np.inf else path - logs[0] for path in each])
    return np.array(norms), np.array(rows), np.array(gates)


@every_cell
def test_factors_equal_autograd(cell: str) -> None:
    """Slope, weights and carried part of every step, and each gate's path, in torch's order."""
    experiment = setting(cell, gain=1.3)
    norms, rows, gates = by_autograd(experiment)
    found = step_factors(experiment)
    np.testing.assert_allclose(found.log_norm, norms, rtol=0, atol=1e-12)
    np.testing.assert_allclose(found.log_parts, rows, rtol=0, atol=1e-12)
    np.testing.assert_allclose(found.log_paths[:, :-1], gates, rtol=0, atol=1e-12)
    assert len(found.paths) == found.log_paths.shape[1] and found.paths[-1] == "carried"


@every_cell
def test_factors_multiply_to_the_profile(cell: str) -> None:
    """Over 150 steps, far below float64's smallest number where the cell forgets that fast."""
    experiment = setting(cell, gap=145, gain=0.01, forget_bias=-3.0, leak=0.99)
    found = step_factors(experiment)
    profile = measure_weights(experiment, initial(experiment))
    np.testing.assert_allclose(found.of_h, profile.log_norm, rtol=1e-13, atol=1e-10)
    product = np.append(np.cumsum(found.log_parts.sum(-1)[::-1])[::-1], 0.0)
    np.testing.assert_allclose(found.log_norm[-1] + product, found.log_norm, rtol=1e-13, atol=1e-10)
    np.testing.assert_allclose(found.running, product, rtol=1e-13, atol=1e-10)
    if cell != "lstm":  # whose state has two parts
        np.testing.assert_array_equal(found.of_h, found.log_norm)
    assert found.log_norm[0] < (-80 if cell == "gru" else -400)  # a half-open update gate halves it at each step


def test_plain_cells_carry_nothing() -> None:
    """The only path back leads through the matrix, and the bound by σ₁ and the steepest slope holds for each part."""
    experiment = setting("sigmoid")
    found = step_factors(experiment)
    assert found.paths == ("pre-activation", "carried")
    assert np.isneginf(found.log_paths[:, 1]).all() and (found.log_parts[:, 2] == 0).all()
    norm = np.linalg.norm(initial(experiment)["recurrent.weight_hh_l0"].astype(float), 2)
    assert (found.log_parts[:, 0] <= np.log(0.25)).all() and (found.log_parts[:, 1] <= np.log(norm) + 1e-12).all()


@pytest.mark.parametrize("forget_bias", [-5.0, 5.0])
def test_an_lstms_carried_path_is_its_forget_gate(forget_bias: float) -> None:
    """Shut, nothing is carried; open, nearly all: the path's factor approaches σ(±5)."""
    found = step_factors(setting("lstm", gap=30, forget_bias=forget_bias))
    assert found.paths == ("input gate", "forget gate", "candidate", "output gate", "carried")
    carried = found.log_paths[2:-3, -1]
    assert (carried > -0.3).all() if forget_bias > 0 else (carried < -2).all()


def test_leaky_paths_are_exact() -> None:
    """1 − α past the gate; the rest is bounded by the norms of both."""
    found = step_factors(setting("leaky", leak=0.25))
    np.testing.assert_allclose(found.log_paths[:, 1], np.log(0.75), atol=1e-14)
    both = np.exp(found.log_paths)
    factor = np.exp(found.log_factor)
    assert (factor <= both.sum(-1) + 1e-12).all() and (factor >= np.abs(both[:, 0] - both[:, 1]) - 1e-12).all()


def test_exact_zeros_have_no_nan() -> None:
    """gain 0: the matrix is 0, the slope is not, and a leaky unit's gradient goes on all the same."""
    for cell in ("tanh", "leaky", "gru"):
        found: Factors = step_factors(setting(cell, gain=0.0))
        assert not np.isnan(found.log_parts).any() and not np.isnan(found.log_paths).any()
        assert np.isneginf(found.log_parts[-1, 1])
        assert np.isneginf(found.log_norm[0]) == (cell == "tanh")


def test_the_last_target_starts_the_way_back() -> None:
    """Of a target at every step the last one counts; steps after it have no part in it."""
    experiment = core.Experiment(core.Recurrent(cell="gru", hidden=4), Copy())
    batch = core.held_out(experiment, 32)
    last = int(np.flatnonzero(batch.mask.any(0))[-1]) - 1
    earlier = np.where(np.arange(batch.mask.shape[1]) <= last, batch.targets, -1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("core.instruments.subject.held_out", lambda experiment, size: replace(batch, targets=earlier))
        found = step_factors(experiment)
    only = np.where(np.arange(batch.mask.shape[1]) == last, batch.targets, -1)
    weights = {name: values.astype(float) for name, values in initial(experiment).items()}
    expected = differentiate(experiment.network, weights, batch.inputs, Loss.of(only)).log_norm[0]
    np.testing.assert_allclose(found.log_norm, expected[: last + 1], atol=1e-12)
    assert np.isneginf(expected[last + 1 :]).all()


def test_other_networks_are_refused() -> None:
    """A clear message instead of wrong factors."""
    for network in (core.Recurrent(layers=2), core.Recurrent(cell="lru"), core.Recurrent(recurrent_norm="layer")):
        with pytest.raises(core.SpecError, match="a product of factors needs"):
            step_factors(core.Experiment(network))
    with pytest.raises(core.SpecError, match="needs a recurrent network"):
        step_factors(core.Experiment(core.FeedForward(), core.Blobs()))
