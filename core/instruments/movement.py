"""What training moved, and whether it mattered (questions A4, A5).

Diagnosis: with a vanishing gradient and plain SGD the first layers stay where they were drawn, and a network that was trained
does not get worse when they are drawn anew: it never used them but as noise. In a healthy network every layer moves, and
without the first ones it knows nothing. Adam moves every layer, whether its gradient says anything or not. Re-randomising
layers after training: Zhang, Bengio & Singer 2019, "Are all layers created equal?".
"""

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy import ndarray

from ..experiment.sampling import held_out, initial
from ..experiment.specs import Experiment, next_seed
from ..networks.base import Parameters
from ..training.run import Run, advance, layer_of, start
from .evaluation import score

MOVED = 0.1  # a weight has moved when it is farther away than this share of its tensor's initial spread


@dataclass(frozen=True)
class Movement:
    """Of each weight matrix since the start: names (P,); layer (P,): 1 … depth, 0 for word vectors, depth + 1 for the
    read-out. relative (P,): ‖W − W₀‖/‖W₀‖. share (P,): of its weights with |w − w₀| above a tenth of the standard deviation
    of W₀'s entries. layers (L,), by_layer (L,), share_by_layer (L,): the same for all matrices of a layer together.
    """

    names: tuple[str, ...]
    layer: ndarray
    relative: ndarray
    share: ndarray
    layers: ndarray
    by_layer: ndarray
    share_by_layer: ndarray


@dataclass(frozen=True)
class Undone:
    """layers (J,): 0 … depth, how many of the first layers (with the word vectors, if any) were undone after training.

    Held-out loss and accuracy (J,) with these layers reset to their initial weights, and redrawn: the mean over ``draws``
    fresh initial weights of other seeds.
    """

    layers: ndarray
    reset_loss: ndarray
    reset_accuracy: ndarray
    redrawn_loss: ndarray
    redrawn_accuracy: ndarray
    draws: int


@dataclass(frozen=True)
class Frozen:
    """kept (K,): how many of the last layers were trained (0: all), the others frozen as they were drawn. Held-out loss and
    accuracy (K,) after training."""

    kept: ndarray
    loss: ndarray
    accuracy: ndarray


def movement(run: Run) -> Movement:
    """How far each matrix of a run has come."""
    before, after = initial(run.experiment), run.parameters
    names = tuple(name for name, values in before.items() if values.ndim > 1)
    layer = np.array([_layer(name, before) for name in names])
    changes = [after[name].astype(float) - before[name] for name in names]
    far = [np.abs(change) > MOVED * before[name].std() for name, change in zip(names, changes, strict=True)]
    # for each matrix: Σ ΔW², Σ W₀², how many weights moved, how many there are
    columns = [
        np.array([(change**2).sum(), (before[name].astype(float) ** 2).sum(), moved.sum(), moved.size])
        for name, change, moved in zip(names, changes, far, strict=True)
    ]
    sums = np.array(columns)
    layers = np.unique(layer)
    together = np.array([sums[layer == each].sum(0) for each in layers])
    with np.errstate(all="ignore"):
        relative, by_layer = (np.sqrt(each[:, 0] / each[:, 1]) for each in (sums, together))
    return Movement(names, layer, relative, sums[:, 2] / sums[:, 3], layers, by_layer, together[:, 2] / together[:, 3])


def undo(run: Run, draws: int = 3) -> Undone:
    """Takes the training of the first 0 … all layers back, and looks what becomes of the network."""
    experiment, batch = run.experiment, held_out(run.experiment)
    others = [dataclasses.replace(experiment, seed=next_seed(experiment.seed, i + 1)) for i in range(draws)]
    depth = _depth(run.parameters)

    def without(fresh: Parameters) -> ndarray:
        """(loss, accuracy) × (J,) with the first layers taken from ``fresh``."""
        each = []
        for j in range(depth + 1):
            mixed = {
                name: fresh[name] if j and _layer(name, fresh) <= j else own for name, own in run.parameters.items()
            }
            each.append(score(experiment, mixed, batch))
        return np.array(each, float).T

    redrawn = np.mean([without(initial(other)) for other in others], axis=0)
    reset = without(initial(experiment))
    return Undone(np.arange(depth + 1), reset[0], reset[1], redrawn[0], redrawn[1], draws)


def freeze(experiment: Experiment, kept: Sequence[int]) -> Frozen:
    """Trains the experiment once for each number of last layers in ``kept``, from the same initial weights."""
    batch, each = held_out(experiment), []
    for last in kept:
        training = dataclasses.replace(experiment.training, train_last=last)
        run = advance(start(dataclasses.replace(experiment, training=training)), training.steps)
        each.append(score(experiment, run.parameters, batch))
    loss, accuracy = np.array(each, float).T
    return Frozen(np.array(kept), loss, accuracy)


def _depth(parameters: Parameters) -> int:
    return max((layer_of(name) or 0 for name in parameters), default=0)


def _layer(name: str, parameters: Parameters) -> int:
    return _depth(parameters) + 1 if name.startswith("readout") else layer_of(name) or 0
