"""Registries: every entry has something to say, and its theory is true."""

import dataclasses

import numpy as np
import pytest
import torch

import core
from core.networks.attention import BLOCK_NORMS
from core.parts.activations import ACTIVATIONS, sigmoid
from core.parts.cells import CELLS
from core.parts.dropouts import DROPOUTS
from core.parts.initialisers import INITIALISERS
from core.parts.normalisations import NORMALISATIONS
from core.parts.optimisers import OPTIMISERS
from core.parts.skips import SKIPS
from core.registry import registry

REGISTRIES = {
    "activations": ACTIVATIONS,
    "block norms": BLOCK_NORMS,
    "cells": CELLS,
    "dropouts": DROPOUTS,
    "initialisers": INITIALISERS,
    "networks": core.NETWORKS,
    "normalisations": NORMALISATIONS,
    "optimisers": OPTIMISERS,
    "skips": SKIPS,
    "tasks": core.TASKS,
}
ENTRIES = [pytest.param(entry, id=f"{of}-{name}") for of, all_ in REGISTRIES.items() for name, entry in all_.items()]


@pytest.mark.parametrize("which", REGISTRIES)
def test_registries_are_read_only_and_keyed_by_name(which: str) -> None:
    """Nobody can add an entry at run time and change what others see."""
    entries = REGISTRIES[which]
    assert [entry.name for entry in entries.values()] == list(entries)
    with pytest.raises(TypeError):
        entries["new"] = None
    labels = [entry.label for entry in entries.values()]
    assert len(set(labels)) == len(labels)


@pytest.mark.parametrize("entry", ENTRIES)
def test_entries_have_a_label_and_a_lesson(entry: object) -> None:
    """A short label, and a lesson that is a sentence; a name that can stand in a link."""
    assert entry.label.strip() and len(entry.label) <= 40
    assert len(entry.lesson.split()) >= 5
    assert entry.lesson[0].isupper() or not entry.lesson[0].isalpha()
    assert entry.lesson.endswith(".")
    assert entry.name.isidentifier() and entry.name.islower()


