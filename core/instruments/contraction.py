"""Does it contract? Radius and norm of W and of the Jacobians: bound, prediction and measurement side by side (question C3).

Two different numbers are called "the size" of a matrix. The spectral radius ρ (largest |eigenvalue|) says how ‖Jˡ‖ goes in the
end; the norm σ₁ (largest singular value) bounds a single step, so that ‖∂s_t/∂s_k‖ ≤ (σ₁γ)^(t−k), γ the steepest slope (Pascanu,
Mikolov & Bengio 2013, §2.1). For a normal matrix they are equal. For a non-normal one ρ < 1 < σ₁ may hold: powers grow
first, and decay only in the end (Trefethen & Embree 2005, §14 and §16). Diagnosis: ρ below 1 with σ₁ above says that no bound
holds and a transient is to be expected; σ₁γ below 1 that the gradient has to vanish.
"""

from dataclasses import dataclass
from functools import cached_property
from itertools import repeat

import numpy as np
from numpy import ndarray

from ..experiment.specs import Experiment
from ..networks.base import Parameters
from .jacobians import one_step_jacobians
from .products import log_norms
from .subject import subject

POWERS = 50


@dataclass(frozen=True)
class Spectrum:
    """One square matrix A. eigenvalues (N,): complex, largest modulus first. norm: σ₁.

    departure: Henrici's, √(‖A‖_F² − Σ|λ|²)/‖A‖_F, from 0 (normal; right to 1e-8) to 1 (nilpotent). abscissa: largest
    eigenvalue of (A + Aᵀ)/2, how fast a length can grow at first under h ← h + εAh; max Re λ for normal matrices, else more.
    log_powers (L + 1,): ln ‖Aˡ‖₂ for l = 0 … L.
    """

    eigenvalues: ndarray
    norm: float
    departure: float
    abscissa: float
    log_powers: ndarray

    @property
    def radius(self) -> float:
        """ρ, the largest modulus."""
        return float(np.abs(self.eigenvalues[0]))

    @property
    def transient(self) -> float:
        """sup ‖Aˡ‖₂ over l = 0 … L: 1 if nothing ever grows."""
        return float(np.exp(self.log_powers.max()))


def spectrum(matrix: ndarray, powers: int = POWERS) -> Spectrum:
    """The spectrum of a real (N, N) matrix, and its first ``powers`` powers."""
    values = np.linalg.eigvals(matrix).astype(complex)
    values = values[np.argsort(-np.abs(values), kind="stable")]
    size = np.linalg.norm(matrix)
    beyond = max(0.0, float(size**2 - (np.abs(values) ** 2).sum()))
    return Spectrum(
        values,
        float(np.linalg.norm(matrix, 2)),
        float(np.sqrt(beyond) / size) if size > 0 else 0.0,
        float(np.linalg.eigvalsh((matrix + matrix.T) / 2)[-1]),
        log_norms(repeat(matrix, powers)),
    )


@dataclass(frozen=True)
class Contraction:
    """One example. For lags 0 … T − 1, natural logarithms; s is the whole state.

    weights: the recurrent matrix, one Spectrum per gate in torch's order (bottom layer; none where there is no single one).
    jacobians (T − 1, N, N): ∂s_t/∂s_{t−1} of the steps 1 … T − 1; mean: of their mean. steepest: γ (NaN for gated cells).

    log_measured: ln ‖∂s_T/∂s_{T−lag}‖₂. log_bound: lag · ln(σ₁γ), σ₁ of W (NaN where that is no bound: several gates or
    layers). log_steps: Σ ln ‖J‖₂, a bound for every network. log_prediction: lag · ln ρ of the mean Jacobian
    (NaN for untied weights, which have nothing in common to average).
    """

    weights: tuple[Spectrum, ...]
    mean: Spectrum
    jacobians: ndarray
    steepest: float
    log_measured: ndarray
    log_bound: ndarray
    log_steps: ndarray
    log_prediction: ndarray

    @property
    def lag(self) -> ndarray:
        """0 … T − 1."""
        return np.arange(len(self.log_measured))

    @cached_property
    def eigenvalues(self) -> ndarray:
        """Of each step's Jacobian, (T − 1, N), complex."""
        return np.linalg.eigvals(self.jacobians).astype(complex)


def contraction(experiment: Experiment, parameters: Parameters | None = None, example: int = 0) -> Contraction:
    """For one of the held-out examples, float64, dropout off. Raises SpecError for networks that are not recurrent."""
    of = subject(experiment, parameters, "a contraction", plain=False)
    network, entry = of.network, of.network.entry
    jacobians = one_step_jacobians(experiment, parameters, example)
    weights = of.weights.get("recurrent.weight_hh_l0")
    blocks = [] if weights is None or not network.tied else np.split(weights, entry.gates)
    weight_spectra = tuple(spectrum(block) for block in blocks)
    mean = spectrum(jacobians[1:].mean(0) if len(jacobians) > 1 else jacobians[0])
    lag = np.arange(len(jacobians))
    bounded = network.written_out and network.layers == 1 and entry.steepest is not None
    gamma = float(entry.steepest) if bounded and entry.steepest is not None else np.nan
    with np.errstate(all="ignore"):
        norms = np.log(np.linalg.norm(jacobians[:0:-1], 2, axis=(-2, -1)))
        bound = np.log(weight_spectra[0].norm * gamma) if bounded else np.nan
        return Contraction(
            weight_spectra,
            mean,
            jacobians[1:],
            gamma,
            log_norms(jacobians[:0:-1]),
            np.where(lag > 0, lag * bound, 0.0),
            np.append(0.0, np.cumsum(norms)),
            np.where(lag > 0, lag * np.log(mean.radius if network.tied else np.nan), 0.0),
        )
