"""Cells written out in NumPy against torch: the same states, and slopes that equal autograd's Jacobians."""

import numpy as np
import pytest
import torch
from numpy import ndarray

import core
from core.experiment.sampling import initial
from core.gradients.recurrence import follow
from core.parts.cells import CELLS
from core.parts.linear import affine
from core.parts.recursions import Trajectory
from core.theory.lyapunov import lyapunov

STEPS, BATCH, WIDTH, SETTLE = 6, 4, 5, 20
every_cell = pytest.mark.parametrize("cell", [name for name, cell in CELLS.items() if cell.explicit])


def random_walk(cell: str) -> tuple[Trajectory, ndarray, ndarray]:
    """A trajectory under random inputs, and by torch: states (T + 1, N, batch) and Jacobians (T, batch, N, N)."""
    entry = CELLS[cell]
    network = core.Recurrent(cell=cell, hidden=WIDTH, gain=1.5)
    experiment = core.Experiment(network, core.Noise(length=STEPS), seed=5)
    weights = {name: np.float64(values) for name, values in initial(experiment).items()}
    inputs = np.random.default_rng(0).standard_normal((BATCH, STEPS, 16))
    own = {name: torch.from_numpy(values) for name, values in network.layer_weights(weights, 0).items()}
    constants = {"leak": torch.tensor(network.leak, dtype=torch.float64)}

    def flat_step(flat: torch.Tensor, x: torch.Tensor) -> torch.Tensor:
        new = entry.step(
            affine(x[None], own["weight_ih"], own["bias_ih"]),
            lambda h: affine(h, own["weight_hh"], own["bias_hh"]),
            tuple(part[None] for part in flat.reshape(entry.states, WIDTH)),
            constants,
        )
        return torch.cat([part[0] for part in new])

    states, jacobians = [torch.zeros(BATCH, entry.states * WIDTH, dtype=torch.float64)], []
    for x in torch.from_numpy(inputs).unbind(1):
        pairs = list(zip(states[-1], x, strict=True))
        jacobians.append(torch.stack([torch.func.jacrev(flat_step)(*pair) for pair in pairs]))
        states.append(torch.stack([flat_step(*pair) for pair in pairs]))
    trajectory = follow(network, weights, inputs)
    return trajectory, torch.stack(states).numpy().swapaxes(1, 2), torch.stack(jacobians).numpy()


@every_cell
def test_the_states_are_torchs(cell: str) -> None:
    """h at every step, and all parts of the last state."""
    trajectory, states, _ = random_walk(cell)
    np.testing.assert_allclose(np.concatenate(trajectory.last), states[-1], rtol=0, atol=1e-14)
    np.testing.assert_allclose(trajectory.states, states[:, :WIDTH], rtol=0, atol=1e-14)


@every_cell
def test_slopes_equal_autograd(cell: str) -> None:
    """Forwards (J v) and backwards (Jᵀ δ), at every step, for all parts of the state."""
    trajectory, _, jacobians = random_walk(cell)
    vector = np.random.default_rng(1).standard_normal((jacobians.shape[-1], BATCH))
    split = tuple(np.split(vector, CELLS[cell].states))
    for t, jacobian in enumerate(jacobians):
        forwards = np.concatenate(trajectory.pushed(t, split))
        backwards = np.concatenate(trajectory.back(t, split))
        np.testing.assert_allclose(forwards, np.einsum("bij,jb->ib", jacobian, vector), rtol=0, atol=1e-13)
        np.testing.assert_allclose(backwards, np.einsum("bij,ib->jb", jacobian, vector), rtol=0, atol=1e-13)
    assert all((part == np.split(vector, CELLS[cell].states)[i]).all() for i, part in enumerate(split))


@every_cell
def test_mean_jacobian_equals_autograd(cell: str) -> None:
    """Averaged over steps and batch, and one by one."""
    trajectory, _, jacobians = random_walk(cell)
    np.testing.assert_allclose(trajectory.mean_jacobian(), jacobians.mean((0, 1)), rtol=0, atol=1e-13)
    for t, jacobian in enumerate(jacobians):
        np.testing.assert_allclose(trajectory.jacobian(t), jacobian, rtol=0, atol=1e-13)


@every_cell
def test_losses_go_back_together_as_they_do_alone(cell: str) -> None:
    """``spread`` makes room for several δ at once."""
    trajectory = random_walk(cell)[0]
    delta = np.random.default_rng(2).standard_normal((CELLS[cell].states, WIDTH, 3, BATCH))
    together = trajectory.spread().back(2, tuple(delta))
    for loss in range(3):
        alone = trajectory.back(2, tuple(part[:, loss] for part in delta))
        for one, all_ in zip(alone, together, strict=True):
            np.testing.assert_allclose(all_[:, loss], one, rtol=0, atol=1e-14)


def exponent(matrix: ndarray, steps: int) -> float:
    """Lyapunov exponent of a linear network: three trajectories whose Jacobian is ``matrix`` at every step."""
    n = len(matrix)
    mixing = np.concatenate([matrix, np.zeros((n, 1))], 1)
    ones = np.ones((steps, 1, n, 3))
    return lyapunov(Trajectory(mixing, np.zeros((steps + 1, n + 1, 3)), ones, ones), SETTLE)


@pytest.mark.parametrize("rate", [1e-3, 0.9, 1.0, 4.0])
def test_lyapunov_of_scaled_rotations_is_exact(rate: float) -> None:
    """Each step multiplies every length by ``rate``."""
    rotation = np.linalg.qr(np.random.default_rng(2).standard_normal((6, 6)))[0]
    assert exponent(rate * rotation, SETTLE + 20) == pytest.approx(np.log(rate), abs=1e-12)


def test_lyapunov_of_a_diagonal_is_its_largest_entry() -> None:
    """Once the tangent has settled; before that the smaller ones still mix in."""
    assert exponent(np.diag([0.1, -0.9, 0.05]), SETTLE + 30) == pytest.approx(np.log(0.9), abs=1e-12)
