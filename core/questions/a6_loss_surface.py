"""A6. How much of a plane through the recurrent weights lies below the loss of guessing: there the early word is heard."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from ..experiment.sampling import held_out
from ..experiment.specs import Experiment, Training
from ..fields import SpecError
from ..instruments.slices import Slice, loss_slice, walk
from ..networks import Recurrent
from ..tasks import France
from ..training.finished import survived
from .base import Contrasts, Question, Verdict
from .settings import CELLS, farther, recurrent, sentences

FRAMES = 9  # weights along the training that the plane is laid through
SIDE = 21  # points on a side of the plane
EXAMPLES = 64  # that each point is judged by
HEARD = 0.1  # nats below the loss of guessing: the cue has a say in the decision
NOWHERE = 0.01  # share of the plane that is nothing
SOME = 0.1  # share of the plane that is more than a lucky corner
FAR = 20  # words, a gap that a plain RNN can't learn
SHORT = 5  # words, a gap that it can


@dataclass(frozen=True)
class Surface:
    """slice: the loss on the plane in which training moved most. guess: the loss of whoever does not hear the cue.

    accuracy: after training.
    """

    slice: Slice
    guess: float
    accuracy: float

    @property
    def heard(self) -> float:
        """Returns the share of the plane whose loss is clearly below guessing."""
        return float((self.slice.loss < self.guess - HEARD).mean())

    @property
    def spread(self) -> float:
        """Returns the standard deviation of the loss over the plane, in nats."""
        return float(self.slice.loss.std())

    @property
    def cliff(self) -> float:
        """Returns the largest difference of the loss between neighbouring points, in nats."""
        steps = np.concatenate([np.diff(self.slice.loss, axis=axis).ravel() for axis in (0, 1)])
        return float(np.abs(steps).max())


def measure(experiment: Experiment) -> Surface:
    """Trains, and looks around the path. Raises SpecError if the weights blew up or there is no plane."""
    if recurrent(experiment).hidden < 2:
        raise SpecError("a plane needs more than one weight to turn: take two hidden units or more")
    path = walk(experiment, FRAMES)
    survived(path[-1])
    targets = held_out(experiment, EXAMPLES).targets
    shares = np.bincount(targets) / len(targets)
    guess = -float(np.sum(shares[shares > 0] * np.log(shares[shares > 0])))
    return Surface(loss_slice(experiment, path, "path", SIDE, EXAMPLES), guess, path[-1].accuracy)


def contrasts(experiment: Experiment, result: Surface) -> Contrasts:
    """Returns a short gap and an LSTM; and a plain RNN with a long gap, where the word is heard."""
    gap = sentences(experiment).gap
    near = {
        "short": (measure, experiment.changed(gap=min(SHORT, gap))),
        "LSTM": (measure, experiment.changed(**CELLS["LSTM with forget bias 3"])),
    }
    return near | ({"plain RNN": (measure, _plain(experiment))} if _verdict(result) == "fails" else {})


def _plain(experiment: Experiment) -> Experiment:
    far = farther(experiment, FAR) if sentences(experiment).gap < FAR else experiment
    return far.changed(**CELLS["plain RNN"])


def _verdict(result: Surface) -> str:
    return "holds" if result.heard < NOWHERE else "fails" if result.heard >= SOME else "only_when"


def judge(experiment: Experiment, result: Surface, found: Mapping[str, Surface]) -> Verdict:
    """Decides by the share of the plane on which the early word is heard."""
    gap, short = sentences(experiment).gap, min(SHORT, sentences(experiment).gap)
    near, lstm, flat = found["short"], found["LSTM"], found.get("plain RNN", result)
    verdict, words = _verdict(result), sentences(_plain(experiment)).gap
    return Verdict(
        verdict,
        result.heard,
        f"On {result.heard:.0%} of the plane that training walks on, the early word has a say in the answer."
        if result.heard
        else "Nowhere on the plane that training walks on has the early word a say in the answer.",
        f"There the loss is below guessing, with {gap} words in between. Over the plane it varies by {result.spread:.3f} nats "
        f"(standard deviation), and by {result.cliff:.2f} at most between neighbouring points.",
        f"In a plain RNN with {words} words in between it has a say on {flat.heard:.0%} of the plane."
        if verdict == "fails"
        else f"With {short} words in between it has a say on {near.heard:.0%} of the plane, and in an LSTM with forget "
        f"bias 3 with {gap} words on {lstm.heard:.0%}.",
        {"heard": result.heard, "spread": result.spread, "cliff": result.cliff}
        | {f"{short} words, {name}": getattr(near, name) for name in ("heard", "spread", "cliff")}
        | {"LSTM, heard": lstm.heard, "plain RNN, heard": flat.heard},
        when="the weights lie outside of a few valleys" if verdict == "only_when" else "",
    )


QUESTION = Question(
    "a6_loss_surface",
    "Or is it the loss surface?",
    "The loss surface of a plain RNN is such that early steps tend not to influence the decision.",
    Experiment(Recurrent(), France(gap=20), Training(steps=400, film_every=500)),
    measure,
    contrasts,
    judge,
    ("Pascanu, Mikolov & Bengio 2013",),
    2.0,
)
