"""Roles: each weight's gradient split by how far back the weight was used (questions D2, D3, D6).

The same W is used at every step, so ∂L/∂W = Σ_t Σ_{k≤t} (loss at t, use at step k). The part of lag ℓ = t − k gathers all
uses ℓ steps before a loss: lag 0 is the local role (answer now), the larger ones the long-range role (pass on what a later
answer needs). The parts of all lags add up to the full gradient. Diagnosis: long-range parts that are 10⁻⁶ of the local one
are not learned, however healthy ∂L/∂W looks (Bengio, Simard & Frasconi 1994, §4).
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy import ndarray

from ..experiment.specs import Experiment
from ..gradients.adjoint import log_norm
from ..gradients.measure import differentiate
from ..networks.base import Parameters
from ..parts.losses import Loss
from .lags import by_lag
from .subject import subject


@dataclass(frozen=True)
class RoleGradients:
    """By parameter name (the input's weight_ih, the recurrent weight_hh, the read-out, …), for lags 0 … T − 1.

    log_norm (T,): ln ‖part of that lag‖. along (T,): the part's component in the direction of the full gradient, as a share
    of it: these add up to 1, and are negative where a lag pulls the other way. full: ln ‖∂L/∂W‖.
    """

    log_norm: Mapping[str, ndarray]
    along: Mapping[str, ndarray]
    full: Mapping[str, float]

    def beyond(self, name: str, lag: int) -> float:
        """Share of lags ≥ ``lag`` in the sum of all lags' norms, 0 … 1; NaN if all are zero."""
        logs = self.log_norm[name]
        with np.errstate(invalid="ignore"):
            return float(np.exp(np.logaddexp.reduce(logs[lag:], initial=-np.inf) - np.logaddexp.reduce(logs)))

    def cosine(self, name: str) -> ndarray:
        """Between each lag's part and the full gradient, (T,); NaN where the part is zero."""
        with np.errstate(all="ignore"):
            size = np.log(np.abs(self.along[name])) + self.full[name] - self.log_norm[name]
            return np.sign(self.along[name]) * np.exp(size)


def split_roles(experiment: Experiment, parameters: Parameters | None = None) -> RoleGradients:
    """The roles of all parameters on 32 held-out examples, float64. Raises SpecError unless the cells are written out."""
    of = subject(experiment, parameters, "a split by roles")
    loss = Loss.of(of.batch.targets)
    whole = differentiate(of.network, of.weights, of.batch.inputs, loss, rescale=0).parameters
    steps = of.batch.inputs.shape[1]
    norms = {name: np.full(steps, -np.inf) for name in whole}
    along = {name: np.zeros(steps) for name in whole}
    with np.errstate(all="ignore"):
        for lag, (scale, parts) in enumerate(by_lag(of.network, of.weights, of.batch.inputs, loss)):
            for name, part in parts.items():
                norms[name][lag] = log_norm(np.atleast_2d(part)) + scale
                along[name][lag] = (part * whole[name]).sum() / (whole[name] ** 2).sum() * np.exp(scale)
        full = {name: float(log_norm(np.atleast_2d(values))) for name, values in whole.items()}
    return RoleGradients(norms, along, full)
