"""Initial weights: private draws that depend on the seed and on nothing that has no business with them."""

import dataclasses

import numpy as np
import pytest

import core
from core.cells import CELLS
from core.initialisers import INITIALISERS
from core.sampling import initial

NETWORKS = {
    "rnn": core.Experiment(core.Recurrent(cell="lstm", layers=2, hidden=6, embedding=4), core.France(gap=3)),
    "mlp": core.Experiment(core.FeedForward(depth=4, width=6, bias_std=0.5), core.Blobs()),
}


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
        assert not np.array_equal(values, other[name]), name
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
    ],
)
def test_a_setting_changes_only_its_own_tensors(which: str, change: dict, touched: str) -> None:
    """So that a comparison of two settings compares nothing else."""
    before, after = dict(initial(NETWORKS[which])), with_network(NETWORKS[which], **change)
    changed = {name for name in before if not np.array_equal(before[name], after[name])}
    assert changed == {name for name in before if touched in name and not name.startswith(("readout", "embedding"))}


@pytest.mark.parametrize("which", NETWORKS)
def test_a_result_can_be_overwritten_without_consequences(which: str) -> None:
    """Draws may be remembered, but nobody can reach into that memory."""
    expected = {name: values.copy() for name, values in initial(NETWORKS[which]).items()}
    for values in initial(NETWORKS[which]).values():
        values[:] = 0
    for name, values in initial(NETWORKS[which]).items():
        np.testing.assert_array_equal(values, expected[name])


@pytest.mark.parametrize("which", NETWORKS)
def test_gain_multiplies_the_initial_matrices(which: str) -> None:
    """Exactly."""
    once, twice = with_network(NETWORKS[which], gain=1.0), with_network(NETWORKS[which], gain=2.0)
    names = [name for name in once if "weight_hh" in name or (name.startswith("hidden") and name.endswith("weight"))]
    assert names
    for name in names:
        np.testing.assert_array_equal(twice[name], 2 * once[name])


@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize("initialiser", ["default", "gaussian", "orthogonal", "identity"])
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
