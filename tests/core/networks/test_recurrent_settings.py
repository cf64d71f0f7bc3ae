"""Recurrent networks' settings: untied weights, normalisation, chrono, non-normal matrices; each against an oracle."""

import dataclasses

import numpy as np
import pytest
import torch
from torch import nn

import core
from core.experiment.sampling import initial
from core.networks.recurrent import MOST_WEIGHTS
from core.parts.cells import CELLS
from core.tasks.base import Shape

SHAPE = Shape(0, 3, ("a", "b"), steps=6)
every_cell = pytest.mark.parametrize("cell", CELLS)
with_matrix = pytest.mark.parametrize("cell", [name for name, entry in CELLS.items() if entry.matrix])


def weights_of(network: core.Recurrent, shape: Shape = SHAPE, seed: int = 0) -> dict[str, torch.Tensor]:
    """Initial weights as float64 tensors."""
    return {name: torch.from_numpy(values).double() for name, values in network.draw(shape, seed).items()}


def inputs(*lead: int, steps: int = 6) -> torch.Tensor:
    """Random vectors."""
    return torch.randn(*lead, 4, steps, 3, generator=torch.Generator().manual_seed(0), dtype=torch.float64)


# --- Untied weights


@with_matrix
@pytest.mark.parametrize("layers", [1, 2])
def test_untied_weights_that_happen_to_be_equal_are_tied(cell: str, layers: int) -> None:
    """The same logits."""
    tied = core.Recurrent(cell=cell, hidden=5, layers=layers)
    weights = weights_of(tied)
    copied = {
        name: each.expand(6, *each.shape).contiguous() if "weight_hh" in name else each
        for name, each in weights.items()
    }
    untied = dataclasses.replace(tied, tied=False)
    got = untied.chain(copied, inputs()).logits(each_step=True)
    assert torch.equal(got, tied.chain(weights, inputs()).logits(each_step=True))
    assert copied.keys() == weights_of(untied).keys()
    assert all(copied[name].shape == own.shape for name, own in weights_of(untied).items())


@with_matrix
def test_each_step_has_its_own_independent_draw(cell: str) -> None:
    """Of the right spread and radius; a task of more steps adds matrices and keeps the first ones; the rest is as if tied."""
    network = core.Recurrent(cell=cell, hidden=30, tied=False, radius=0.7, initialiser="gaussian")
    weights, longer = weights_of(network), weights_of(network, dataclasses.replace(SHAPE, steps=9))
    own = weights["recurrent.weight_hh_l0"].unflatten(1, (CELLS[cell].gates, 30))
    assert own.shape == (6, CELLS[cell].gates, 30, 30)
    np.testing.assert_allclose(np.abs(np.linalg.eigvals(own.numpy())).max(-1), 0.7, rtol=1e-5)
    correlation = np.corrcoef(own.reshape(-1, 900).numpy())
    assert np.abs(correlation - np.eye(len(correlation))).max() < 0.2
    assert torch.equal(longer["recurrent.weight_hh_l0"][:6], weights["recurrent.weight_hh_l0"])
    for name, tensor in weights_of(dataclasses.replace(network, tied=True)).items():
        assert "weight_hh" in name or torch.equal(tensor, weights[name])


def test_a_shorter_sequence_uses_the_first_matrices() -> None:
    """So that what is read after four words is the same whatever follows."""
    network = core.Recurrent(hidden=5, tied=False)
    weights = weights_of(network)
    every = network.chain(weights, inputs()).logits(each_step=True)
    assert torch.equal(network.chain(weights, inputs()[:, :4]).logits(), every[3])
    changed = weights | {"recurrent.weight_hh_l0": weights["recurrent.weight_hh_l0"].clone()}
    changed["recurrent.weight_hh_l0"][4] += 1
    other = network.chain(changed, inputs()).logits(each_step=True)
    assert torch.equal(every[:4], other[:4]) and not torch.equal(every[4], other[4])