def test_two_entries_cannot_share_a_name() -> None:
    """A slip that would hide one of them."""
    with pytest.raises(ValueError, match="tanh"):
        registry(ACTIVATIONS["tanh"], dataclasses.replace(ACTIVATIONS["tanh"], label="another"))


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_steepest_is_the_supremum_of_the_slope(name: str) -> None:
    """Numerically, on a fine grid."""
    z = torch.linspace(-20, 20, 400_001, dtype=torch.float64, requires_grad=True)
    (slope,) = torch.autograd.grad(ACTIVATIONS[name].function(z).sum(), z)
    assert ACTIVATIONS[name].steepest == pytest.approx(float(slope.abs().max()), abs=1e-4)


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_numpy_and_torch_forms_are_one_function(name: str) -> None:
    """Value and slope, far into saturation."""
    entry = ACTIVATIONS[name]
    z = torch.linspace(-800, 800, 32_000, dtype=torch.float64, requires_grad=True)  # 0 is not among them
    value = entry.function(z)
    (slope,) = torch.autograd.grad(value.sum(), z)
    points, value = z.detach().numpy(), value.detach().numpy()
    np.testing.assert_allclose(entry.value(points), value, rtol=1e-12, atol=1e-15)
    np.testing.assert_allclose(entry.slope(points, value), slope.numpy(), rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("z", [-5.0, -20.0, -40.0, -300.0])
def test_a_nearly_shut_sigmoid_is_not_shut(z: float) -> None:
    """σ(z) ≈ eᶻ: a slope of 10⁻¹⁸ is not 0, or a log-domain profile would end where the gradient goes on."""
    value = ACTIVATIONS["sigmoid"].value(np.array([z]))
    exact = 1 / (1 + np.exp(-z))
    assert value[0] == pytest.approx(exact, rel=1e-12, abs=0)
    assert sigmoid(np.array([z]))[0] == pytest.approx(exact, rel=1e-12, abs=0)


@pytest.mark.parametrize("cell", [cell for cell, entry in CELLS.items() if entry.steepest is not None])
def test_steepest_of_simple_cells(cell: str) -> None:
    """|∂h_{t+1}/∂h_t| ≤ steepest·|W| holds and is attained."""
    h = torch.linspace(-3, 3, 6001, dtype=torch.float64)[:, None].requires_grad_()
    (new,) = CELLS[cell].step(0 * h.detach(), lambda h: h, (h,), {})
    (slope,) = torch.autograd.grad(new.sum(), h)
    assert CELLS[cell].steepest == pytest.approx(float(slope.max()), abs=1e-6)


@pytest.mark.parametrize("shape", [(96, 96), (240, 60), (60, 240)], ids=str)
@pytest.mark.parametrize("name", INITIALISERS)
def test_variance_is_that_of_the_draws(name: str, shape: tuple[int, int]) -> None:
    """fan_in · E[w²], the factor by which a linear layer multiplies the mean square; square and rectangular."""
    entry, (fan_out, fan_in), number = INITIALISERS[name], shape, 0.3
    draws = [entry.draw(np.random.default_rng(seed), fan_out, fan_in, number) for seed in range(8)]
    assert draws[0].shape == shape and draws[0].dtype == np.float64
    assert fan_in * np.mean(np.square(draws)) == pytest.approx(entry.variance(fan_out, fan_in, number), rel=0.03)


@pytest.mark.parametrize("shape", [(16, 16), (24, 8), (8, 24)], ids=str)
def test_orthogonal_matrices_are_orthogonal(shape: tuple[int, int]) -> None:
    """Rows or columns (the fewer of them) are orthonormal; both signs of the determinant occur."""
    matrices = [INITIALISERS["orthogonal"].draw(np.random.default_rng(seed), *shape, 0.0) for seed in range(16)]
    for q in matrices:
        gram = q.T @ q if shape[0] >= shape[1] else q @ q.T
        np.testing.assert_allclose(gram, np.eye(min(shape)), atol=1e-12)
    if shape[0] == shape[1]:
        assert {round(np.linalg.det(q)) for q in matrices} == {-1, 1}


@pytest.mark.parametrize("name", NORMALISATIONS)
def test_normalisations_do_what_they_say(name: str) -> None:
    """Mean 0, variance 1 along their axis, with leading axes."""
    z = 3 + 2 * torch.randn(2, 50, 40, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    out = NORMALISATIONS[name].function(z)
    axis = {"layer": -1, "batch": -2}.get(name)
    if axis is None:
        assert torch.equal(out, z)
    else:
        assert torch.allclose(out.mean(axis), torch.zeros(()).double(), atol=1e-12)
        assert torch.allclose(out.var(axis, unbiased=False), torch.ones(()).double(), atol=1e-4)


def with_entry(field: str, name: str) -> core.Experiment:
    """A small experiment that uses one registry entry."""
    if field in ("activation", "normalisation", "skip"):
        return core.Experiment(core.FeedForward(depth=4, width=6, **{field: name}), core.Blobs())
    if field == "optimiser":
        return core.Experiment(task=core.France(gap=2), training=core.Training(optimiser=name))
    if field == "block_norm":
        return core.Experiment(core.Attention(block_norm=name), core.France(gap=2))
    if field in ("cell", "initialiser", "dropout"):
        return core.Experiment(core.Recurrent(hidden=5, **{field: name}), core.France(gap=2))
    if field == "task":
        task = core.TASKS[name]()
        return core.Experiment(core.Recurrent() if task.gives == "sequences" else core.FeedForward(), task)
    network = core.NETWORKS[name]()
    return core.Experiment(network, core.France() if network.reads == "sequences" else core.Blobs())


FIELDS = {"activation": ACTIVATIONS, "normalisation": NORMALISATIONS, "optimiser": OPTIMISERS, "cell": CELLS}
FIELDS |= {"initialiser": INITIALISERS, "task": core.TASKS, "network": core.NETWORKS, "dropout": DROPOUTS}
FIELDS |= {"skip": SKIPS, "block_norm": BLOCK_NORMS}
UNPREDICTED = ("attention",)  # whose decay no theory here need foretell


@pytest.mark.parametrize(("field", "name"), [(field, name) for field, entries in FIELDS.items() for name in entries])
def test_every_entry_can_be_measured_and_trained(field: str, name: str) -> None:
    """Also through its permalink."""
    experiment = core.from_query(with_entry(field, name).to_query())
    assert experiment == with_entry(field, name)
    profile = core.measure(experiment)
    assert profile.state[-1] == "ok"
    assert profile.predicted or name in UNPREDICTED or field == "block_norm"
    run = core.advance(core.start(experiment), 1)
    assert run.step == 1 and not run.trouble
