"""Cells written out in NumPy against torch: the same states, and slopes that equal autograd's Jacobians."""

import numpy as np
import pytest
import torch
from numpy import ndarray

import core
from core.cells import CELLS
from core.explicit import Trajectory
from core.sampling import initial
from core.theory.steps import SETTLE, lyapunov

STEPS, BATCH, WIDTH = 6, 4, 5
every_cell = pytest.mark.parametrize("cell", CELLS)


def random_walk(cell: str) -> tuple[Trajectory, ndarray, ndarray]:
    """A trajectory under random inputs, and by torch: states (T + 1, batch, N) and Jacobians (T, batch, N, N)."""
    entry = CELLS[cell]
    network = core.Recurrent(cell=cell, hidden=WIDTH, gain=1.5)
    weights = initial(core.Experiment(network, core.Noise(), seed=5))
    tensors = {name: torch.from_numpy(np.float64(values)) for name, values in weights.items()}
    own = network.layer_weights(tensors, 0)
    inputs = torch.randn(STEPS, BATCH, 16, generator=torch.Generator().manual_seed(0), dtype=torch.float64)

    def flat_step(flat: torch.Tensor, x: torch.Tensor) -> torch.Tensor:
        new = entry.step(own, x[None], tuple(part[None] for part in flat.reshape(entry.states, WIDTH)))
        return torch.cat([part[0] for part in new])

    states, jacobians = [torch.zeros(BATCH, entry.states * WIDTH, dtype=torch.float64)], []
    for x in inputs:
        pairs = list(zip(states[-1], x, strict=True))
        jacobians.append(torch.stack([torch.func.jacrev(flat_step)(*pair) for pair in pairs]))
        states.append(torch.stack([flat_step(*pair) for pair in pairs]))
    from_x = (inputs @ own["weight_ih"].T + own["bias_ih"])[:, None].numpy()
    trajectory = entry.explicit(from_x, own["weight_hh"][None].numpy(), own["bias_hh"].numpy())
    return trajectory, torch.stack(states).numpy(), torch.stack(jacobians).numpy()


@every_cell
def test_the_last_state_is_torchs(cell: str) -> None:
    """All parts of it."""
    trajectory, states, _ = random_walk(cell)
    np.testing.assert_allclose(np.concatenate(trajectory.last, -1)[0], states[-1], rtol=0, atol=1e-14)


@every_cell
def test_slopes_equal_autograd(cell: str) -> None:
    """Forwards (J v) and backwards (Jᵀ δ), at every step, for all parts of the state."""
    trajectory, _, jacobians = random_walk(cell)
    vector = np.random.default_rng(1).standard_normal((1, BATCH, jacobians.shape[-1]))
    split = tuple(np.split(vector, CELLS[cell].states, -1))
    for t, jacobian in enumerate(jacobians):
        forwards = np.concatenate(trajectory.pushed(t, split), -1)[0]
        backwards = np.concatenate(trajectory.back(t, split), -1)[0]
        np.testing.assert_allclose(forwards, np.einsum("bij,bj->bi", jacobian, vector[0]), rtol=0, atol=1e-13)
        np.testing.assert_allclose(backwards, np.einsum("bij,bi->bj", jacobian, vector[0]), rtol=0, atol=1e-13)
    assert all((part == np.split(vector, CELLS[cell].states, -1)[i]).all() for i, part in enumerate(split))


@every_cell
def test_mean_jacobian_equals_autograd(cell: str) -> None:
    """Averaged over steps and batch."""
    trajectory, _, jacobians = random_walk(cell)
    np.testing.assert_allclose(trajectory.mean_jacobian()[0], jacobians.mean((0, 1)), rtol=0, atol=1e-13)


def exponent(matrix: ndarray, steps: int) -> float:
    """Lyapunov exponent of a linear network: three trajectories whose Jacobian is ``matrix`` at every step."""
    rest = np.zeros((1, 3, len(matrix)))
    return lyapunov(
        Trajectory(matrix[None], (np.ones((steps, 1, 3, 1, len(matrix))),), ((None,),), rest[None], (rest,))
    )


@pytest.mark.parametrize("rate", [1e-3, 0.9, 1.0, 4.0])
def test_lyapunov_of_scaled_rotations_is_exact(rate: float) -> None:
    """Each step multiplies every length by ``rate``."""
    rotation = np.linalg.qr(np.random.default_rng(2).standard_normal((6, 6)))[0]
    assert exponent(rate * rotation, SETTLE + 20) == pytest.approx(np.log(rate), abs=1e-12)


def test_lyapunov_of_a_diagonal_is_its_largest_entry() -> None:
    """Once the tangent has settled; before that the smaller ones still mix in."""
    assert exponent(np.diag([0.1, -0.9, 0.05]), SETTLE + 30) == pytest.approx(np.log(0.9), abs=1e-12)
