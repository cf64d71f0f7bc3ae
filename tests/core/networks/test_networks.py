"""Initial weights: private draws that depend on the seed and on nothing that has no business with them."""

import dataclasses

import numpy as np
import pytest
import torch
from torch import nn

import core
from core.experiment.sampling import initial
from core.parts.cells import CELLS
from core.parts.initialisers import INITIALISERS
from core.tasks.base import Shape

SENTENCES = core.France(gap=3)
NETWORKS = {
    "rnn": core.Experiment(core.Recurrent(cell="lstm", layers=2, hidden=6, embedding=4), SENTENCES),
    "peephole": core.Experiment(core.Recurrent(cell="peephole", layers=2, hidden=6, embedding=4), SENTENCES),
    "lru": core.Experiment(core.Recurrent(cell="lru", layers=2, hidden=6, embedding=4), SENTENCES),
    "mlp": core.Experiment(core.FeedForward(depth=4, width=6, bias_std=0.5), core.Blobs()),
    "highway": core.Experiment(core.FeedForward(depth=3, width=6, skip="highway"), core.Blobs()),
    "cnn": core.Experiment(core.Convolutional(depth=4, width=3, bias_std=0.5), core.Blobs()),
    "attention": core.Experiment(core.Attention(layers=2, heads=2, head_width=3), SENTENCES),
}
CONSTANT = {"highway": (".bias",), "attention": ("_bias", ".bias")}  # start from one number, whatever the seed


def with_network(experiment: core.Experiment, **changes: object) -> dict[str, np.ndarray]:
    """The initial weights after a change of the network."""
    return dict(initial(dataclasses.replace(experiment, network=dataclasses.replace(experiment.network, **changes))))


@pytest.mark.parametrize("which", NETWORKS)
def test_every_tensor_depends_on_the_seed(which: str) -> None:
    """Equal seeds give equal bits; another seed another draw of each matrix; no two tensors share a draw."""
    experiment = NETWORKS[which]
    first, again = initial(experiment), initial(experiment)
    other = initial(dataclasses.replace(experiment, seed=1))
    for name, values in first.items():
        assert values.dtype == np.float32
        assert values.tobytes() == again[name].tobytes()
        constant = name.endswith(CONSTANT.get(which, ())) and not name.startswith("readout")
        assert np.array_equal(values, other[name]) == constant, name
        assert not constant or len(np.unique(values)) == 1
    first = {name: values for name, values in first.items() if len(np.unique(values)) > 1}
    for shape in {values.shape for values in first.values()}:
        alike = [values for values in first.values() if values.shape == shape]
        assert len({values.tobytes() for values in alike}) == len(alike)


@pytest.mark.parametrize(
    ("which", "change", "touched"),
    [
        ("rnn", {"gain": 2.0}, "weight_hh"),
        ("rnn", {"initialiser": "orthogonal"}, "weight_hh"),
        ("rnn", {"radius": 0.5}, "weight_hh"),
        ("rnn", {"forget_bias": 3.0}, "bias_ih"),
        ("mlp", {"gain": 2.0}, ".weight"),
        ("mlp", {"initialiser": "he"}, ".weight"),
        ("mlp", {"bias_std": 1.0}, ".bias"),
        ("rnn", {"chrono": 9}, "bias_"),
        ("lru", {"r_max": 0.95}, ".nu_"),
        ("highway", {"gate_bias": 1.0}, "gate."),
        ("cnn", {"gain": 2.0}, ".weight"),
        ("cnn", {"pooled": True}, "readout"),
    ],
)
def test_a_setting_changes_only_its_own_tensors(which: str, change: dict, touched: str) -> None:
    """So that a comparison of two settings compares nothing else."""
    before, after = dict(initial(NETWORKS[which])), with_network(NETWORKS[which], **change)
    changed = {name for name in before if not np.array_equal(before[name], after[name])}
    outside = () if touched == "readout" else ("readout", "embedding")
    wanted = {name for name in before if touched in name and not name.startswith(outside)}
    assert changed == {name for name in wanted if touched != "gate." or name.endswith("bias")}


@pytest.mark.parametrize("which", NETWORKS)
def test_a_result_can_be_overwritten_without_consequences(which: str) -> None:
    """Draws may be remembered, but nobody can reach into that memory."""
    expected = {name: values.copy() for name, values in initial(NETWORKS[which]).items()}
    for values in initial(NETWORKS[which]).values():
        values[:] = 0
    for name, values in initial(NETWORKS[which]).items():
        np.testing.assert_array_equal(values, expected[name])


