"""Products of Jacobians ∂s_t/∂s_k: every direction's growth, not only the gradient's (question C3).

s is the whole state: h, or (h, c), of all layers; one example. The singular values of J_t ⋯ J_{k+1} say how much of the past is
still there in each direction, and they are true ones as long as rounding allows: an error matrix is carried along with the
product, and singular values less than 1000 times above it are marked as not resolved (in a float64 product this happens about
13 decades below the largest). Beyond that there are finite-time Lyapunov rates: from the last product that is resolved as a
whole, its directions go on by QR, JᵀQ = Q′R, and ln |r_ii| adds up (Benettin et al. 1980; Engelken, Wolf & Abbott 2023;
Vogt et al. 2020 for RNNs). Those are singular values only in so far as they are far apart. Diagnosis: one direction that is
kept (a latch) with all others lost, a network that forgets everything, or one that explodes in a few directions.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy import ndarray

from ..experiment.specs import Experiment
from ..gradients.adjoint import rescaled
from ..networks.base import Parameters
from .jacobians import one_step_jacobians

_EPSILON = np.finfo(float).eps
CLEAR = 1000  # how far above rounding a singular value must be: three digits are right then
NEGLIGIBLE = (
    CLEAR * _EPSILON
)  # a direction of which a step leaves less, compared to the Jacobian's size, is only rounding


@dataclass(frozen=True)
class JacobianProducts:
    """For lags 0 … t (lag 0: the identity), N numbers in the state, natural logarithms.

    log_singular (lags, N): of ∂s_t/∂s_{t−lag}, largest first; resolved (lags, N): where it is more than rounding. log_rates
    (lags, N): the Lyapunov rates times the lag, equal to log_singular as long as that is resolved as a whole; −inf for
    directions that a singular Jacobian (dead ReLUs) takes out.
    """

    log_singular: ndarray
    resolved: ndarray
    log_rates: ndarray

    @property
    def lag(self) -> ndarray:
        """0 … t."""
        return np.arange(len(self.log_singular))

    @property
    def log_largest(self) -> ndarray:
        """ln ‖∂s_t/∂s_{t−lag}‖₂, right at any lag."""
        return self.log_singular[:, 0]


def jacobian_products(
    experiment: Experiment, parameters: Parameters | None = None, example: int = 0, step: int | None = None
) -> JacobianProducts:
    """Back from the state after ``step`` (default: the last), for one of the held-out examples, in float64.

    Any recurrent network, dropout off. Raises SpecError for other networks.
    """
    return products(one_step_jacobians(experiment, parameters, example), step)


def products(jacobians: ndarray, step: int | None = None) -> JacobianProducts:
    """The products of (T, N, N), from ``step`` back; see JacobianProducts."""
    steps, size = len(jacobians) if step is None else step + 1, jacobians.shape[-1]
    rng = np.random.default_rng(0)
    product, error, scale = np.eye(size), np.zeros((size, size)), np.zeros(())
    logs, clear = [np.zeros(size)], [np.ones(size, dtype=bool)]
    rates, directions = [np.zeros(size)], None
    for jacobian in jacobians[steps - 1 : 0 : -1]:
        last = product
        rounding = _EPSILON * np.linalg.norm(product) * np.linalg.norm(jacobian) / size**1.5
        error = error @ jacobian + rounding * rng.standard_normal(error.shape)
        (product, error), scale = rescaled((product @ jacobian, error), scale)
        values = np.linalg.svd(product, compute_uv=False)
        with np.errstate(divide="ignore"):
            logs.append(np.log(values) + scale)
        clear.append(values > CLEAR * (np.linalg.norm(error) + _EPSILON * values[0]))
        if directions is None and not clear[-1].all():
            directions = Directions(np.linalg.svd(last)[2].T, logs[-2])
        if directions is not None:
            directions = directions.further(jacobian)
        rates.append(logs[-1] if directions is None else directions.rates(size))
    return JacobianProducts(np.array(logs), np.array(clear), np.array(rates))


def log_norms(matrices: Iterable[ndarray]) -> ndarray:
    """ln ‖M₁ ⋯ M_l‖₂ of the first l of the (N, N) matrices, (L + 1,) from l = 0 on: the largest alone, right at any length."""
    product, scale = None, np.zeros(())
    made, scales = [], [scale]
    for matrix in matrices:
        (product,), scale = rescaled((matrix if product is None else product @ matrix,), scale)
        made.append(product)
        scales.append(scale)
    with np.errstate(divide="ignore"):
        norms = np.log(np.linalg.norm(np.array(made), 2, axis=(-2, -1))) if made else []
    return np.append(0.0, norms) + np.array(scales)


@dataclass(frozen=True)
class Directions:
    """Directions in the past, basis (N, count), and by how much each has grown, log_growth (count,)."""

    basis: ndarray
    log_growth: ndarray

    def further(self, jacobian: ndarray) -> "Directions":
        """One step further back; a direction that the Jacobian maps onto those before it is given up."""
        turned, log_growth = jacobian.T @ self.basis, self.log_growth
        while True:
            basis, triangle = np.linalg.qr(turned)
            factors = np.abs(np.diag(triangle))
            lost = factors <= NEGLIGIBLE * np.linalg.norm(jacobian)
            if not lost.any():
                return Directions(basis, log_growth + np.log(factors))
            first = int(lost.argmax())
            turned, log_growth = np.delete(turned, first, 1), np.delete(log_growth, first)

    def rates(self, size: int) -> ndarray:
        """log_growth, largest first, and −inf for what was given up: (size,)."""
        return np.append(np.sort(self.log_growth)[::-1], np.full(size - len(self.log_growth), -np.inf))
