"""Predicted decay per time step, from the Jacobians J_t = ∂s_{t+1}/∂s_t along a trajectory that was not measured.

Top Lyapunov exponent: the mean growth of ln ‖v‖ under v ← J_t v (Vogt et al. 2020; Engelken et al. 2023); the gradient,
which runs through the same Jacobians transposed, decays at that rate. Spectral radius of the mean Jacobian: cheaper, and
wrong when the Jacobians differ much from step to step. σ₁·γ (Pascanu et al. 2013): an upper bound, and only if below 1.
"""

from dataclasses import replace

import numpy as np

from core.explicit import Trajectory
from core.gradients.measure import side_by_side
from core.gradients.profile import Prediction
from core.gradients.recurrence import follow
from core.linear import Parts
from core.networks import Recurrent
from core.networks.base import Parameters
from core.sampling import held_out, initial
from core.specs import Experiment, next_seed

STREAMS, STEPS, SETTLE = 4, 50, 20  # trajectories side by side; steps of each; steps for the state to settle first


def predict_steps(experiment: Experiment, parameters: Parameters | None = None) -> tuple[Prediction, ...]:
    """Lyapunov exponent, ρ of the mean Jacobian, and the bound where there is one; slopes in nats per step.

    For one recurrent layer; a stack gets a prediction that says why it has none.
    """
    network = experiment.network
    assert isinstance(network, Recurrent)
    if network.layers > 1:
        return (Prediction("Lyapunov exponent", np.nan, "computed for a single recurrent layer only"),)
    weights = side_by_side([parameters or initial(experiment)])
    trajectory = follow(network, weights, _inputs(experiment))
    with np.errstate(all="ignore"):
        predictions = _predictions(trajectory, network.entry.steepest)
    return predictions


def _predictions(trajectory: Trajectory, steepest: float | None) -> tuple[Prediction, ...]:
    jacobian = trajectory.mean_jacobian()
    if not (np.isfinite(jacobian).all() and np.isfinite(trajectory.weight).all()):
        return (Prediction("Lyapunov exponent", np.nan, "not for a network that blew up"),)
    radius = np.abs(np.linalg.eigvals(jacobian)).max()
    predictions = [
        Prediction(
            "Lyapunov exponent",
            lyapunov(trajectory),
            "everywhere, once the read-out's transient is over; a single draw strays by a few hundredths of a nat",
        ),
        Prediction(
            "ρ of the mean Jacobian",
            float(np.log(radius)),
            "tanh with gain below 1, orthogonal weights, GRU and LSTM; not for ReLU or chaotic networks",
        ),
    ]
    if steepest is not None:
        bound = float(np.log(np.linalg.norm(trajectory.weight, 2, axis=(-2, -1)).max() * steepest))
        applies = "σ₁·γ < 1: every step back must lose at least this much" if bound < 0 else "no bound: σ₁·γ ≥ 1 here"
        predictions.append(Prediction("bound σ₁·γ", bound if bound < 0 else np.nan, applies))
    return tuple(predictions)


def lyapunov(trajectory: Trajectory, settle: int = SETTLE) -> float:
    """Top finite-time Lyapunov exponent in nats per step: how a random tangent grows, after ``settle`` steps."""
    rng = np.random.default_rng(0)
    tangent: Parts = tuple(rng.standard_normal(part.shape) for part in trajectory.last)
    growth = []
    for t in range(settle, len(trajectory.mixed[0])):  # from a settled state: from h = 0 a ReLU tangent may die
        tangent = trajectory.pushed(t, tangent)
        norm = np.sqrt(sum((part**2).sum(-1) for part in tangent))
        growth.append(norm)
        unit = np.where(norm > 0, norm, 1.0)[..., None]
        tangent = tuple(part / unit for part in tangent)
    return float(np.log(growth[len(growth) // 3 :]).mean())


def _inputs(experiment: Experiment) -> np.ndarray:
    """Held-out sentences of another seed, read one after another: (1, STREAMS, SETTLE + STEPS[, d])."""
    length = held_out(experiment, 1).inputs.shape[1]
    each = -(-(SETTLE + STEPS) // length)
    inputs = held_out(replace(experiment, seed=next_seed(experiment.seed)), STREAMS * each).inputs
    joined = inputs.reshape(1, STREAMS, each * length, *inputs.shape[2:])
    return joined[:, :, : SETTLE + STEPS]
