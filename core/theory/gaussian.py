"""Averages of an activation over Gaussian pre-activations, by quadrature: what mean-field theory is made of."""

from dataclasses import dataclass
from functools import cache, lru_cache

import numpy as np
from numpy import ndarray

from ..parts.activations import ACTIVATIONS, sigmoid


@dataclass(frozen=True)
class Moments:
    """Averages over u ~ N(0, q), φ = φ(u), with g = φ′(u) u.

    E φ, E φ², E φ′², E g, E g², E gφ; and how unequal the units are: E φ⁴/(E φ²)², E φ′⁴/(E φ′²)² (1 if all are equal).
    """

    mean: float
    square: float
    slope_square: float
    pull: float
    pull_square: float
    pull_value: float
    unequal: float
    unequal_slopes: float

    @property
    def variance(self) -> float:
        """Var φ."""
        return self.square - self.mean**2


@dataclass(frozen=True)
class Gate:
    """Averages over g ~ N(b, q) of a gate T = σ(g): E T, E T², E T(1 − T), E (1 − T)², E σ′², and E σ′⁴/(E σ′²)²."""

    mean: float
    square: float
    cross: float
    kept: float
    slope_square: float
    unequal_slopes: float


@lru_cache(maxsize=8192)
def moments(activation: str, q: float) -> Moments:
    """Gaussian averages of an activation at pre-activation variance ``q``; NaN where q is not finite."""
    if not np.isfinite(q):
        return Moments(*[np.nan] * 8)
    z, weight = grid()
    u = np.sqrt(q) * z
    entry = ACTIVATIONS[activation]
    value = entry.value(u)
    slope = entry.slope(u, value)
    pull = slope * u
    averages = np.stack((value, value**2, slope**2, pull, pull**2, pull * value)) @ weight
    mean, square, slope_square, pull_mean, pull_square, pull_value = averages
    unequal, unequal_slopes = _unequal(value, weight), _unequal(slope, weight)
    return Moments(mean, square, slope_square, pull_mean, pull_square, pull_value, unequal, unequal_slopes)


@lru_cache(maxsize=8192)
def gate(bias: float, q: float) -> Gate:
    """Gaussian averages of a highway's gate."""
    if not np.isfinite(q):
        return Gate(*[np.nan] * 6)
    z, weight = grid()
    t = sigmoid(bias + np.sqrt(q) * z)
    slope = t * (1 - t)
    mean, square, cross, kept, slope_square = np.stack((t, t**2, slope, (1 - t) ** 2, slope**2)) @ weight
    return Gate(mean, square, cross, kept, slope_square, _unequal(slope, weight))


def _unequal(values: ndarray, weight: ndarray) -> float:
    """E x⁴/(E x²)², 1 if all are zero."""
    largest = np.abs(values).max()
    squares = (values / largest) ** 2 if largest > 0 else np.ones_like(values)
    return float(weight @ squares**2 / (weight @ squares) ** 2)


@cache
def grid() -> tuple[ndarray, ndarray]:
    """Gauss-Legendre points on (−10, 0) and (0, 10), so that ReLU's kink falls between them, with Gaussian weights."""
    x, w = np.polynomial.legendre.leggauss(200)
    z = np.concatenate([5 * x - 5, 5 * x + 5])
    density = np.exp(-0.5 * z**2) / np.sqrt(2 * np.pi)
    return z, np.concatenate([5 * w, 5 * w]) * density
