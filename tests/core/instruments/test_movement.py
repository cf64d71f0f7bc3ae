"""How far weights went, against displacements made by hand; and what undoing them does."""

import dataclasses

import numpy as np
import pytest

import core
from core.experiment.sampling import initial
from core.instruments.evaluation import score
from core.instruments.movement import freeze, movement, undo

SMALL = core.Experiment(
    core.FeedForward(depth=3, width=10, activation="tanh"), core.Blobs(), core.Training(steps=40, film_every=500)
)


def moved(experiment: core.Experiment, by: float, name: str) -> core.Run:
    """A run whose tensor ``name`` is its initial value plus ``by`` standard deviations in every second entry."""
    run = core.start(experiment)
    parameters = {each: values.copy() for each, values in run.parameters.items()}
    parameters[name].reshape(-1)[::2] += by * parameters[name].std()
    return dataclasses.replace(run, parameters=parameters)


@pytest.mark.parametrize(("by", "share"), [(0.0, 0.0), (0.09, 0.0), (0.11, 0.5), (3.0, 0.5)])
def test_made_by_hand(by: float, share: float) -> None:
    """Half of the entries by so many spreads: share ½ above a tenth, and √½ · by · std · √size relative to the norm."""
    found = movement(moved(SMALL, by, "hidden.1.weight"))
    before = initial(SMALL)["hidden.1.weight"]
    at = found.names.index("hidden.1.weight")
    assert found.share[at] == share
    assert found.relative[at] == pytest.approx(
        by * before.std() * np.sqrt(0.5 * before.size) / np.linalg.norm(before), rel=1e-5
    )
    assert np.delete(found.relative, at).max() == np.delete(found.share, at).max() == 0
    np.testing.assert_array_equal(found.layer, [1, 2, 3, 4])
    np.testing.assert_array_equal(found.by_layer, found.relative)


def test_matrices_of_a_layer_together() -> None:
    """Two recurrent layers: word vectors are layer 0, W_ih and W_hh belong together, the read-out comes last."""
    experiment = core.Experiment(core.Recurrent(layers=2, hidden=5, embedding=5), core.France(gap=1))
    found, before = movement(moved(experiment, 1.0, "recurrent.weight_hh_l1")), initial(experiment)
    np.testing.assert_array_equal(found.layer, [0, 1, 1, 2, 2, 3])
    np.testing.assert_array_equal(found.layers, [0, 1, 2, 3])
    both = np.concatenate([before[f"recurrent.weight_{part}_l1"].ravel() for part in ("ih", "hh")])
    own = before["recurrent.weight_hh_l1"]
    expected = own.std() * np.sqrt(np.ceil(own.size / 2)) / np.linalg.norm(both)
    np.testing.assert_allclose(found.by_layer, [0, 0, expected, 0], rtol=1e-5)
    np.testing.assert_allclose(found.share_by_layer, [0, 0, np.ceil(own.size / 2) / both.size, 0])


def test_undoing_no_layer_and_every_layer() -> None:
    """0 layers: the trained network. All of them: its read-out on the untrained network."""
    run = core.advance(core.start(SMALL), 40)
    found, batch = undo(run, draws=2), core.held_out(SMALL)
    whole = score(SMALL, run.parameters, batch)
    assert (found.reset_loss[0], found.reset_accuracy[0]) == (found.redrawn_loss[0], found.redrawn_accuracy[0]) == whole
    mixed = {name: values for name, values in run.parameters.items() if name.startswith("readout")}
    assert (found.reset_loss[3], found.reset_accuracy[3]) == score(SMALL, initial(SMALL) | mixed, batch)
    others = []
    for seed in (1, 2):
        fresh = initial(dataclasses.replace(SMALL, seed=seed))
        own = {name: values for name, values in run.parameters.items() if not name.startswith("hidden.0")}
        others.append(score(SMALL, fresh | own, batch))
    np.testing.assert_allclose((found.redrawn_loss[1], found.redrawn_accuracy[1]), np.mean(others, axis=0))


def test_frozen_layers() -> None:
    """Training all layers is training; training the last one leaves the first ones where they were."""
    found = freeze(SMALL, (0, 1))
    run = core.advance(core.start(SMALL), 40)
    assert (found.loss[0], found.accuracy[0]) == score(SMALL, run.parameters, core.held_out(SMALL))
    last = dataclasses.replace(SMALL, training=dataclasses.replace(SMALL.training, train_last=1))
    np.testing.assert_array_equal(movement(core.advance(core.start(last), 40)).relative[:2], 0)
    assert found.loss[1] > found.loss[0]


def paralysed(activation: str) -> core.Run:
    """Eight layers of 32 on four blobs, momentum .1 (science.md, "Paralysed layers"), fewer steps."""
    network = core.FeedForward(depth=8, width=32, activation=activation, initialiser="xavier")
    training = core.Training(optimiser="momentum", learning_rate=0.1, steps=250, film_every=500)
    return core.advance(core.start(core.Experiment(network, core.Blobs(), training)), 250)


def test_sigmoid_never_used_its_first_layers() -> None:
    """Drawing the first four anew changes the loss by less than 10⁻³; they moved by less than a hundredth."""
    run = paralysed("sigmoid")
    found = undo(run)
    assert movement(run).relative[:4].max() < 1e-2
    assert movement(run).share[:4].max() == 0
    assert np.abs(found.redrawn_loss[:5] - found.redrawn_loss[0]).max() < 1e-3
    assert np.abs(found.reset_loss[:5] - found.reset_loss[0]).max() < 1e-3


def test_tanh_needs_them() -> None:
    """The same with tanh: redrawing one layer ruins it."""
    run = paralysed("tanh")
    found = undo(run)
    assert movement(run).relative.min() > 0.05
    assert found.reset_accuracy[0] > 0.95
    assert found.redrawn_loss[1] > 1 + found.redrawn_loss[0]