def test_untied_weights_need_a_length_and_have_a_limit() -> None:
    """Said in words; cells without a matrix have nothing to untie."""
    network = core.Recurrent(tied=False)
    with pytest.raises(core.SpecError, match="how long"):
        network.check(Shape(0, 3, ("a", "b")))
    huge = dataclasses.replace(network, cell="lstm", hidden=128)
    with pytest.raises(core.SpecError, match="7 million numbers"):
        huge.check(dataclasses.replace(SHAPE, steps=100))
    huge.check(dataclasses.replace(SHAPE, steps=MOST_WEIGHTS // (4 * 128**2)))
    dataclasses.replace(network, cell="lru").check(Shape(0, 3, ("a", "b")))


# --- Normalisation


def normalised_step(
    own: dict[str, torch.Tensor], x: torch.Tensor, h: torch.Tensor
) -> tuple[torch.Tensor, torch.Tensor]:
    """LN(W_ih x) + b_ih and LN(W_hh h) + b_hh by ``nn.LayerNorm``, gate by gate."""
    norm = nn.LayerNorm(5, elementwise_affine=False).double()

    def by_gate(z: torch.Tensor) -> torch.Tensor:
        return torch.cat([norm(gate) for gate in z.split(5, -1)], -1)

    return by_gate(x @ own["weight_ih"].T) + own["bias_ih"], by_gate(h @ own["weight_hh"].T) + own["bias_hh"]


def test_layer_norm_in_a_plain_rnn() -> None:
    """Against ``nn.LayerNorm``, two layers."""
    network = core.Recurrent(hidden=5, layers=2, recurrent_norm="layer")
    weights = weights_of(network)
    chain, x = network.chain(weights, inputs()), inputs()
    state, by_hand = chain.state, [torch.zeros(4, 5, dtype=torch.float64)] * 2
    for t in range(6):
        for step in chain.maps[2 * t : 2 * t + 2]:
            state = step(state)
        below = x[:, t]
        for layer in range(2):
            from_x, from_h = normalised_step(network.layer_weights(weights, layer), below, by_hand[layer])
            by_hand[layer] = below = torch.tanh(from_x + from_h)
            assert torch.allclose(state[layer], by_hand[layer], rtol=0, atol=1e-12)


def test_layer_norm_in_an_lstm_leaves_the_forget_bias() -> None:
    """Per gate, with biases added after it: a bias within the norm would be taken out again."""
    network = core.Recurrent(cell="lstm", hidden=5, recurrent_norm="layer", forget_bias=3.0)
    weights = weights_of(network)
    chain, x = network.chain(weights, inputs()), inputs()
    state = chain.state
    h = c = torch.zeros(4, 5, dtype=torch.float64)
    for t in range(6):
        state = chain.maps[t](state)
        from_x, from_h = normalised_step(network.layer_weights(weights, 0), x[:, t], h)
        write, keep, candidate, show = (from_x + from_h).chunk(4, -1)
        c = keep.sigmoid() * c + write.sigmoid() * candidate.tanh()
        h = show.sigmoid() * c.tanh()
        assert torch.allclose(state[0], h, rtol=0, atol=1e-12)
        assert torch.allclose(state[1], c, rtol=0, atol=1e-12)
    assert torch.equal(weights["recurrent.bias_ih_l0"][5:10], torch.full((5,), 3.0).double())


@with_matrix
def test_layer_norm_takes_the_matrixs_scale_out(cell: str) -> None:
    """Gain 1 and gain 7: the same states but for what ε = 10⁻⁵ does."""
    network = core.Recurrent(cell=cell, hidden=20, recurrent_norm="layer", gain=10.0, initialiser="gaussian")
    one, other = (
        spec.chain(weights_of(spec), inputs()).logits() for spec in (network, dataclasses.replace(network, gain=7.0))
    )
    assert torch.allclose(one, other, rtol=0, atol=1e-3)
    assert not torch.allclose(
        one, dataclasses.replace(network, recurrent_norm="none").chain(weights_of(network), inputs()).logits()
    )


# --- Initial weights


@pytest.mark.parametrize(
    ("cell", "keeps", "shuts"), [("lstm", 1, 0), ("peephole", 1, 0), ("gru", 1, None), ("mingru", None, 0)]
)
def test_chrono_biases_spread_over_the_memories_wanted(cell: str, keeps: int | None, shuts: int | None) -> None:
    """ln U[1, T − 1] in the gate that keeps, minus that in the one that writes, as the sum of both biases; others as before."""
    n, longest = 100, 50
    network = core.Recurrent(cell=cell, hidden=n, layers=2, chrono=longest, forget_bias=7.0)
    plain = weights_of(dataclasses.replace(network, chrono=0))
    memories = []
    for layer in range(2):
        own, before = (network.layer_weights(weights, layer) for weights in (weights_of(network), plain))
        bias = own["bias_ih"] + own.get("bias_hh", 0 * own["bias_ih"])
        gates = bias.unflatten(0, (-1, n))
        memory = torch.exp(gates[keeps] if keeps is not None else -gates[shuts])
        assert 1 - 1e-5 <= memory.min() < 4 and longest - 4 < memory.max() <= longest - 1 + 1e-4
        assert memory.mean() == pytest.approx(longest / 2, rel=0.15)
        memories.append(memory)
        if keeps is not None and shuts is not None:
            assert torch.equal(gates[shuts], -gates[keeps])
        for gate in set(range(CELLS[cell].gates)) - {keeps, shuts}:
            rows = slice(gate * n, (gate + 1) * n)
            assert torch.equal(own["bias_ih"][rows], before["bias_ih"][rows])
        assert torch.equal(own["weight_ih"], before["weight_ih"])
    assert not torch.allclose(*memories)


@pytest.mark.parametrize("cell", [name for name, entry in CELLS.items() if not entry.chrono])
def test_chrono_is_for_gates(cell: str) -> None:
    """Nothing changes elsewhere; and a memory of one step is a gate half open."""
    network = core.Recurrent(cell=cell)
    for name, values in weights_of(dataclasses.replace(network, chrono=9)).items():
        assert torch.equal(values, weights_of(network)[name])
    shortest = weights_of(core.Recurrent(cell="lstm", hidden=4, chrono=1))["recurrent.bias_ih_l0"]
    assert (shortest[:8] == 0).all()


@pytest.mark.parametrize("hidden", [3, 8, 31, 32, 128])
@pytest.mark.parametrize("shear", [0.5, 1.0, 2.0])
def test_a_nonnormal_matrix_has_radius_below_and_norm_above_one(hidden: int, shear: float) -> None:
    """As stored, in float32; high powers of it vanish all the same."""
    network = core.Recurrent(hidden=hidden, initialiser="nonnormal", shear=shear)
    matrix = np.float64(initial(core.Experiment(network, seed=5))["recurrent.weight_hh_l0"])
    assert np.abs(np.linalg.eigvals(matrix)).max() == pytest.approx(0.9, abs=0.03)
    assert np.linalg.norm(matrix, 2) > 1 + 0.04 * shear
    assert np.linalg.norm(np.linalg.matrix_power(matrix, 400), 2) < 1e-3


def test_without_shear_it_is_normal() -> None:
    """.9 times a rotation; and the radius asked for is what one gets, sheared or not."""
    settings = {"hidden": 16, "initialiser": "nonnormal"}
    matrix = initial(core.Experiment(core.Recurrent(**settings, shear=0.0)))["recurrent.weight_hh_l0"]
    np.testing.assert_allclose(matrix @ matrix.T, 0.81 * np.eye(16), atol=1e-6)
    sheared = initial(core.Experiment(core.Recurrent(**settings, shear=1.5, radius=1.1)))["recurrent.weight_hh_l0"]
    assert np.abs(np.linalg.eigvals(np.float64(sheared))).max() == pytest.approx(1.1, rel=1e-4)
    assert np.linalg.norm(sheared, 2) > 1.5


# --- What the instruments need to know


@every_cell
@pytest.mark.parametrize(
    "settings",
    [{}, {"tied": False}, {"recurrent_norm": "layer"}, {"dropout": "naive"}, {"dropout": "naive", "drop": 0.0}],
    ids=str,
)
def test_only_plain_cells_are_written_out(cell: str, settings: dict) -> None:
    """The rest goes through the chain."""
    network = core.Recurrent(cell=cell, **settings)
    plain = not settings or settings.get("drop") == 0.0
    assert network.written_out == (CELLS[cell].explicit is not None and plain)


@every_cell
@pytest.mark.parametrize("settings", [{}, {"tied": False}, {"recurrent_norm": "layer"}, {"layers": 3}], ids=str)
def test_networks_side_by_side_are_as_each_alone(cell: str, settings: dict) -> None:
    """Leading axes through the whole chain."""
    network = core.Recurrent(cell=cell, hidden=4, **settings)
    each = [weights_of(network, seed=seed) for seed in (0, 1)]
    together = {name: torch.stack([own[name] for own in each]) for name in each[0]}
    logits = network.chain(together, inputs(2)).logits(each_step=True)
    assert logits.shape == (6, 2, 4, 2)
    for i, own in enumerate(each):
        alone = network.chain(own, inputs(2)[i]).logits(each_step=True)
        assert torch.allclose(logits[:, i], alone, rtol=0, atol=1e-13)
