"""One training step under the lens: against float64 autograd and what SGD and Adam do to a first gradient."""

import dataclasses

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch.nn.functional import cross_entropy

import core
from core.instruments.clipping import cosine, one_step, step_on


def experiment(**training: float) -> core.Experiment:
    """A small network before its first step."""
    return core.Experiment(
        core.Recurrent(hidden=6, embedding=4), core.France(gap=3), core.Training(steps=5, **training)
    )


def gradients(run: core.Run) -> dict[str, np.ndarray]:
    """By autograd through torch's module in float64."""
    module, batch = core.build(run.experiment, run.parameters).double(), core.sample(run.experiment, run.step)
    cross_entropy(module(torch.from_numpy(batch.inputs)), torch.from_numpy(batch.targets)).backward()
    return {name: parameter.grad.numpy() for name, parameter in module.named_parameters()}


@pytest.mark.parametrize("steps", [0, 3])
def test_gradient_norms(steps: int) -> None:
    """Every tensor's and that of all, before and after clipping."""
    run = core.advance(core.start(experiment(clip=0.01)), steps)
    found, expected = one_step(run.experiment, run), gradients(run)
    norms = [np.linalg.norm(gradient) for gradient in expected.values()]
    total = np.sqrt(np.sum(np.square(norms)))
    assert found.names == (*expected, "all")
    np.testing.assert_allclose(found.gradient, [*norms, total], rtol=1e-5)
    np.testing.assert_allclose(found.clipped, np.array([*norms, total]) * 0.01 / total, rtol=1e-5)
    assert found.factor == pytest.approx(0.01 / total, rel=1e-5)


@pytest.mark.parametrize(("clip", "clips"), [(0.0, False), (100.0, False), (0.05, True)])
def test_sgd_goes_straight_down(clip: float, clips: bool) -> None:
    """ΔW = −η · clipped gradient: cosine 1 everywhere, ratio η · factor."""
    found = one_step(experiment(optimiser="sgd", learning_rate=0.5, clip=clip))
    np.testing.assert_allclose(found.cosine, 1, rtol=1e-5)
    np.testing.assert_allclose(found.ratio, 0.5 * found.factor, rtol=1e-3)
    assert (found.factor < 1) == clips
    np.testing.assert_allclose(found.clipped, found.factor * found.gradient)


def test_adams_first_step_knows_only_signs() -> None:
    """|ΔW| = η for each weight that has a gradient, however small: ‖ΔW‖ = η √P, cosine Σ|g| / (√P ‖g‖)."""
    run = core.start(experiment(optimiser="adam", learning_rate=0.01))
    found, expected = one_step(run.experiment), gradients(run)
    for name in ("recurrent.weight_hh_l0", "readout.weight"):
        g, at = expected[name], found.names.index(name)
        assert found.update[at] == pytest.approx(0.01 * np.sqrt(g.size), rel=1e-2)
        assert found.cosine[at] == pytest.approx(np.abs(g).sum() / (np.sqrt(g.size) * np.linalg.norm(g)), rel=1e-2)


def test_frozen_parameters_have_neither() -> None:
    """Only the last layer and the read-out are trained."""
    network = core.FeedForward(depth=3, width=6, activation="tanh")
    found = one_step(core.Experiment(network, core.Blobs(), core.Training(train_last=1)))
    trained = np.array([name.startswith(("hidden.2", "readout", "all")) for name in found.names])
    assert (found.gradient[~trained] == 0).all() and (found.update[~trained] == 0).all()
    assert np.isnan(found.cosine[~trained]).all()
    assert (found.cosine[trained] > 0).all()


def test_a_finished_run_goes_on() -> None:
    """As if it had been meant to be longer all along."""
    run = core.advance(core.start(experiment(film_every=500)), 5)
    assert run.done
    longer = dataclasses.replace(run.experiment, training=dataclasses.replace(run.experiment.training, steps=6))
    expected = core.advance(core.start(longer), 6)
    for name, values in step_on(run).parameters.items():
        assert values.tobytes() == expected.parameters[name].tobytes()
    assert one_step(run.experiment, run).update[-1] > 0


@given(st.floats(-250, 250), st.floats(-250, 250), st.floats(0, np.pi))
def test_cosine(a: float, b: float, angle: float) -> None:
    """Of any two vectors of any length, down to 10⁻²⁵⁰."""
    first, second = 10**a * np.array([1.0, 0.0]), 10**b * np.array([np.cos(angle), np.sin(angle)])
    assert cosine(first, second) == pytest.approx(np.cos(angle), abs=1e-12)
    assert np.isnan(cosine(first, 0 * second))
