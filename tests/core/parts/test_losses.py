"""Losses against torch's: values and gradients, last step and every step, one network and several side by side."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from numpy import ndarray
from torch.nn.functional import cross_entropy, mse_loss

from core.parts.losses import Loss

RNG = np.random.default_rng


def by_torch(outputs: ndarray, targets: ndarray) -> tuple[float, ndarray]:
    """One network's loss and gradient: outputs (B, A) or (T, B, A), targets (B,) or (B, T)."""
    given_ = torch.from_numpy(outputs).requires_grad_()
    if targets.dtype.kind == "f":
        loss = mse_loss(given_[:, 0], torch.from_numpy(targets))
    else:
        loss = cross_entropy(given_.flatten(0, -2), torch.from_numpy(targets.T.reshape(-1)), ignore_index=-1)
    loss.backward()
    return loss.item(), given_.grad.numpy()


@given(st.integers(0, 99), st.integers(1, 6), st.integers(2, 5), st.sampled_from([1e-3, 1.0, 50.0]))
def test_classes_at_the_last_step(seed: int, batch: int, answers: int, scale: float) -> None:
    """Also for logits so large that their exponentials would overflow if they were not shifted."""
    rng = RNG(seed)
    outputs, targets = scale * rng.standard_normal((batch, answers)), rng.integers(answers, size=batch)
    value, gradient = Loss.of(targets).value_and_gradient(outputs)
    expected, slope = by_torch(outputs, targets)
    assert float(value) == pytest.approx(expected, rel=1e-12, abs=1e-300)
    np.testing.assert_allclose(gradient, slope, rtol=0, atol=1e-15)


@given(st.integers(0, 99), st.floats(0, 1))
def test_classes_at_some_steps(seed: int, asked: float) -> None:
    """Steps without a target count for nothing."""
    rng = RNG(seed)
    outputs, targets = rng.standard_normal((4, 3, 5)), rng.integers(5, size=(3, 4))
    targets[rng.random((3, 4)) > asked] = -1
    targets[0, 0] = 2
    value, gradient = Loss.of(targets).value_and_gradient(outputs)
    expected, slope = by_torch(outputs, targets)
    assert float(value) == pytest.approx(expected, rel=1e-12)
    np.testing.assert_allclose(gradient, slope, rtol=0, atol=1e-15)
    assert (gradient[targets.T < 0] == 0).all()


def test_what_is_not_asked_may_be_anything() -> None:
    """∞ at a step without a target reaches neither the loss nor the gradient; nor is a batch without targets a division by 0."""
    outputs = np.zeros((2, 1, 3))
    outputs[1] = np.inf
    with np.errstate(invalid="ignore"):
        value, gradient = Loss.of(np.array([[1, -1]])).value_and_gradient(outputs)
    assert float(value) == pytest.approx(np.log(3))
    assert (gradient[1] == 0).all()
    value, gradient = Loss.of(np.full((1, 2), -1)).value_and_gradient(np.zeros((2, 1, 3)))
    assert value == 0
    assert not gradient.any()


def test_numbers() -> None:
    """The mean squared error."""
    outputs, targets = RNG(0).standard_normal((6, 1)), RNG(1).random(6)
    value, gradient = Loss.of(targets).value_and_gradient(outputs)
    expected, slope = by_torch(outputs, targets)
    assert float(value) == pytest.approx(expected, rel=1e-12)
    np.testing.assert_allclose(gradient, slope, rtol=1e-12)


@pytest.mark.parametrize("kind", ["last", "each", "number"])
def test_side_by_side(kind: str) -> None:
    """Every network has a loss of its own, as if it were alone; float32 stays float32."""
    rng, networks = RNG(3), 3
    shape = {"last": (networks, 4, 5), "each": (6, networks, 4, 5), "number": (networks, 4, 1)}[kind]
    outputs = rng.standard_normal(shape).astype(np.float32)
    targets = rng.random((networks, 4)) if kind == "number" else rng.integers(5, size=(networks, 4))
    if kind == "each":
        targets = rng.integers(-1, 5, size=(networks, 4, 6))
    together = Loss(targets, kind == "each").value_and_gradient(outputs)
    assert together[1].dtype == np.float32
    for i in range(networks):
        own = outputs[:, i] if kind == "each" else outputs[i]
        value, gradient = Loss.of(targets[i]).value_and_gradient(own)
        assert float(together[0][i]) == pytest.approx(float(value), rel=1e-6)
        np.testing.assert_allclose(together[1][:, i] if kind == "each" else together[1][i], gradient, rtol=1e-6)
