"""A4. How far each layer's weights move in training, against other activations and against Adam."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy import ndarray

from ..experiment.specs import Experiment
from ..instruments.movement import movement
from ..instruments.starts import STARTS, decay
from ..training.finished import survived, trained
from ..wording import number
from .base import Contrasts, Question, Verdict
from .settings import LAYERS, SMALL_MLP, layered, not_in_force

STILL = 0.01  # relative movement ‖ΔW‖/‖W₀‖ below which a layer counts as paralysed
ADAM = {"optimiser": "adam", "learning_rate": 3e-3}
HEALTHY = "tanh with Xavier weights"


@dataclass(frozen=True)
class Moved:
    """here, tanh, adam (L,): ‖ΔW‖/‖W₀‖ of layers 1 … L in training, of the experiment's network, of the same with tanh and Xavier
    weights, and of the same trained with Adam. accuracy: of the experiment's, after training.
    """

    here: ndarray
    tanh: ndarray
    adam: ndarray
    accuracy: float


def measure(experiment: Experiment) -> Moved:
    """Trains all three. Raises SpecError if the experiment's own blew up."""
    layered(experiment)
    run = survived(trained(experiment))
    healthy, adam = experiment.changed(**LAYERS[HEALTHY]), experiment.changed(**ADAM)
    return Moved(moved(experiment), moved(healthy), moved(adam), run.accuracy)


def moved(experiment: Experiment) -> ndarray:
    """Trains one network; returns ‖ΔW‖/‖W₀‖ of layers 1 … depth."""
    found = movement(trained(experiment))
    return np.asarray(found.by_layer[(found.layers >= 1) & (found.layers <= layered(experiment).depth)])


def contrasts(experiment: Experiment, _result: Moved) -> Contrasts:
    """Returns the other activations with the weights made for them, and how the gradient decays before training."""
    others = {name: (moved, experiment.changed(**settings)) for name, settings in LAYERS.items() if name != HEALTHY}
    return others | {"decay": (decay, experiment)}


def still(layers: ndarray) -> float:
    """Returns the share of layers that hardly moved."""
    return float((layers < STILL).mean())


def judge(experiment: Experiment, result: Moved, found: Mapping[str, Any]) -> Verdict:
    """Decides by the share of layers that hardly move."""
    depth, back, here = layered(experiment).depth, found["decay"], result.here
    layers: dict[str, ndarray] = {name: result.tanh if name == HEALTHY else found[name] for name in LAYERS}
    stay = {name: still(each) for name, each in {"here": here, **layers, "Adam": result.adam}.items()}
    spared = [name for name in LAYERS if stay[name] < 0.5]
    verdict = "fails" if stay["here"] < 0.5 else "only_when" if spared else "holds"
    least = {name: layers[name].min() for name in spared}
    if experiment.training.optimiser != "adam":
        least["here, with Adam"] = result.adam.min()
    healthy = [name.replace(" with ", " and ") for name in spared]
    stuck = max(not_in_force(experiment, LAYERS), key=lambda name: stay[name])
    return Verdict(
        verdict,
        stay["here"],
        f"{round(stay['here'] * depth)} of {depth} layers hardly move: by less than 1% of their weights' length."
        if stay["here"]
        else f"All layers move, by {here.min():.0%} of their weights' length or more.",
        f"In training the first layer moves by {number(here[0])} of its weights' length, the last one by {number(here[-1])}. "
        f"Before training, each layer back multiplies the gradient by {back.rate:.3f} (mean of {STARTS} random starts).",
        f"It needs a gradient that shrinks from layer to layer: {round(stay[stuck] * depth)} of {depth} layers hardly move in "
        f"a network with {stuck.replace(' with ', ' and ')}."
        if verdict == "fails"
        else "The least that any layer moves: "
        + ", ".join(f"{number(value)} ({name})" for name, value in least.items())
        + ".",
        {"first": float(here[0]), "last": float(here[-1]), "rate": back.rate}
        | {f"{name}, still": share for name, share in stay.items()},
        when=f"activation and weights shrink the signal, as here and not with {' or '.join(healthy)}"
        if verdict == "only_when"
        else "",
    )


QUESTION = Question(
    "a4_last_layers",
    "Only the last layers learn",
    "It vanishes exponentially with depth, so even moderately deep networks are paralysed: only the last layers learn.",
    SMALL_MLP,
    measure,
    contrasts,
    judge,
    ("Glorot & Bengio 2010",),
    2.0,
)
