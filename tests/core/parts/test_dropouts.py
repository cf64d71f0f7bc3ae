"""Dropout of the recurrent input: unbiased, of the promised kind, and off unless noise is given."""

import dataclasses

import numpy as np
import pytest
import torch

import core
from core.experiment.sampling import initial
from core.parts.cells import CELLS
from core.parts.dropouts import DROPOUTS, Source

KINDS = [name for name in DROPOUTS if name != "none"]
every_kind = pytest.mark.parametrize("kind", KINDS)
STEPS, BATCH, WIDTH, ROWS, P = 4, 20_000, 6, 3, 0.3


def generator(seed: int = 0) -> torch.Generator:
    """A private one."""
    return torch.Generator().manual_seed(seed)


def random(*shape: int) -> torch.Tensor:
    """Always the same numbers."""
    return torch.randn(*shape, generator=generator(1), dtype=torch.float64)


def drawn(kind: str, h: torch.Tensor) -> torch.Tensor:
    """Noise for some steps."""
    return DROPOUTS[kind].draw(Source(generator(), STEPS, h, ROWS, P))


@every_kind
def test_mean_and_variance_are_those_of_dropping(kind: str) -> None:
    """Over many examples with equal h: mean W h, variance Σ_j (w_ij h_j)² p/(1 − p), as sampling masks by NumPy has it."""
    row, weight = random(WIDTH), random(ROWS, WIDTH)
    h = row.expand(BATCH, WIDTH)
    got = DROPOUTS[kind].mix(h, weight, drawn(kind, h)[0]).numpy()
    masks = np.random.default_rng(2).binomial(1, 1 - P, (BATCH, WIDTH)) / (1 - P)
    sampled = (masks * row.numpy()) @ weight.numpy().T
    exact = ((weight * row).square().sum(1) * P / (1 - P)).numpy()
    np.testing.assert_allclose(got.mean(0), (weight @ row).numpy(), rtol=0, atol=4 * np.sqrt(exact.max() / BATCH))
    np.testing.assert_allclose(got.var(0), exact, rtol=0.05)
    np.testing.assert_allclose(sampled.var(0), exact, rtol=0.05)


def test_fast_dropout_is_exact_in_mean_and_variance() -> None:
    """With noise 0 it is W h; noise ±1 is one standard deviation of a dropped-out pre-activation."""
    h, weight = random(5, WIDTH), random(ROWS, WIDTH)
    mix = DROPOUTS["fast"].mix
    unit = torch.full((5, ROWS), (P / (1 - P)) ** 0.5, dtype=torch.float64)
    deviation = ((h[:, None] * weight).square().sum(-1) * P / (1 - P)).sqrt()
    assert torch.allclose(mix(h, weight, 0 * unit), h @ weight.T, rtol=0, atol=1e-14)
    assert torch.allclose(mix(h, weight, unit), h @ weight.T + deviation, rtol=0, atol=1e-14)
    silent = torch.zeros(2, WIDTH, dtype=torch.float64, requires_grad=True)  # at h = 0 the root has no slope
    (slope,) = torch.autograd.grad(mix(silent, weight, unit[:2]).sum(), silent)
    assert torch.allclose(slope, weight.sum(0).expand(2, -1), rtol=0, atol=1e-14)


@every_kind
def test_noise_over_time(kind: str) -> None:
    """Variational: one mask per example for all steps. The others: another one at each step. Examples differ."""
    noise = drawn(kind, random(50, WIDTH))
    assert len(noise) == STEPS
    same = [torch.equal(noise[0], noise[t]) for t in range(1, STEPS)]
    assert all(same) if kind == "variational" else not any(same)
    assert not torch.equal(noise[0][0], noise[0][1])
    if kind != "fast":
        assert set(noise.unique().tolist()) == {0.0, 1 / (1 - P)}


def network(kind: str, **settings: object) -> core.Recurrent:
    """A small one with this dropout."""
    return core.Recurrent(**({"hidden": 5, "dropout": kind, "drop": 0.4, "gain": 2.0} | settings))


