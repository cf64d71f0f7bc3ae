"""A5. Share of weights that moved, and the loss when the first half of the layers is drawn anew after training."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..experiment.specs import Experiment
from ..instruments.movement import Frozen, Undone, freeze, movement, undo
from ..training.finished import survived, trained
from ..wording import signed
from .base import Contrasts, Question, Verdict
from .settings import LAYERS, SMALL_MLP, layered

NO_CHANGE = 0.01  # of the loss of guessing: what may change when a layer is noise


@dataclass(frozen=True)
class Used:
    """What of one trained network is used.

    moved: share of all weights that moved by more than a tenth of their tensor's spread. undone: the loss when the first 0 … all
    layers are drawn anew. loss, accuracy: after training.
    """

    moved: float
    undone: Undone
    loss: float
    accuracy: float

    @property
    def worse(self) -> float:
        """Returns the nats by which the loss rises when the first half of the layers is drawn anew."""
        redrawn = self.undone.redrawn_loss
        return float(redrawn[(len(redrawn) - 1) // 2] - redrawn[0])


@dataclass(frozen=True)
class Noise:
    """here: the experiment's network, healthy: the same with tanh and Xavier weights. guess: the loss of guessing."""

    here: Used
    healthy: Used
    guess: float


def measure(experiment: Experiment) -> Noise:
    """Trains both, then redraws the first 0 … all layers. Raises SpecError if the experiment's own blew up."""
    layered(experiment)
    survived(trained(experiment))
    healthy = experiment.changed(**LAYERS["tanh with Xavier weights"])
    return Noise(used(experiment), used(healthy), experiment.task.shape().chance_loss)


def used(experiment: Experiment) -> Used:
    """Trains one network, and looks what of it is used."""
    run = trained(experiment)
    found = movement(run)
    moved = float(np.average(found.share, weights=[run.parameters[name].size for name in found.names]))
    return Used(moved, undo(run), run.film[-1].loss, run.accuracy)


def half_frozen(experiment: Experiment) -> Frozen:
    """Trains the last half of the layers alone."""
    depth = layered(experiment).depth
    return freeze(experiment, [depth - depth // 2])


def contrasts(experiment: Experiment, _result: Noise) -> Contrasts:
    """Returns the network whose first half is frozen, and one with sigmoid units."""
    sigmoid = experiment.changed(**LAYERS["sigmoid with Xavier weights"])
    return {"frozen": (half_frozen, experiment)} | ({"sigmoid": (used, sigmoid)} if sigmoid != experiment else {})


def judge(experiment: Experiment, result: Noise, found: Mapping[str, Any]) -> Verdict:
    """Decides by whether the loss notices that the first half of the layers was drawn anew."""
    here, healthy, guess, half = result.here, result.healthy, result.guess, layered(experiment).depth // 2
    frozen, sigmoid = float(found["frozen"].loss[0]), found.get("sigmoid", here)
    noise, needed = here.worse < NO_CHANGE * guess, healthy.worse >= NO_CHANGE * guess
    verdict = "fails" if not noise else "only_when" if needed else "holds"
    return Verdict(
        verdict,
        here.worse,
        redrawn(half, here.loss, here.loss + here.worse),
        f"After training {here.moved:.0%} of the weights have moved, and the network is right in {here.accuracy:.0%}. With "
        f"{first(half)} frozen from the start the loss comes to {frozen:.3f} (guessing: {guess:.3f}).",
        f"A network with sigmoid and Xavier weights: the same redrawing changes its loss by {signed(sigmoid.worse, 3)}."
        if verdict == "fails"
        else f"A healthy network needs all of its layers: with tanh and Xavier weights {healthy.moved:.0%} of the weights move, "
        f"and the same redrawing raises the loss by {healthy.worse:.1f}.",
        {"worse": here.worse, "moved": here.moved, "frozen": frozen, "loss": here.loss, "accuracy": here.accuracy}
        | {"tanh worse": healthy.worse, "tanh moved": healthy.moved, "sigmoid worse": sigmoid.worse},
        when="the gradient does not reach the first layers, as here but not with tanh"
        if verdict == "only_when"
        else "",
    )


def redrawn(half: int, before: float, after: float) -> str:
    """Says what drawing layers 1 to ``half`` anew does to the loss, as a sentence."""
    if f"{before:.3f}" == f"{after:.3f}":
        return f"Redrawing {first(half)} changes nothing (loss {before:.3f} before and after)."
    return f"Redrawing {first(half)} takes the loss from {before:.3f} to {after:.3f}."


def first(half: int) -> str:
    """Returns the first ``half`` layers in words."""
    return f"layers 1–{half}" if half > 1 else "layer 1"


QUESTION = Question(
    "a5_noise",
    "The rest is noise",
    "Such a network uses a small share of its weights; the rest is the noise of its initialisation.",
    SMALL_MLP,
    measure,
    contrasts,
    judge,
    ("Zhang, Bengio & Singer 2019",),
    1.5,
)
