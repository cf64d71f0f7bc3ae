"""A3. The gradient at the cue against what the cue decides, and what replacing it does to a network that has learned."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..experiment.sampling import held_out
from ..experiment.specs import Experiment, Training
from ..fields import SpecError
from ..instruments.factors import ratio
from ..instruments.influence import Influence, influence
from ..instruments.starts import STARTS, Decay, decay
from ..networks import Recurrent
from ..tasks import France
from ..training.finished import trained
from ..wording import scientific
from .base import Contrasts, Question, Verdict
from .settings import CELLS, farther, not_in_force, recurrent, sentences
from .thresholds import LOST

DECIDES = 0.5  # share of replaced words that make another answer right
FAR = 22  # words in between, over which a plain RNN loses nearly all
REMEMBERS = CELLS["LSTM with forget bias 3"]


@dataclass(frozen=True)
class Matters:
    """influence: of each word on the untrained network. decay: of the gradient on its way back, the mean of five starts.

    cue: the position of the word that decides.
    """

    influence: Influence
    decay: Decay
    cue: int


@dataclass(frozen=True)
class Understood:
    """A network that has learned: share of right answers; flips: share of its answers that another cue changes; filler: that
    another word at the place of the loudest filler changes.
    """

    right: float
    flips: float
    filler: float


def measure(experiment: Experiment) -> Matters:
    """Replaces every word. Raises SpecError unless one of them decides the answer."""
    recurrent(experiment)
    seen, cue = influence(experiment), held_out(experiment, 1).cue
    if cue is None or np.isnan(seen.decides):
        raise SpecError("this claim needs a word that decides the answer: choose task=france or task=waswere")
    return Matters(seen, decay(experiment), cue)


def understood(experiment: Experiment) -> Understood:
    """Trains an LSTM with forget bias 3, and replaces the cue and the experiment's loudest filler."""
    result, run = measure(experiment), trained(experiment.changed(**REMEMBERS))
    flips, filler = influence(run.experiment, run, positions=[result.cue, loudest(result)]).flips.tolist()
    return Understood(run.accuracy, flips, filler)


def loudest(result: Matters) -> int:
    """Returns the position of the filler with the largest gradient, the cue's if there is no filler."""
    seen, cue = result.influence, result.cue
    fillers = np.flatnonzero(np.isfinite(seen.change) & (seen.position != cue))
    return int(fillers[np.argmax(seen.log_gradient[fillers])]) if len(fillers) else cue


def _plain(experiment: Experiment) -> Experiment:
    away = experiment if not_in_force(experiment, {"": CELLS["plain RNN"]}) else farther(experiment, FAR)
    return away.changed(**CELLS["plain RNN"])


def contrasts(experiment: Experiment, _result: Matters) -> Contrasts:
    """Returns a network that has learned, how much arrives in it, and in a plain RNN over a long sentence."""
    return {
        "understood": (understood, experiment),
        "LSTM": (decay, experiment.changed(**REMEMBERS)),
        "plain RNN": (decay, _plain(experiment)),
    }


def judge(experiment: Experiment, result: Matters, found: Mapping[str, Any]) -> Verdict:
    """Decides by the gradient at the cue and by what the cue decides."""
    here, seen, cue = result.decay, result.influence, result.cue
    learned, alive, lost = found["understood"], found["LSTM"], found["plain RNN"]
    louder = float(ratio(seen.log_gradient[loudest(result)], seen.log_gradient[cue]))
    tiny, matters = here.reach <= LOST, seen.decides >= DECIDES
    fails = tiny == matters
    return Verdict(
        "fails" if fails else "holds",
        float(np.exp(here.reach)),
        f"The word that decides {seen.decides:.0%} of the answers gets {scientific(here.reach)} of the signal.",
        f"Mean of {STARTS} random starts. Another word in its place makes another answer right in {seen.decides:.0%} of the "
        f"cases. The word before the end with the largest gradient ({scientific(louder)} times the deciding one's) changes "
        f"{learned.filler:.0%} of a trained network's answers.",
        f"Where the gradient survives, it says what matters: an LSTM with forget bias 3 passes {scientific(alive.reach)} on to "
        f"the deciding word and learns the task ({learned.right:.0%} right); another word there then changes {learned.flips:.0%} "
        "of its answers."
        if fails
        else f"With {sentences(_plain(experiment)).gap} words in between, a plain RNN passes on {scientific(lost.reach)} to the "
        "word that decides just as much.",
        {"arrives": float(np.exp(here.reach)), "decides": seen.decides, "filler": float(np.exp(louder))}
        | {
            "lstm arrives": float(np.exp(alive.reach)),
            "lstm right": learned.right,
            "lstm changes": learned.flips,
            "lstm changes, filler": learned.filler,
            "plain arrives": float(np.exp(lost.reach)),
        },
    )


QUESTION = Question(
    "a3_small_influence",
    "A tiny gradient means little influence",
    "A tiny gradient only says that the early steps matter little to the answer.",
    Experiment(Recurrent(), France(gap=22), Training(steps=250, film_every=500)),
    measure,
    contrasts,
    judge,
    ("Bengio, Simard & Frasconi 1994",),
    1.0,
)
