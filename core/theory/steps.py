"""Predicted decay per time step, each prediction drawn only where it holds.

The Lyapunov exponents and the mean Jacobian are taken along sequences that were not measured; closed forms and mean field
look at the settings alone, and speak of untrained networks.
"""

from dataclasses import replace

import numpy as np
from numpy import ndarray

from ..experiment.sampling import held_out, initial
from ..experiment.specs import Experiment, next_seed
from ..gradients.measure import MEASURED, side_by_side
from ..gradients.profile import TRANSIENT, Prediction, fit_line
from ..networks import Recurrent
from ..networks.base import Parameters
from ..parts.recursions import Trajectory
from .bounds import bound
from .closed import closed_forms
from .exact import diagonal
from .flow import flow_of
from .lyapunov import Flow, growth, mean_square, typical
from .recurrent import mean_field_steps

ORDER_2, TYPICAL, MEAN_JACOBIAN = "generalised Lyapunov exponent", "Lyapunov exponent", "ρ of the mean Jacobian"
APART = 4.0  # variance over sequences of ln ‖v‖ at the end: above, the largest of 32 decide the mean square
BEND = 0.1  # nats per step between the rates of the first and the second half
TOGETHER = 0.02  # nats per step between two rates that pass for the same
STEADY = 0.1  # relative variance of the slopes along a trajectory, below which their mean stands for them
AHEAD, SLOW = 1.6, 0.03  # nats, and nats per step, by which a power of the mean Jacobian may be longer than ρᵏ


def predict_steps(experiment: Experiment, parameters: Parameters | None = None) -> tuple[Prediction, ...]:
    """Slopes in nats per step, the most trustworthy prediction first; NaN where one does not hold, and ``holds`` says why."""
    network = experiment.network
    assert isinstance(network, Recurrent)
    sequences = held_out(replace(experiment, seed=next_seed(experiment.seed)), MEASURED)
    if sequences.targets.ndim == 2:
        return (Prediction(ORDER_2, np.nan, "losses at the end; here every step has one of its own"),)
    weights = side_by_side([parameters or initial(experiment)])
    inputs = sequences.inputs[None]
    with np.errstate(all="ignore"):
        exact = diagonal(network, weights, inputs.shape[2])
        if exact:
            return (exact,)
        flow = flow_of(network, weights, inputs)
        predictions = _exponents(flow)
        if isinstance(flow, Trajectory):
            predictions.append(_mean_jacobian(flow))
        if parameters is None:
            predictions += [*mean_field_steps(network, weights, inputs), *closed_forms(network)]
        return (*predictions, *bound(network, weights))


def _exponents(flow: Flow) -> list[Prediction]:
    """Of order 2, and typical."""
    each = growth(flow)
    curve, middle, steps = mean_square(each), typical(each), len(each)
    if not np.isfinite(curve).all():
        return [Prediction(ORDER_2, np.nan, "networks that neither blow up nor die")]
    slope, why_not = _rate(curve), ""
    if float(each[-1].var()) > APART:
        why_not = "sequences that fare alike; here the few largest of them decide"
    elif abs(_rate(curve[: steps // 2]) - _rate(curve[-(steps // 2) :])) > BEND:
        why_not = "a steady rate; here it changes along the way"
    strays = f"any network, trained or not; over {steps} steps one draw strays by about {1 / steps:.3f} nats per step"
    alike = "sequences that fare alike"
    if why_not or not abs(middle - slope) <= TOGETHER:
        apart = f"{alike}; here a typical one has {middle:+.3f}, and in the mean square the largest count most"
        return [
            Prediction(ORDER_2, np.nan if why_not else slope, why_not or strays),
            Prediction(TYPICAL, np.nan, apart),
        ]
    return [Prediction(ORDER_2, slope, strays), Prediction(TYPICAL, middle, f"{alike}, as here")]


def _rate(curve: ndarray) -> float:
    """Nats per step of a curve over time, all of it: there is no read-out whose transient would have to be left out."""
    return fit_line(np.arange(len(curve)) + TRANSIENT, curve).slope


def _mean_jacobian(trajectory: Trajectory) -> Prediction:
    """ln ρ of the mean over steps and sequences, where it says what the product of the Jacobians does."""
    slopes, jacobian = trajectory.slopes, trajectory.mean_jacobian()
    unsteady = float(slopes.var((0, -1)).sum() / (slopes**2).mean((0, -1)).sum())
    if not np.isfinite(jacobian).all() or not unsteady <= STEADY:
        return Prediction(MEAN_JACOBIAN, np.nan, "slopes that stay nearly the same from step to step; here they don't")
    radius = np.abs(np.linalg.eigvals(jacobian)).max()
    power = np.linalg.matrix_power(jacobian[0] / radius, len(trajectory))
    ahead = np.log(np.linalg.norm(power, 2)) if np.isfinite(power).all() else np.inf
    if not ahead <= min(AHEAD, SLOW * len(trajectory)):
        return Prediction(
            MEAN_JACOBIAN, np.nan, "matrices whose powers soon go as ρᵏ; this one's take more steps than these"
        )
    return Prediction(
        MEAN_JACOBIAN, float(np.log(radius)), "slopes that stay nearly the same from step to step, as here"
    )
