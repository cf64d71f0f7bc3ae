"""BatchNorm over a finite batch of given examples, in wide networks (Yang et al. 2019).

A unit's pre-activations over the batch are z ~ N(0, G), G the Gram matrix of the layer's input after taking out means.
BatchNorm brings them to length √B, and the way back divides by the length that was there before: E 1/‖z‖² > 1/E‖z‖², the more so
the more alike the examples are. Once they have become unlike each other, y = BatchNorm(z) is uniform on a sphere of B − 1
dimensions, and together with the matrix that makes χ = (B − 2)/(B − 3) for a linear layer, where large batches would leave 1.
"""

from functools import cache

import numpy as np
from numpy import ndarray

from ..parts.activations import ACTIVATIONS
from .gaussian import grid

DEGREE, NODES = 20, 48  # Hermite polynomials of φ's kernel; points of the integrals over lengths


@cache
def spherical(activation: str, batch: int) -> tuple[float, float]:
    """(variance of φ over the batch, κ) where χ = κ over that variance, for examples unlike each other; NaN for fewer than 5.

    With y on the sphere, P taking out means and D = diag φ′(y): variance E φ(y₁)² − E φ(y₁)φ(y₂), and
    κ = B/(B − 3) · E tr[(P − yyᵀ/B) D P D]/(B − 1), by quadrature over two of y's coordinates.
    """
    if batch < 5:
        return np.nan, np.nan
    b = float(batch)
    first, second, weight = _pair(b)
    entry = ACTIVATIONS[activation]
    value, other = entry.value(first), entry.value(second)
    slope, beside = entry.slope(first, value), entry.slope(second, other)
    variance = (weight * (value**2 - value * other)).sum()
    same = (weight * (1 - 1 / b - first**2 / b) * slope**2).sum()
    across = (weight * (1 + first * second) * slope * beside).sum()
    return float(variance), float(b / (b - 3) * (same + across / b))


def _pair(b: float) -> tuple[ndarray, ndarray, ndarray]:
    """Two coordinates of a point on the sphere, in polar coordinates of the plane that they span, with weights."""
    x, w = np.polynomial.legendre.leggauss(200)
    radius = (x + 1) / 2
    density = w * radius * (1 - radius**2) ** ((b - 5) / 2)
    angle = 2 * np.pi * (np.arange(240) + 0.5) / 240
    cosine = -1 / (b - 1)  # of the angle between the two axes, because the coordinates add up to 0
    first = np.sqrt(b - 1) * np.outer(radius, np.cos(angle))
    second = np.sqrt(b - 1) * np.outer(radius, cosine * np.cos(angle) + np.sqrt(1 - cosine**2) * np.sin(angle))
    return first, second, np.repeat((density / density.sum() / 240)[:, None], 240, 1)


def normalised(gram: ndarray) -> tuple[float, ndarray]:
    """What BatchNorm makes of z ~ N(0, gram), gram (B, B) with means taken out.

    E 1/‖z‖² over its value for examples unlike each other, and E yyᵀ (B, B) of the normalised y. Exact: with eigenvalues λ,
    E 1/‖z‖² = ∫ Π (1 + 2λt)^(−½) dt and E z_i²/‖z‖² = ∫ λ_i/(1 + 2λ_i t) Π (1 + 2λt)^(−½) dt over t > 0.
    """
    b = len(gram)
    values, vectors = np.linalg.eigh(gram)
    values = values[1:] * (values[1:] > 1e-9 * values[-1])  # the first belongs to the mean; rounding must not grow
    values = values / values.mean()
    x, w = _half_line(NODES)
    t, dt = x / (b - 1), w / (b - 1)
    decay = np.exp(-0.5 * np.log1p(2 * np.outer(t, values)).sum(1)) * dt
    shares = decay @ (values / (1 + 2 * np.outer(t, values)))
    return float(decay.sum() * (b - 3)), b * (vectors[:, 1:] * shares) @ vectors[:, 1:].T


def unlike(activation: str, gram: ndarray) -> ndarray:
    """Covariances (B, B) over the batch of φ(y), y with covariances ``gram``, scaled to a mean variance of 1 (of B − 1).

    E φ(y_a) φ(y_b) is a polynomial in the correlation of two Gaussians: examples that are alike become less so.
    """
    length = np.sqrt(np.diag(gram))
    correlation = np.clip(gram / np.outer(length, length), -1.0, 1.0)
    total = np.zeros_like(gram)
    for coefficient in _squares(activation)[::-1]:
        total = total * correlation + coefficient
    total = centred(total)
    scaled: ndarray = total * ((len(gram) - 1) / np.trace(total))
    return scaled


def linear_share(activation: str) -> float:
    """Share of Var φ(z), z ~ N(0, 1), that is due to φ's straight line; a linear activation (1) keeps likeness as it is."""
    squares = _squares(activation)
    return float(squares[1] / squares[1:].sum())


def centred(gram: ndarray) -> ndarray:
    """The Gram matrix after taking out the mean over the batch."""
    gram = gram - gram.mean(0)
    return gram - gram.mean(1, keepdims=True)


@cache
def _squares(activation: str) -> ndarray:
    """Squares of φ's coefficients in normalised Hermite polynomials; the last one stands for all that follow."""
    z, weight = grid()
    value = ACTIVATIONS[activation].value(z)
    polynomials = [np.ones_like(z), z]
    for k in range(1, DEGREE):
        polynomials.append((z * polynomials[k] - np.sqrt(k) * polynomials[k - 1]) / np.sqrt(k + 1))
    squares = (np.stack(polynomials) @ (weight * value)) ** 2
    squares[-1] += max(0.0, float(weight @ value**2) - squares.sum())
    return squares


@cache
def _half_line(points: int) -> tuple[ndarray, ndarray]:
    """Nodes and weights of an integral over t > 0, by t = u/(1 − u)."""
    x, w = np.polynomial.legendre.leggauss(points)
    u = (x + 1) / 2
    return u / (1 - u), w / 2 / (1 - u) ** 2
