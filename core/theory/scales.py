"""How deep a network of layers can be and still be trained: the depth scale ξ (Schoenholz, Gilmer, Ganguli, Sohl-Dickstein 2017).

Two inputs' overlap c goes from layer to layer as c ← (σ_w² E φ(u₁)φ(u₂) + σ_b²)/q*, u₁ and u₂ Gaussian with variance q* and
correlation c. It settles at c*, and what is left of the way there shrinks by σ_w² E φ′(u₁)φ′(u₂) per layer: after a few times
ξ = −1/ln of that, all inputs look alike (c* = 1, χ < 1: ordered) or equally unlike (c* < 1, χ > 1: chaotic), and nothing can be
learned about them. The paper finds networks trainable down to about 6 ξ. Where χ = 1, ξ is infinite.
"""

import math
from functools import cache, lru_cache

import numpy as np
from numpy import ndarray

from ..networks.feedforward import FeedForward
from ..parts.activations import ACTIVATIONS
from .gaussian import moments
from .meanfield import variance
from .recurrent import settled

TRAINABLE = 6  # times ξ
NODES, FURTHEST = 160, 8.0  # of the quadrature in each direction: narrow slopes fall between fewer
NEWTON = 12  # steps to c*
ROUNDS = 300  # of the variance's way to its fixed point


def trainable_depth(network: FeedForward) -> float:
    """6 ξ in layers, ∞ where χ = 1; NaN where the theory has no say: normalised, with skips, copies, or growing without bound."""
    if network.normalisation != "none" or network.skip != "none" or network.initialiser == "identity":
        return math.nan
    weight = float(variance(network, network.width, network.width))
    return TRAINABLE * depth_scale(network.activation, weight, network.bias_std**2)


@lru_cache(maxsize=1024)
def depth_scale(activation: str, weight: float, bias: float) -> float:
    """ξ in layers for σ_w² = weight and σ_b² = bias; NaN where q has no fixed point."""
    start = max(bias, 1.0)
    q = settled(activation, weight, bias) if bias else _from_above(activation, weight, start)
    if not math.isfinite(q):
        return math.nan
    chi = weight * moments(activation, q).slope_square
    if chi < 1 or q < 1e-12:  # all inputs end up alike, and the overlap's slope there is χ
        return _scale(chi)
    c = slope = 0.0
    for _ in range(NEWTON):  # the map is convex: from the left, Newton's steps never pass c*
        value, slope = _together(activation, q, c)
        slope *= weight
        c += ((weight * value + bias) / q - c) / (1 - slope) if slope < 1 else 0.0
    return _scale(slope)


def _scale(slope: float) -> float:
    return -1 / math.log(slope) if 0 < slope < 1 - 1e-9 else math.inf if slope > 0 else 0.0


def _from_above(activation: str, weight: float, q: float) -> float:
    """q* without biases, where 0 is a fixed point as well, which nothing leaves that starts there."""
    for _ in range(ROUNDS):
        q = weight * moments(activation, q).square
        if not q < 1e6:
            return math.inf
    return q


def _together(activation: str, q: float, c: float) -> tuple[float, float]:
    """E φ(u₁)φ(u₂) and E φ′(u₁)φ′(u₂)."""
    z1, z2, density = _plane()
    first, second = math.sqrt(q) * z1, math.sqrt(q) * (c * z1 + math.sqrt(max(0.0, 1 - c * c)) * z2)
    entry = ACTIVATIONS[activation]
    one, other = entry.value(first), entry.value(second)
    slopes = entry.slope(first, one) * entry.slope(second, other)
    return float((one * other * density).sum()), float((slopes * density).sum())


@cache
def _plane() -> tuple[ndarray, ndarray, ndarray]:
    """Two independent standard normals on a grid, and the weight of each point."""
    x, w = np.polynomial.legendre.leggauss(NODES)
    z = FURTHEST * x
    w = w * np.exp(-0.5 * z**2)
    w /= w.sum()
    return z[:, None], z[None], np.outer(w, w)
