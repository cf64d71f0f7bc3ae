"""Do gradients agree? Against brute force with torch's modules, and the white noise of Balduzzi et al. 2017."""

from itertools import pairwise

import numpy as np
import pytest
import torch
from torch.nn.functional import cross_entropy

import core
from core.instruments.coherence import coherence, shattering

SMALL = core.Experiment(
    core.Recurrent(hidden=6, embedding=4), core.France(gap=3), core.Training(batch=8, steps=20, film_every=500)
)


def gradient(run: core.Run, inputs: np.ndarray, targets: np.ndarray) -> list[np.ndarray]:
    """Every tensor's, then all together, by autograd in float64."""
    module = core.build(run.experiment, run.parameters).double()
    cross_entropy(module(torch.from_numpy(inputs)), torch.from_numpy(targets)).backward()
    each = [parameter.grad.numpy().ravel() for parameter in module.parameters()]
    return [*each, np.concatenate(each)]


def cosines(first: list[np.ndarray], second: list[np.ndarray]) -> list[float]:
    return [float(a @ b / np.linalg.norm(a) / np.linalg.norm(b)) for a, b in zip(first, second, strict=True)]


def test_consecutive_steps() -> None:
    """Each gradient at the weights of its time, the training going on as it would."""
    run = core.advance(core.start(SMALL), 7)
    found = coherence(SMALL, run, steps=4, examples=2)
    runs = [core.advance(run, k) for k in range(4)]
    batches = [core.sample(SMALL, each.step) for each in runs]
    grads = [gradient(each, batch.inputs, batch.targets) for each, batch in zip(runs, batches, strict=True)]
    assert found.steps.shape == (3, 8) and found.names[-1] == "all"
    np.testing.assert_allclose(found.steps, [cosines(a, b) for a, b in pairwise(grads)], atol=1e-5)
    np.testing.assert_allclose(found.norm, [[np.linalg.norm(part) for part in each] for each in grads], rtol=1e-4)


def test_pairs_of_examples() -> None:
    """The mean over all pairs, one by one."""
    found, run, batch = coherence(SMALL, steps=2, examples=5), core.start(SMALL), core.sample(SMALL, 0, 5)
    each = [gradient(run, batch.inputs[i : i + 1], batch.targets[i : i + 1]) for i in range(5)]
    pairs = [cosines(each[i], each[j]) for i in range(5) for j in range(i)]
    np.testing.assert_allclose(found.examples, np.mean(pairs, axis=0), atol=1e-9)


def test_gradient_on_the_circle() -> None:
    """∂y/∂angle by finite differences: the output's own curve has that slope."""
    experiment = core.Experiment(core.FeedForward(width=12, activation="tanh", gain=1.5), core.Blobs(inputs=5))
    found = shattering(experiment, depths=(1, 4), places=2048)
    for gradient_along in found.gradient:
        assert (
            abs(gradient_along.mean()) < 1e-6 * np.abs(gradient_along).max()
        )  # once round, the output is where it was
    assert found.angle.shape == (2048,)
    np.testing.assert_allclose(found.correlation[:, 0], 1)


def test_linear_networks_keep_one_gradient() -> None:
    """Whatever the depth, all inputs have the same ∂y/∂x."""
    found = shattering(core.Experiment(core.FeedForward(activation="identity", width=12), core.Blobs()), depths=(1, 20))
    np.testing.assert_allclose(found.correlation, 1, rtol=1e-9)


def test_correlation_is_the_mean_cosine() -> None:
    """Brute force over the circle for one lag."""
    experiment = core.Experiment(
        core.FeedForward(depth=3, width=8, activation="relu", bias_std=0.5), core.Blobs(inputs=4)
    )
    found = shattering(experiment, depths=(3,), places=16)
    plane, _ = np.linalg.qr(np.random.default_rng([0, 3]).standard_normal((4, 2)))
    points = 2 * np.stack([np.cos(found.angle), np.sin(found.angle)], -1) @ plane.T
    module = core.build(experiment).double()
    rows = []
    for point in points:
        x = torch.from_numpy(point[None]).requires_grad_()
        rows.append(torch.autograd.grad(module(x)[0, 0], x)[0][0].numpy())
    turned = np.roll(rows, -5, axis=0)
    expected = np.mean([a @ b / np.linalg.norm(a) / np.linalg.norm(b) for a, b in zip(rows, turned, strict=True)])
    assert found.correlation[0, 5] == pytest.approx(expected, rel=1e-9)


def test_shattered_gradients() -> None:
    """Balduzzi et al. 2017: in deep plain ReLU networks with BatchNorm neighbours have nothing in common, with skips they do."""

    def neighbours(skip: str) -> np.ndarray:
        network = core.FeedForward(width=64, activation="relu", initialiser="he", normalisation="batch", skip=skip)
        return shattering(core.Experiment(network, core.Blobs()), depths=(1, 10, 30)).correlation[:, 1]

    plain, residual = neighbours("none"), neighbours("residual")
    assert plain[0] == pytest.approx(residual[0])
    assert plain[0] > 0.9 > plain[1] > plain[2]
    assert plain[2] < 0.2 < 0.4 < residual[2]


def test_sequences_are_refused() -> None:
    """A sentence has no neighbour in between."""
    with pytest.raises(core.SpecError, match="layers"):
        shattering(SMALL)
