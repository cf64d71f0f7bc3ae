"""Slices of the loss, against the network rebuilt at single points, and the geometry of planes."""

import dataclasses

import numpy as np
import pytest
import torch
from torch.nn.functional import cross_entropy

import core
from core.instruments.planes import PLANES, like, vector
from core.instruments.slices import loss_slice, walk

TRAINED = core.Experiment(
    core.Recurrent(hidden=6, embedding=4),
    core.France(gap=1),
    core.Training(steps=30, learning_rate=0.02, film_every=500),
)
NAME = "recurrent.weight_hh_l0"


@pytest.fixture(scope="module")
def path() -> list[core.Run]:
    """Six runs along one short training."""
    return walk(TRAINED, 6)


def test_the_walk_is_the_training(path: list[core.Run]) -> None:
    """Steps evenly spread, the last weights those of a training in one go."""
    assert [run.step for run in path] == [0, 6, 12, 18, 24, 30]
    whole = core.advance(core.start(TRAINED), 30)
    assert path[-1].parameters[NAME].tobytes() == whole.parameters[NAME].tobytes()


@pytest.mark.parametrize("plane", PLANES)
def test_points_of_the_grid(path: list[core.Run], plane: str) -> None:
    """At each corner and in the middle: the torch module with weights W + x·first + y·second."""
    found = loss_slice(TRAINED, path, plane, size=5, examples=16)
    batch, matrices = core.held_out(TRAINED, 16), [{NAME: run.parameters[NAME]} for run in path]
    first, second = PLANES[plane].directions(matrices, np.random.default_rng([0, 2]))
    for row, column in ((0, 0), (0, 4), (2, 2), (4, 1)):
        moved = path[-1].parameters[NAME] + found.x[column] * first[NAME] + found.y[row] * second[NAME]
        module = core.build(TRAINED, path[-1].parameters | {NAME: moved.astype(np.float32)})
        with torch.no_grad():
            expected = cross_entropy(module(torch.from_numpy(batch.inputs)), torch.from_numpy(batch.targets))
        assert found.loss[row, column] == pytest.approx(float(expected), rel=1e-5)


@pytest.mark.parametrize("plane", PLANES)
def test_where_the_path_lies(path: list[core.Run], plane: str) -> None:
    """It ends at (0, 0); coordinates and residual are those of the nearest point; path_loss is each run's own."""
    found = loss_slice(TRAINED, path, plane, size=3, examples=16)
    np.testing.assert_allclose(found.path[-1], 0, atol=1e-12)
    assert found.residual[-1] == pytest.approx(0, abs=1e-12)
    away = [run.parameters[NAME].astype(float) - path[-1].parameters[NAME] for run in path]
    if PLANES[plane].metric:  # Pythagoras, in an orthonormal basis
        squares = (found.path**2).sum(1) + found.residual**2
        np.testing.assert_allclose(squares, [(each**2).sum() for each in away], rtol=1e-9, atol=1e-15)
        assert np.ptp(found.x) == pytest.approx(np.ptp(found.y))
        assert found.x.min() < found.path[:, 0].min() < found.path[:, 0].max() < found.x.max()
    batch = core.held_out(TRAINED, 16)
    for run, loss in zip(path, found.path_loss, strict=True):
        outputs = core.build(TRAINED, run.parameters).double()(torch.from_numpy(batch.inputs))
        assert loss == pytest.approx(cross_entropy(outputs, torch.from_numpy(batch.targets)).item(), rel=1e-9)


def test_the_best_plane(path: list[core.Run]) -> None:
    """No plane through the end holds more of the path than that of the two leading singular vectors."""
    away = np.stack([run.parameters[NAME].ravel().astype(float) for run in path])
    singular = np.linalg.svd(away[:-1] - away[-1], compute_uv=False)
    best = loss_slice(TRAINED, path, "path", size=2, examples=4).explained
    assert best == pytest.approx((singular[:2] ** 2).sum() / (singular**2).sum(), rel=1e-9)
    assert best > loss_slice(TRAINED, path, "ends", size=2, examples=4).explained
    assert best > loss_slice(TRAINED, path, "random", size=2, examples=4).explained


def test_directions() -> None:
    """Random: each row as long as the weights' own. Ends: through both ends, at right angles."""
    rng = np.random.default_rng(0)
    some = [{"a": rng.standard_normal((3, 4)), "b": rng.standard_normal((2, 5))} for _ in range(2)]
    first, second = PLANES["random"].directions(some, rng)
    for name, weight in some[-1].items():
        np.testing.assert_allclose(np.linalg.norm(first[name], axis=1), np.linalg.norm(weight, axis=1))
    assert not np.allclose(first["a"], second["a"])
    along, across = (vector(each) for each in PLANES["ends"].directions(some, rng))
    way = vector(some[1]) - vector(some[0])
    np.testing.assert_allclose(
        [along @ way, across @ way, along @ along, across @ across], [np.linalg.norm(way), 0, 1, 1], atol=1e-12
    )
    np.testing.assert_array_equal(vector(like(some[0], vector(some[1]))), vector(some[1]))


@pytest.mark.parametrize(
    ("network", "task"),
    [
        (core.FeedForward(depth=3, width=6, normalisation="batch"), core.Blobs()),
        (core.Convolutional(depth=2, width=3), core.Blobs(inputs=5)),
        (core.Attention(head_width=4), core.France(gap=1)),
        (core.Recurrent(cell="lstm", layers=2, hidden=4), core.France(gap=1)),
        (core.Recurrent(cell="lru", hidden=4), core.France(gap=1)),
    ],
    ids=["mlp", "cnn", "attention", "stack", "lru"],
)
def test_every_kind_of_network(network: core.Recurrent | core.FeedForward, task: core.France | core.Blobs) -> None:
    """Untrained: in the middle of the grid is the network as it is."""
    experiment = core.Experiment(network, task)
    found = loss_slice(experiment, size=3, examples=8)
    assert found.loss.shape == (3, 3)
    assert found.loss[1, 1] == pytest.approx(found.path_loss[0], rel=1e-5)
    assert np.ptp(found.loss) > 1e-4
    assert np.isnan(found.explained)


def test_too_short_a_path_is_refused(path: list[core.Run]) -> None:
    """Also one that goes nowhere."""
    with pytest.raises(core.SpecError, match="3 different steps"):
        loss_slice(TRAINED, path[:2], "path")
    with pytest.raises(core.SpecError, match="2 different steps"):
        loss_slice(TRAINED, [path[0], dataclasses.replace(path[0], step=9)], "ends")
