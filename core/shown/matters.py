"""Does a small gradient matter? What the pictures of rows A1 to A6 are made of."""

from dataclasses import dataclass

import numpy as np

from ..claims.measures import LAYERS, SEEDS, seeds
from ..claims.settings import changed, survived, trained
from ..experiment.specs import Experiment
from ..gradients.measure import measure_many
from ..gradients.profile import GradientProfile
from ..instruments.exactness import Exactness, check
from ..instruments.measure import predict
from ..instruments.movement import Movement, Undone, movement, undo
from ..instruments.slices import Slice, loss_slice, walk
from ..instruments.underflow import Underflow, underflow

ADAM = {"optimiser": "adam", "learning_rate": 3e-3}


def fan(experiment: Experiment) -> list[GradientProfile]:
    """The untrained network's profile with theory beside it, and those of four more random starts."""
    first, *others = measure_many(seeds(experiment, SEEDS))
    return [first.with_predictions(*predict(experiment)), *others]


@dataclass(frozen=True)
class Exact:
    """profile: of the experiment. check: backpropagation against finite differences. ends: where number formats give up."""

    profile: GradientProfile
    check: Exactness
    ends: Underflow


def exactness(experiment: Experiment) -> Exact:
    """All three. Raises SpecError where one of them can't be had."""
    return Exact(measure_many([experiment])[0], check(experiment), underflow(experiment))


@dataclass(frozen=True)
class Moved:
    """Movement of each layer in training, by name: the experiment's own first, then others for comparison."""

    by_name: dict[str, Movement]
    accuracy: float


def moved(experiment: Experiment) -> Moved:
    """Trains the experiment, the same with healthy layers, and the same with Adam. Raises SpecError if it blew up."""
    others = {"tanh, Xavier": changed(experiment, **LAYERS["tanh with Xavier weights"])}
    others["here, with Adam"] = changed(experiment, **ADAM)
    own = survived(trained(experiment))
    found = {"here": movement(own)} | {name: movement(trained(each)) for name, each in others.items()}
    return Moved(found, own.accuracy)


@dataclass(frozen=True)
class Noise:
    """undone: the loss when the first layers are taken back, here and in a healthy network (tanh); guess: loss of guessing."""

    here: Undone
    healthy: Undone
    share: float
    guess: float


def noise(experiment: Experiment) -> Noise:
    """Trains both, then redraws the first 0 … all layers. Raises SpecError if the experiment's own blew up."""
    run = survived(trained(experiment))
    found = movement(run)
    share = float(np.average(found.share, weights=[run.parameters[name].size for name in found.names]))
    healthy = trained(changed(experiment, **LAYERS["tanh with Xavier weights"]))
    return Noise(undo(run), undo(healthy), share, experiment.task.shape().chance_loss)


@dataclass(frozen=True)
class Surface:
    """slice: the loss on the plane in which training moved most. heard: share of it with a loss below guessing by 0.1 nats."""

    slice: Slice
    heard: float
    accuracy: float


def surface(experiment: Experiment) -> Surface:
    """Trains, and looks around the path. Raises SpecError if the weights blew up."""
    path = walk(experiment, 13)
    survived(path[-1])
    found = loss_slice(experiment, path, "path", 25)
    guess = experiment.task.shape().chance_loss
    return Surface(found, float((found.loss < guess - 0.1).mean()), path[-1].accuracy)
