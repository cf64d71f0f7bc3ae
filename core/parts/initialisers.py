"""Initialisers: how a weight matrix is drawn. Always from a private generator, never from a process-wide one."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ..registry import registry

Draw = Callable[[np.random.Generator, int, int, float], np.ndarray]
MODULUS = 0.9  # of all eigenvalues of a non-normal matrix


@dataclass(frozen=True)
class Initialiser:
    """``draw(rng, fan_out, fan_in, number)`` → float64 array (fan_out, fan_in).

    ``variance(fan_out, fan_in, number)`` is fan_in · E[weight²], the σ_w² of mean-field theory: the factor by which a
    linear layer multiplies the mean square of its input. ``setting`` names the network's setting that ``number`` is; most
    initialisers don't look at it. ``script`` draws ``matrix`` in an exported script.
    """

    name: str
    label: str
    lesson: str
    draw: Draw
    variance: Callable[[int, int, float], float]
    script: str
    setting: str = "sigma"


def _orthogonal(rng: np.random.Generator, fan_out: int, fan_in: int, _number: float) -> np.ndarray:
    """Haar-distributed orthogonal rows or columns (Saxe et al. 2013; signs fixed as in Mezzadri 2007)."""
    tall = rng.standard_normal((max(fan_out, fan_in), min(fan_out, fan_in)))
    q, r = np.linalg.qr(tall)
    q = q * np.sign(np.diag(r))
    return q if fan_out >= fan_in else q.T


def _nonnormal(rng: np.random.Generator, fan_out: int, fan_in: int, shear: float) -> np.ndarray:
    """Q Θ Qᵀ in real Schur form: eigenvalues of modulus .9 at random angles, and ``shear`` · N(0, 1/n) above them.

    Without shear it is .9 times an orthogonal matrix; shear leaves the eigenvalues where they are (for the strengths that a
    network offers, within .03 even after rounding to float32) and raises σ₁: about 2.1 for shear 1. It takes three units.
    """
    n = max(fan_out, fan_in)
    angles = np.repeat(rng.uniform(0.0, 2 * np.pi, (n + 1) // 2), 2)[:n]
    theta = MODULUS * np.diag(np.cos(angles))
    pairs = np.arange(0, n - 1, 2)
    theta[pairs + 1, pairs] = MODULUS * np.sin(angles[pairs])
    theta[pairs, pairs + 1] = -theta[pairs + 1, pairs]
    if n % 2:
        theta[-1, -1] = MODULUS
    theta += shear / np.sqrt(n) * rng.standard_normal((n, n)) * _above(n)
    rotation = _orthogonal(rng, n, n, 0.0)
    rotated: np.ndarray = rotation @ theta @ rotation.T
    return rotated[:fan_out, :fan_in]


def _above(n: int) -> np.ndarray:
    """Where an n×n matrix lies above the 2×2 blocks on its diagonal."""
    block = np.arange(n) // 2
    return block[:, None] < block


def _nonnormal_variance(fan_out: int, fan_in: int, shear: float) -> float:
    n = max(fan_out, fan_in)
    return fan_in / n * (MODULUS**2 + shear**2 * float(_above(n).mean()))


def _uniform(rng: np.random.Generator, fan_out: int, fan_in: int, _number: float) -> np.ndarray:
    return rng.uniform(-1.0, 1.0, (fan_out, fan_in)) / np.sqrt(fan_in)


def _gaussian(rng: np.random.Generator, fan_out: int, fan_in: int, std: float) -> np.ndarray:
    return std * rng.standard_normal((fan_out, fan_in))


INITIALISERS = registry(
    Initialiser(
        "default",
        "PyTorch default (uniform ±1/√n)",
        "What nn.RNN, nn.GRU and nn.LSTM start from: variance 1/(3n), so a plain RNN shrinks the gradient from the first step.",
        _uniform,
        lambda fan_out, fan_in, sigma: 1.0 / 3.0,
        "matrix = rng.uniform(-1, 1, (fan_out, fan_in)) / np.sqrt(fan_in)",
    ),
    Initialiser(
        "xavier",
        "Xavier (Glorot)",
        "Variance 2/(fan-in + fan-out): keeps a linear layer's signal and gradient at about the same size.",
        lambda rng, fan_out, fan_in, sigma: _gaussian(rng, fan_out, fan_in, np.sqrt(2.0 / (fan_in + fan_out))),
        lambda fan_out, fan_in, sigma: 2.0 * fan_in / (fan_in + fan_out),
        "matrix = np.sqrt(2 / (fan_in + fan_out)) * rng.standard_normal((fan_out, fan_in))",
    ),
    Initialiser(
        "he",
        "He (Kaiming)",
        "Variance 2/fan-in: twice Xavier, because a ReLU lets only half of the units through.",
        lambda rng, fan_out, fan_in, sigma: _gaussian(rng, fan_out, fan_in, np.sqrt(2.0 / fan_in)),
        lambda fan_out, fan_in, sigma: 2.0,
        "matrix = np.sqrt(2 / fan_in) * rng.standard_normal((fan_out, fan_in))",
    ),
    Initialiser(
        "orthogonal",
        "Orthogonal",
        "A rotation: it changes no vector's length, neither forwards nor backwards. Only the activation shrinks the gradient.",
        _orthogonal,
        lambda fan_out, fan_in, sigma: min(1.0, fan_in / fan_out),
        """\
