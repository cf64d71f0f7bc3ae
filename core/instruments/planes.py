"""Planes through the space of weights: the two directions that a slice of the loss is spanned by."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy import ndarray

from ..fields import SpecError
from ..networks.base import Parameters
from ..registry import registry

Directions = tuple[Parameters, Parameters]


@dataclass(frozen=True)
class Plane:
    """``directions(path, rng)`` → two directions from the last weights of ``path`` (a list, oldest first), tensor by tensor.

    ``least``: how many different weights the path must have. ``metric``: coordinates are distances ‖ΔW‖; else multiples of
    the directions.
    """

    name: str
    label: str
    lesson: str
    directions: Callable[[list[Parameters], np.random.Generator], Directions]
    least: int
    metric: bool


def vector(tensors: Parameters) -> ndarray:
    """All tensors one after another, float64."""
    return np.concatenate([np.ravel(tensor).astype(float) for tensor in tensors.values()])


def like(tensors: Parameters, values: ndarray) -> Parameters:
    """A vector cut into the shapes of ``tensors``."""
    ends = np.cumsum([tensor.size for tensor in tensors.values()])[:-1]
    return {name: part.reshape(tensors[name].shape) for name, part in zip(tensors, np.split(values, ends), strict=True)}


def _random(path: list[Parameters], rng: np.random.Generator) -> Directions:
    """Gaussian, each row as long as the same row of the weights (Li et al. 2018, §4: filter normalisation)."""

    def one() -> Parameters:
        direction = {}
        for name, weight in path[-1].items():
            flat = rng.standard_normal((*weight.shape[:-1], weight.shape[-1]))
            row = np.linalg.norm(flat, axis=-1, keepdims=True)
            direction[name] = flat / row * np.linalg.norm(weight.astype(float), axis=-1, keepdims=True)
        return direction

    return one(), one()


def _principal(path: list[Parameters], rng: np.random.Generator) -> Directions:
    """The two leading right singular vectors of (W_0 − W_end, W_1 − W_end, …) (Li et al. 2018, §7.2)."""
    vectors = np.stack([vector(weights) for weights in path])
    if vectors.shape[1] < 2:
        raise SpecError("a plane needs two weights at least: choose more hidden units")
    _, _, rows = np.linalg.svd(vectors[:-1] - vectors[-1], full_matrices=False)
    return like(path[-1], rows[0]), like(path[-1], rows[1])


def _ends(path: list[Parameters], rng: np.random.Generator) -> Directions:
    """From the start to the end, and a random direction at right angles to it; both of length 1."""
    along = vector(path[-1]) - vector(path[0])
    along /= np.linalg.norm(along)
    across = rng.standard_normal(along.shape)
    across -= along * (along @ across)
    return like(path[-1], along), like(path[-1], across / np.linalg.norm(across))


PLANES = registry(
    Plane(
        "random",
        "Two random directions",
        "What the neighbourhood looks like if one strays anywhere; each row is moved in proportion to its own size.",
        _random,
        1,
        False,
    ),
    Plane(
        "path",
        "The training's own plane",
        "The two directions in which training moved the weights most: the best flat view of its path.",
        _principal,
        3,
        True,
    ),
    Plane(
        "ends",
        "From start to end",
        "Along the straight line from the first weights to the last, and across it.",
        _ends,
        2,
        True,
    ),
)
