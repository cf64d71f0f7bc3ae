"""A slice of the loss over the recurrent weights, with the path that training took across it (question A6).

Diagnosis: is the surface such that the early steps have no say? On a plateau the loss hardly changes with the weights, because
they act through a signal that has died; a cliff is where it suddenly explodes (Pascanu et al. 2013, fig. 6). Two dimensions of
a thousand: ``residual`` says how far the path lies outside of what is drawn. After Goodfellow et al. 2015 and Li et al. 2018.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import torch
from numpy import ndarray

from ..experiment.sampling import held_out
from ..experiment.specs import Experiment, SpecError
from ..networks.base import Parameters
from ..tasks import Batch
from ..training.run import Run, advance, start
from .evaluation import as_tensors, losses, parameters_of
from .planes import PLANES, vector

SIDE_BY_SIDE = 32  # networks that run at once: enough to be fast, few enough for the cache
MARGIN = 0.4  # room around the path, as a share of its extent


@dataclass(frozen=True)
class Slice:
    """loss (G, G): row i, column j at y[i], x[j], on held-out examples, for weights centre + x·first + y·second direction;
    all other parameters as in the last run of the path (untrained without one). x, y (G,): ‖ΔW‖, or for random directions
    multiples of each row's own length.

    steps (S,), path (S, 2): where the path comes nearest to the plane; residual (S,): ‖distance from the plane‖; path_loss
    (S,): the loss that each run really has, with all its own parameters. explained: the share of the path's squared
    distances from its end that lies in the plane (NaN without a path).
    """

    x: ndarray
    y: ndarray
    loss: ndarray
    steps: ndarray
    path: ndarray
    residual: ndarray
    path_loss: ndarray
    explained: float


def walk(experiment: Experiment, frames: int = 25) -> list[Run]:
    """The training's runs at the start, at the end and evenly in between."""
    steps = np.unique(np.linspace(0, experiment.training.steps, frames).round().astype(int))
    runs = [start(experiment)]
    for before, after in pairwise(steps):
        runs.append(advance(runs[-1], int(after - before)))
    return runs


def loss_slice(
    experiment: Experiment,
    path: Sequence[Run] = (),
    plane: str = "random",
    size: int = 31,
    examples: int = 64,
    reach: float | None = None,
) -> Slice:
    """The loss on a plane through the last weights of ``path`` (or the untrained ones), on a grid of ``size`` × ``size``.

    The plane lies in the recurrent matrices (in networks without any: in the matrices of all layers). ``reach``: how far
    the grid goes each way (default: 1 for random directions, else as far as the path goes and a little more). Raises
    SpecError when the path is too short for the plane, or its weights blew up.
    """
    entry, batch = PLANES[plane], held_out(experiment, examples)
    all_weights = [run.parameters for run in path] or [parameters_of(experiment)]
    turned = _turned(all_weights[-1])
    weights = [{name: each[name] for name in turned} for each in all_weights]
    away = np.stack([vector(each) for each in weights]) - vector(weights[-1])
    if not np.isfinite(away).all():
        raise SpecError("the weights blew up: there is no surface left around them")
    if len(np.unique(away, axis=0)) < entry.least:
        raise SpecError(f"the plane “{entry.label}” needs weights at {entry.least} different steps of a training")
    first, second = entry.directions(weights, np.random.default_rng([experiment.seed, 2]))
    basis = np.stack([vector(first), vector(second)], -1)
    places = np.linalg.lstsq(basis, away.T, rcond=None)[0].T
    residual = np.linalg.norm(away - places @ basis.T, axis=1)
    total = float(np.sum(away**2))
    x, y = _ranges(places, size, reach or (0.0 if entry.metric else 1.0))
    real = [losses(experiment, as_tensors(each), batch) for each in all_weights]
    return Slice(
        x,
        y,
        _grid(experiment, all_weights[-1], first, second, x, y, batch),
        np.array([run.step for run in path] or [0]),
        places,
        residual,
        np.array(real, float),
        1 - float(np.sum(residual**2)) / total if total > 0 else np.nan,
    )


def _turned(weights: Parameters) -> list[str]:
    """The names of the matrices that the plane lies in."""
    matrices = [name for name, values in weights.items() if values.ndim > 1]
    recurrent = [name for name in matrices if "weight_hh" in name]
    return recurrent or [name for name in matrices if not name.startswith(("embedding", "readout"))]


def _ranges(places: ndarray, size: int, reach: float) -> list[ndarray]:
    """Coordinates of a grid that is as wide as it is high; ``reach`` 0: as far as the path goes, and a little more."""
    if reach:
        return [np.linspace(-reach, reach, size)] * 2
    low, high = places.min(0), places.max(0)
    half = (0.5 + MARGIN) * (high - low).max()
    return [np.linspace(middle - half, middle + half, size) for middle in (low + high) / 2]


def _grid(
    experiment: Experiment,
    weights: Parameters,
    first: Parameters,
    second: Parameters,
    x: ndarray,
    y: ndarray,
    batch: Batch,
) -> ndarray:
    """The loss at every point, many networks side by side in float32: only the turned matrices have a leading axis."""
    points = np.stack(np.meshgrid(x, y), -1).reshape(-1, 2)
    found = []
    for some in np.array_split(points, -(-len(points) // SIDE_BY_SIDE)):
        a, b = (some[:, axis] for axis in (0, 1))
        moved = {
            name: weights[name] + np.multiply.outer(a, first[name]) + np.multiply.outer(b, second[name])
            for name in first
        }
        found.append(losses(experiment, as_tensors(weights | moved, torch.float32), batch))
    return np.concatenate(found).reshape(len(y), len(x)).astype(float)