q, r = np.linalg.qr(rng.standard_normal((max(fan_out, fan_in), min(fan_out, fan_in))))
q = q * np.sign(np.diag(r))  # so that every rotation is equally likely
matrix = q if fan_out >= fan_in else q.T""",
    ),
    Initialiser(
        "gaussian",
        "Gaussian N(0, 1/n)",
        "Variance 1/fan-in: spectral radius about 1 for a large square matrix, but singular values from 0 to 2.",
        lambda rng, fan_out, fan_in, sigma: _gaussian(rng, fan_out, fan_in, 1.0 / np.sqrt(fan_in)),
        lambda fan_out, fan_in, sigma: 1.0,
        "matrix = rng.standard_normal((fan_out, fan_in)) / np.sqrt(fan_in)",
    ),
    Initialiser(
        "identity",
        "Identity",
        "Start from 'copy the last state': with ReLU this is the IRNN (Le et al. 2015), whose gradient hardly decays.",
        lambda rng, fan_out, fan_in, sigma: np.eye(fan_out, fan_in),
        lambda fan_out, fan_in, sigma: min(1.0, fan_in / fan_out),
        "matrix = np.eye(fan_out, fan_in)",
    ),
    Initialiser(
        "normal",
        "Normal N(0, σ²)",
        "A fixed spread whatever the width: too small and everything dies, too large and everything saturates or blows up.",
        _gaussian,
        lambda fan_out, fan_in, sigma: fan_in * sigma**2,
        "matrix = SIGMA * rng.standard_normal((fan_out, fan_in))",
    ),
    Initialiser(
        "nonnormal",
        "Non-normal",
        "Eigenvalues below 1 but singular values above: the signal may grow at first and decays only in the end.",
        _nonnormal,
        _nonnormal_variance,
        """\
n = max(fan_out, fan_in)
angles = np.repeat(rng.uniform(0, 2 * np.pi, (n + 1) // 2), 2)[:n]
turns = np.diag(np.cos(angles))  # a rotation of each pair of units
first = np.arange(0, n - 1, 2)
turns[first + 1, first] = np.sin(angles[first])
turns[first, first + 1] = -np.sin(angles[first])
if n % 2:
    turns[-1, -1] = 1
pair = np.arange(n) // 2
above = rng.standard_normal((n, n)) * (pair[:, None] < pair)
q, r = np.linalg.qr(rng.standard_normal((n, n)))
q = q * np.sign(np.diag(r))
matrix = (q @ (0.9 * turns + SHEAR / np.sqrt(n) * above) @ q.T)[:fan_out, :fan_in]""",
        setting="shear",
    ),
)