@pytest.mark.parametrize("which", [name for name in NETWORKS if name != "lru"])
def test_gain_multiplies_the_initial_matrices(which: str) -> None:
    """Exactly."""
    once, twice = with_network(NETWORKS[which], gain=1.0), with_network(NETWORKS[which], gain=2.0)
    inner = ("hidden", "gate", "layers")
    names = [name for name in once if "weight_hh" in name or (name.startswith(inner) and name.endswith("weight"))]
    assert names
    for name in names:
        np.testing.assert_array_equal(twice[name], 2 * once[name])


@pytest.mark.parametrize("cell", [name for name, entry in CELLS.items() if entry.matrix])
@pytest.mark.parametrize("initialiser", ["default", "gaussian", "orthogonal", "identity", "nonnormal"])
def test_radius_is_that_of_each_gates_matrix(cell: str, initialiser: str) -> None:
    """Every block of every layer; the gain comes on top."""
    network = core.Recurrent(cell=cell, layers=2, hidden=7, initialiser=initialiser, radius=0.8, gain=1.5)
    weights = initial(core.Experiment(network))
    for layer in range(2):
        for block in np.split(weights[f"recurrent.weight_hh_l{layer}"], CELLS[cell].gates):
            assert np.abs(np.linalg.eigvals(block)).max() == pytest.approx(1.2, rel=1e-5)


def test_the_identity_copies_the_last_state() -> None:
    """IRNN: W_hh = 1; biases and input weights stay as torch draws them (the setting of the reference table)."""
    weights = initial(core.Experiment(core.Recurrent(cell="relu", initialiser="identity", hidden=5)))
    np.testing.assert_array_equal(weights["recurrent.weight_hh_l0"], np.eye(5))
    torch_like = initial(core.Experiment(core.Recurrent(cell="relu", hidden=5)))
    np.testing.assert_array_equal(weights["recurrent.bias_ih_l0"], torch_like["recurrent.bias_ih_l0"])


@pytest.mark.parametrize("initialiser", INITIALISERS)
def test_the_default_is_torchs_own_spread(initialiser: str) -> None:
    """All that is not the recurrent matrix is uniform ±1/√n whatever the choice for the matrix."""
    weights = initial(core.Experiment(core.Recurrent(hidden=100, initialiser=initialiser)))
    names = ["recurrent.weight_ih_l0", "readout.weight"]
    names += ["recurrent.weight_hh_l0"] if initialiser == "default" else []
    names += ["recurrent.bias_ih_l0", "recurrent.bias_hh_l0"] if initialiser != "identity" else []
    for name in names:
        assert 0.095 < np.abs(weights[name]).max() <= 0.1
        assert weights[name].std() == pytest.approx(0.1 / np.sqrt(3), rel=0.2)


@pytest.mark.parametrize("which", NETWORKS)
def test_networks_side_by_side_are_as_each_alone(which: str) -> None:
    """Leading axes of weights and inputs through the whole chain, with logits after every step."""
    experiments = [dataclasses.replace(NETWORKS[which], seed=seed) for seed in (0, 1)]
    each = [
        {name: torch.from_numpy(w).double() for name, w in initial(experiment).items()} for experiment in experiments
    ]
    inputs = torch.stack([torch.from_numpy(core.held_out(experiment, 5).inputs) for experiment in experiments])
    together = {name: torch.stack([own[name] for own in each]) for name in each[0]}
    network = experiments[0].network
    logits = network.chain(together, inputs).logits(each_step=True)
    for i, own in enumerate(each):
        alone = network.chain(own, inputs[i])
        assert torch.allclose(logits[:, i], alone.logits(each_step=True), rtol=0, atol=1e-12)
        assert torch.allclose(logits[-1, i], alone.logits(), rtol=0, atol=1e-12)


@pytest.mark.parametrize("which", NETWORKS)
def test_the_module_is_the_chain(which: str) -> None:
    """Its parameters have the spec's names and values, in the same order; its output is the chain's."""
    experiment = NETWORKS[which]
    module = core.build(experiment)
    values = initial(experiment)
    assert [name for name, _ in module.named_parameters()] == list(values)
    for name, parameter in module.named_parameters():
        np.testing.assert_array_equal(parameter.detach().numpy(), values[name])
    inputs = torch.from_numpy(core.held_out(experiment, 5).inputs)
    chain = experiment.network.chain({name: torch.from_numpy(w).double() for name, w in values.items()}, inputs)
    for each_step in (False, True):
        got, expected = module.double()(inputs, each_step=each_step), chain.logits(each_step)
        assert got.shape == expected.shape
        assert torch.allclose(got, expected, rtol=0, atol=1e-12)
    assert got.requires_grad