def chain_of(spec: core.Recurrent, noise: torch.Generator | None) -> core.networks.base.Chain:
    """The chain of its initial weights over random numbers."""
    weights = initial(core.Experiment(spec, core.Noise(length=STEPS, inputs=3)))
    return spec.chain({name: torch.from_numpy(w).double() for name, w in weights.items()}, random(7, STEPS, 3), noise)


@pytest.mark.parametrize("kind", DROPOUTS)
@pytest.mark.parametrize("cell", CELLS)
def test_only_noise_switches_it_on(cell: str, kind: str) -> None:
    """Without a generator, or at rate 0, it is the network without dropout; with one it is not, and depends on its seed."""
    plain = chain_of(network("none", cell=cell), None).logits()
    assert torch.equal(chain_of(network(kind, cell=cell), None).logits(), plain)
    assert torch.equal(chain_of(network(kind, cell=cell, drop=0.0), generator()).logits(), plain)
    noisy = [chain_of(network(kind, cell=cell, layers=2), generator(seed)).logits() for seed in (0, 0, 1)]
    assert torch.equal(noisy[0], noisy[1])
    assert torch.equal(noisy[0], noisy[2]) == (kind == "none" or not CELLS[cell].matrix)


@every_kind
def test_maps_stay_pure_functions(kind: str) -> None:
    """A map called twice gives the same: all noise is drawn with the chain."""
    chain = chain_of(network(kind, layers=2), generator())
    state = tuple(torch.ones_like(part) for part in chain.state)
    for step in chain.maps:
        for part, again in zip(step(state), step(state), strict=True):
            assert torch.equal(part, again)


@every_kind
def test_steps_use_their_own_noise(kind: str) -> None:
    """The same input and state at each step: variational dropout does the same every time, the others something else."""
    spec = network(kind)
    weights = initial(core.Experiment(spec, core.Noise(length=STEPS, inputs=3)))
    tensors = {name: torch.from_numpy(w).double() for name, w in weights.items()}
    chain = spec.chain(tensors, torch.ones(7, STEPS, 3, dtype=torch.float64), generator())
    made = [step((torch.ones(7, 5, dtype=torch.float64),))[0] for step in chain.maps]
    for t in range(1, STEPS):
        assert torch.equal(made[0], made[t]) == (kind == "variational")


@every_kind
def test_layers_and_networks_side_by_side_have_noise_of_their_own(kind: str) -> None:
    """The same weights, inputs and state: other numbers."""
    spec = network(kind, layers=2)
    weights = initial(core.Experiment(spec, core.Noise(length=STEPS, inputs=5)))
    doubled = {name: torch.from_numpy(np.stack([w, w])).double() for name, w in weights.items()}
    for name in list(doubled):
        doubled[name.replace("_l0", "_l1")] = doubled[name]
    inputs = random(1, 7, STEPS, 5).expand(2, -1, -1, -1)
    chain = spec.chain(doubled, inputs, generator())
    ones = tuple(torch.ones_like(part) for part in chain.state)
    first = chain.maps[0](ones)[0]
    assert first.shape == (2, 7, 5) and not torch.equal(first[0], first[1])
    low, high = (chain.maps[i].args[0].noise for i in (0, 1))  # type: ignore[attr-defined]
    assert low.shape == high.shape and not torch.equal(low, high)


@every_kind
def test_dropout_leaves_what_gates_carry_over_alone(kind: str) -> None:
    """A GRU whose update gate is open, an LSTM whose forget gate is: the old state arrives whole."""
    spec = dataclasses.replace(network(kind, cell="gru"), gain=0.0)
    weights = initial(core.Experiment(spec, core.Noise(length=STEPS, inputs=3)))
    tensors = {name: torch.from_numpy(w).double() for name, w in weights.items()}
    tensors["recurrent.bias_ih_l0"][5:10] = 100.0
    chain = spec.chain(tensors, random(7, STEPS, 3), generator())
    state = (random(7, 5),)
    assert torch.allclose(chain.maps[0](state)[0], state[0], rtol=0, atol=1e-12)
