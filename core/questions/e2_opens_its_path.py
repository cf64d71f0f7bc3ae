"""E2. Which plain networks open their own path: at this gap, at twice the gap, and over 100 steps; and from a wider start."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy import ndarray

from ..experiment.specs import Experiment, Training
from ..fields import SpecError
from ..gradients.measure import measure_many
from ..gradients.profile import fit_line
from ..instruments.learning_curves import learning_curve
from ..instruments.starts import starts
from ..networks import Recurrent
from ..tasks import France, Latch
from ..training.finished import survived, trained
from .base import Contrasts, Instrument, Question, Verdict
from .settings import NEAR, near, not_in_force, recurrent, right, sentences
from .thresholds import LEARNED

TRAINED = 3  # networks per distance; some learn and some don't
ENOUGH = 500  # training steps
BIT = Training(steps=300, film_every=300)  # enough to learn to hold one bit, where the gradient arrives
STARTS: dict[str, dict[str, Any]] = {
    "small random": {"cell": "tanh", "initialiser": "default", "gain": 1.0, "radius": 0.0},
    "orthogonal": {"cell": "tanh", "initialiser": "orthogonal", "gain": 1.35, "radius": 0.0},
}


@dataclass(frozen=True)
class Opening:
    """One training, looked at F times: steps, accuracy, radius ρ of the recurrent matrix, slope in nats per step back.

    reach: ln of the share of the signal at the word that decides.
    """

    steps: ndarray
    accuracy: ndarray
    radius: ndarray
    slope: ndarray
    reach: ndarray

    @property
    def final(self) -> float:
        """Returns the accuracy at the end."""
        return float(self.accuracy[-1])


@dataclass(frozen=True)
class Openings:
    """of: one training for each random start, the experiment's own first."""

    of: Sequence[Opening]

    @property
    def learned(self) -> int:
        """Returns how many of the networks learned it."""
        return sum(opening.final >= LEARNED for opening in self.of)

    @property
    def share(self) -> float:
        """Returns the share of the networks that learned it."""
        return self.learned / len(self.of)

    @property
    def best(self) -> Opening:
        """Returns the one that is right most often in the end."""
        return max(self.of, key=lambda opening: opening.final)


def measure(experiment: Experiment) -> Openings:
    """Trains three random starts and looks at their gradients on the way. Raises SpecError if one of them blew up."""
    if not recurrent(experiment).tied or recurrent(experiment).entry.steepest is None:
        raise SpecError(
            "this claim is about simple RNNs whose steps share their weights: choose cell=tanh and tied weights"
        )
    cue = measure_many([experiment])[0].cue or 0
    return Openings([_opening(start, cue) for start in starts(experiment, TRAINED)])


@dataclass(frozen=True)
class Farther:
    """An instrument: twice the gap, and another start where that changes something.

    share: of the networks that learned it at the experiment's own gap.
    """

    share: float

    def __call__(self, experiment: Experiment) -> "Far":
        """Trains three networks there, and three from the other start."""
        gap, steps = sentences(experiment).gap, experiment.training.steps
        far = measure(experiment.changed(gap=2 * gap))
        both, one = min(self.share, far.share) > 0.5, max(self.share, far.share) > 0
        start, words = "small random" if both else "orthogonal", 2 * gap if one else gap
        if both and not not_in_force(experiment, {start: STARTS[start]}):
            words = 4 * gap
        longer = not one and steps < ENOUGH
        other = experiment.changed(gap=words, steps=ENOUGH if longer else steps, **STARTS[start])
        return Far(far, start, words, longer, measure(other))


@dataclass(frozen=True)
class Far:
    """openings: at twice the gap. other: from another ``start``, with so many words in between; ``longer``: trained longer."""

    openings: Openings
    start: str
    words: int
    longer: bool
    other: Openings


def contrasts(experiment: Experiment, result: Openings) -> Contrasts:
    """Returns longer ways, a bit that is held for 100 steps, and a short way where nothing is learned."""
    sentences(experiment)
    bit = replace(experiment, task=Latch(length=101), training=BIT)
    found: dict[str, tuple[Instrument, Experiment]] = {"farther": (Farther(result.share), experiment)}
    found |= {name: (measure, bit.changed(**start)) for name, start in STARTS.items()}
    if not result.learned:
        found["near"] = learning_curve, near(experiment)
    return found


def judge(experiment: Experiment, result: Openings, found: Mapping[str, Any]) -> Verdict:
    """Decides by how many networks learn it at this gap and at twice the gap."""
    gap, far = sentences(experiment).gap, found["farther"]
    learn, learn_far = result.share, far.openings.share
    both, one = min(learn, learn_far) > 0.5, max(learn, learn_far) > 0
    untrained = not one and found["near"].final < LEARNED
    hold = {name: found[name].share for name in STARTS}
    best, factors = result.best, np.exp(result.best.slope)
    return Verdict(
        "holds" if both else "only_when" if one or untrained else "fails",
        learn,
        f"{result.learned} of {TRAINED} networks learn it with {gap} words in between, {far.openings.learned} with {2 * gap}.",
        f"The best one starts with spectral radius ρ = {best.radius[0]:.2f} and a factor of {factors[0]:.2f} per step back; in "
        f"training the factor goes up to {factors.max():.2f} and ends at {factors[-1]:.2f}, with ρ = {best.radius[-1]:.2f} and "
        f"{right(best.final)} right. A single bit is held for 100 steps by {hold['orthogonal']:.0%} of the networks that start "
        f"orthogonal, by {hold['small random']:.0%} of those from small random weights.",
        f"From {far.start} matrices (gain {STARTS[far.start]['gain']:g}) {far.other.learned} of {TRAINED} learn it with "
        f"{far.words} words in between{f' and {ENOUGH} training steps' if far.longer else ''}.",
        {"near": learn, "far": learn_far, f"{far.words} words, {far.start}": far.other.share}
        | {f"100 steps, {name}": share for name, share in hold.items()}
        | {"slope before": float(best.slope[0]), "highest slope": float(best.slope.max())}
        | {"slope after": float(best.slope[-1])}
        | {"radius before": float(best.radius[0]), "radius after": float(best.radius[-1])},
        when=NEAR
        if untrained
        else f"the way is short for such a start: {gap} words rather than {2 * gap}"
        if one and not both
        else "",
    )


def _opening(experiment: Experiment, cue: int) -> Opening:
    film = survived(trained(experiment)).film
    logs = np.array([frame.log_norm for frame in film])
    lag = np.arange(logs.shape[1])[::-1]
    return Opening(
        np.array([frame.step for frame in film]),
        np.array([frame.accuracy for frame in film]),
        np.array([frame.radius for frame in film]),
        np.array([fit_line(lag, log_norm).slope for log_norm in logs]),
        logs[:, cue] - logs[:, -1],
    )


QUESTION = Question(
    "e2_opens_its_path",
    "Not even in a simple RNN",
    "It does not even exist in a simple RNN with shared weights: trained from small weights, it opens its own path.",
    Experiment(Recurrent(), France(gap=10), Training(steps=500, film_every=25)),
    measure,
    contrasts,
    judge,
    ("Schäfer, Udluft & Zimmermann 2008 (in their spirit; their own task's details were not found)",),
    7.0,
)