@pytest.mark.parametrize("which", ["mlp", "highway", "cnn"])
def test_a_chain_says_what_it_watches(which: str) -> None:
    """One map per layer, read out after the last."""
    network = NETWORKS[which].network
    weights = {name: torch.from_numpy(w) for name, w in initial(NETWORKS[which]).items()}
    chain = network.chain(weights, torch.zeros(2, 16))
    assert len(chain.maps) == len(chain.watched) == network.depth
    assert list(chain.ends) == [network.depth - 1] and not chain.positions and chain.layers == 1


@pytest.mark.parametrize("cell", ["tanh", "lstm"])
@pytest.mark.parametrize("steps", [1, 4])
def test_a_recurrent_chain_says_whose_state_is_which(cell: str, steps: int) -> None:
    """Layer after layer within each step; c is carried beside h but not watched; one end per step."""
    network = core.Recurrent(cell=cell, layers=3, hidden=4)
    experiment = core.Experiment(network, core.Noise(length=steps, inputs=2))
    weights = {name: torch.from_numpy(w) for name, w in initial(experiment).items()}
    chain = network.chain(weights, torch.zeros(2, steps, 2))
    assert len(chain.maps) == 3 * steps and chain.layers == 3
    assert list(chain.watched) == ([0, 1, 2] if cell == "tanh" else [0, 2, 4]) * steps
    assert list(chain.ends) == [3 * t + 2 for t in range(steps)]
    state = chain.state
    for step, made in zip(chain.maps, chain.watched, strict=True):
        new = step(state)
        changed = [i for i, (old, now) in enumerate(zip(state, new, strict=True)) if old is not now]
        assert changed == ([made] if cell == "tanh" else [made, made + 1])
        state = new


def highway_by_hand(experiment: core.Experiment, x: torch.Tensor) -> torch.Tensor:
    """h ← g ∘ σ(W h + b) + (1 − g) ∘ h with ``nn.Linear``, g = σ(W_g h + b_g); the first layer changes the width."""
    weights = initial(experiment)
    h = x
    for i in range(experiment.network.depth):
        layers = []
        for kind in ("hidden", "gate"):
            if f"{kind}.{i}.weight" in weights:
                layers.append(nn.Linear(h.shape[1], 6).double())
                layers[-1].load_state_dict(
                    {part: torch.from_numpy(weights[f"{kind}.{i}.{part}"]) for part in ("weight", "bias")}
                )
        new = layers[0](h).sigmoid()
        if len(layers) == 2:
            gate = layers[1](h).sigmoid()
            new = gate * new + (1 - gate) * h
        h = new
    return h


@pytest.mark.parametrize("inputs", [6, 16])
def test_a_highway_mixes_old_and_new(inputs: int) -> None:
    """Against ``nn.Linear``; a layer that changes the width has no gate."""
    experiment = core.Experiment(
        core.FeedForward(depth=3, width=6, skip="highway", gate_bias=-0.5), core.Blobs(inputs=inputs)
    )
    weights = {name: torch.from_numpy(w).double() for name, w in initial(experiment).items()}
    assert ("gate.0.weight" in weights) == (inputs == 6)
    x = torch.from_numpy(core.held_out(experiment, 5).inputs)
    chain = experiment.network.chain(weights, x)
    state = chain.state
    for step in chain.maps:
        state = step(state)
    assert torch.allclose(state[0], highway_by_hand(experiment, x), rtol=0, atol=1e-13)


@pytest.mark.parametrize("kind", [core.FeedForward, core.Convolutional])
def test_a_shut_highway_is_no_layer_and_an_open_one_a_plain_layer(kind: type) -> None:
    """Gate bias −10 and 10 against residual branches of nothing and against no skip at all."""

    def last(network: core.FeedForward) -> torch.Tensor:
        weights = {name: torch.from_numpy(w).double() for name, w in network.draw(Shape(0, 8, ("a", "b")), 0).items()}
        chain = network.chain(weights, x)
        states = [chain.state]
        for step in chain.maps:
            states.append(step(states[-1]))
        return states[1][0], states[-1][0]

    x = torch.from_numpy(np.random.default_rng(0).standard_normal((5, 8)))
    settings = {"depth": 4, "width": 8, "gain": 0.1, "activation": "tanh"}
    first, shut = last(kind(**settings, skip="highway", gate_bias=-10.0))
    assert torch.allclose(shut, first, rtol=0, atol=1e-3) and not torch.equal(shut, first)
    _, opened = last(kind(**settings, skip="highway", gate_bias=10.0))
    _, plain = last(kind(**settings))
    assert torch.allclose(opened, plain, rtol=0, atol=1e-3) and not torch.equal(opened, plain)
