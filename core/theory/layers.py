"""Mean-field prediction of the gradient's decay per layer (Poole et al. 2016; Schoenholz et al. 2017).

For wide random layers the pre-activations are Gaussian with variance q_z, and one layer multiplies the mean square of the
gradient by χ = σ_w² E[φ′(√q_z z)²], its norm by √χ. q_z is iterated layer by layer from the data, because a shallow
network never reaches its fixed point. With LayerNorm χ = E[φ′²]/E[h²] at q_z = 1 whatever the weights' scale; BatchNorm
has the variance over the batch in place of E[h²] (Yang et al. 2019). A residual layer has 1 + χ instead of χ; without
normalisation the gradient's small overlap with the activations has to be carried as well (``_coupled``).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

import numpy as np
import torch

from core.activations import ACTIVATIONS
from core.gradients.profile import Prediction, fit_line
from core.initialisers import INITIALISERS
from core.networks import FeedForward
from core.sampling import held_out
from core.specs import Experiment


@dataclass(frozen=True)
class Moments:
    """Averages over u ~ N(0, q): E φ, E φ², E φ′², and φ′(u)u projected on φ(u): E[φ′uφ]/E φ²."""

    mean: float
    square: float
    slope_square: float
    projection: float

    @property
    def variance(self) -> float:
        """Var φ."""
        return self.square - self.mean**2


@dataclass(frozen=True)
class Layer:
    """One layer in theory: ``before`` is the mean square of its input; ``chi`` what it does to the gradient's square."""

    chi: float
    before: float
    at: Moments


def predict_layers(experiment: Experiment) -> tuple[Prediction, ...]:
    """ln of the gradient norm at layers 1 … depth relative to the last, for an untrained feed-forward network."""
    network = experiment.network
    assert isinstance(network, FeedForward)
    data = held_out(experiment).inputs
    with np.errstate(all="ignore"):
        layers = list(mean_field(network, data.shape[1], float(np.mean(data**2))))
        coupled = network.residual and network.normalisation == "none"
        plain = [network.residual + layer.chi for layer in layers[1:]]
        growth = _coupled(layers, network.width) if coupled else np.array(plain)
        curve = 0.5 * np.append(np.cumsum(np.log(growth)[::-1])[::-1], 0.0)
    lag = np.arange(network.depth)[::-1]
    holds = "untrained, wide networks (about 64 units and more); finite width adds a few hundredths per layer"
    return (Prediction("mean field", fit_line(lag, curve).slope, holds, curve),)


def mean_field(network: FeedForward, inputs: int, square: float) -> Iterator[Layer]:
    """Layers 1 … depth, from the mean square of the data upwards."""
    weights = INITIALISERS[network.initialiser]
    bias = network.bias_std**2
    mean, variance, fan_in = 0.0, square, inputs
    for _ in range(network.depth):
        weight = network.gain**2 * weights.variance(network.width, fan_in, network.sigma)
        if network.normalisation == "none":
            at, scale = moments(network.activation, weight * square + bias), weight
        else:  # pre-activations are brought to variance 1, so W's scale drops out (unless biases drown it)
            seen = weight * variance if network.normalisation == "batch" else weight * square + bias
            at, scale = moments(network.activation, 1.0), weight / seen if seen > 0 else 0.0
        yield Layer(scale * at.slope_square, square, at)
        kept = network.residual and fan_in == network.width
        mean, square, variance = (
            kept * mean + at.mean,
            kept * (square + 2 * mean * at.mean) + at.square,
            kept * variance + at.square - at.mean**2,
        )
        fan_in = network.width


def _coupled(layers: list[Layer], width: int) -> np.ndarray:
    """Growth of the gradient's square at each layer of a residual network without normalisation.

    The state is h_l = v_0 + … + v_l with v_l = φ(u_l). Given u_l = W_l h_l, the new gradient has, besides fresh noise, a
    part along h_l: δ ← δ + h_l ⟨φ′(u)u, δ⟩/(n q_l) + noise. A random read-out starts with overlaps ⟨v_j, δ⟩² ~ 1/n, and
    these are amplified at the *forward* rate, which is what a deep residual ReLU network shows in the end. So the overlaps'
    covariance S is carried along. φ′(u)u is replaced by its projection on φ(u), which is exact for ReLU.
    """
    n, k = width, len(layers)
    means = np.array([layer.at.mean for layer in layers])
    gram = np.outer(means, means) + np.diag([layer.at.variance for layer in layers])  # ⟨v_i, v_j⟩/n
    overlap = gram / n
    growth = np.ones(k - 1)
    for top in range(k - 1, 0, -1):
        layer = layers[top]
        below = (np.arange(k) < top).astype(float)  # h before this layer is the sum of these v
        along = gram @ below
        pull = layer.at.projection / layer.before if layer.before > 0 else 0.0
        change = layer.chi * (1 - 1 / n) + 2 * pull * (overlap[top] @ below)
        growth[top - 1] = 1 + change + pull**2 * layer.before * overlap[top, top]
        cross = np.outer(pull * along, overlap[top])
        drift = cross + cross.T + np.outer(pull * along, pull * along) * overlap[top, top]
        seen = np.outer(along, along) / layer.before if layer.before > 0 else 0.0
        overlap = (overlap + drift + layer.chi * (gram - seen) / n) / growth[top - 1]
    return growth


@lru_cache(maxsize=4096)
def moments(activation: str, q: float) -> Moments:
    """Gaussian averages of an activation at pre-activation variance ``q``."""
    if not np.isfinite(q):
        return Moments(np.nan, np.nan, np.nan, np.nan)
    z, weight = _grid()
    u = torch.from_numpy(np.sqrt(q) * z).requires_grad_()
    value = ACTIVATIONS[activation].function(u)
    (slope,) = torch.autograd.grad(value.sum(), u)
    phi, dphi = value.detach().numpy(), slope.numpy()
    square = float(weight @ phi**2)
    projection = float(weight @ (dphi * np.sqrt(q) * z * phi)) / square if square > 0 else 0.0
    return Moments(float(weight @ phi), square, float(weight @ dphi**2), projection)


@cache
def _grid() -> tuple[np.ndarray, np.ndarray]:
    """Gauss-Legendre points on (−10, 0) and (0, 10), so that ReLU's kink falls between them, with Gaussian weights."""
    x, w = np.polynomial.legendre.leggauss(200)
    z = np.concatenate([5 * x - 5, 5 * x + 5])
    density = np.exp(-0.5 * z**2) / np.sqrt(2 * np.pi)
    return z, np.concatenate([5 * w, 5 * w]) * density
