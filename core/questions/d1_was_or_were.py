"""D1. Accuracy by the words between noun and verb: this network, with other nouns in between, and a cell that remembers."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..experiment.specs import Experiment, Training
from ..fields import SpecError
from ..networks import Recurrent
from ..tasks import WasWere
from ..training.finished import survived, trained
from .base import Contrasts, Question, Verdict
from .settings import CELLS, not_in_force, recurrent, right, sentences
from .thresholds import GUESSES, LEARNED

GAPS = (2, 4, 10, 15, 20, 30)
SHORT = 4  # words that any network learns to look back
FAR_WORDS = 20  # too far for a plain RNN
REMEMBERS = "LSTM with forget bias 3"
HERE, MISLED = "this network", "this network, two other nouns in between"


@dataclass(frozen=True)
class Distances:
    """gaps (G,): words in between, the experiment's own among them. accuracy: network → its accuracy after training at each."""

    gaps: tuple[int, ...]
    accuracy: Mapping[str, tuple[float, ...]]

    def at(self, network: str, gap: int) -> float:
        """Returns a network's accuracy at one gap."""
        return self.accuracy[network][self.gaps.index(gap)]


def measure(experiment: Experiment) -> Distances:
    """Trains at each distance. Raises SpecError unless one word decides the answer, or if the experiment's own blew up."""
    own = sentences(experiment).gap
    recurrent(experiment)
    survived(trained(experiment.changed(film_every=500)))
    entries = {HERE: experiment, REMEMBERS: experiment.changed(**CELLS[REMEMBERS])}
    if isinstance(experiment.task, WasWere):
        entries[MISLED] = experiment.changed(attractors=2)
    gaps = tuple(sorted({*GAPS, own}))
    return Distances(
        gaps, {name: tuple(accuracy(each.changed(gap=gap)) for gap in gaps) for name, each in entries.items()}
    )


def accuracy(experiment: Experiment) -> float:
    """Trains; returns the share of right answers."""
    return trained(experiment.changed(film_every=500)).accuracy


def _verdict(experiment: Experiment, result: Distances) -> str:
    far, near = (result.at(HERE, gap) for gap in (experiment.setting("gap"), SHORT))
    forgets = far <= experiment.task.shape().chance + GUESSES and near >= LEARNED
    return "holds" if forgets else "fails" if far >= LEARNED else "only_when"


def _other(experiment: Experiment, result: Distances) -> tuple[str, int, Experiment]:
    """Returns name, words in between and settings of a network for which the verdict is another."""
    gap, fails = experiment.setting("gap"), _verdict(experiment, result) == "fails"
    name = "plain RNN" if fails else REMEMBERS
    if not_in_force(experiment, {name: CELLS[name]}):
        words = max(gap, FAR_WORDS) if fails else gap
    else:
        words = min(200, max(2 * gap, FAR_WORDS)) if fails else SHORT
    return name, words, experiment.changed(gap=words, **CELLS[name])


def contrasts(experiment: Experiment, result: Distances) -> Contrasts:
    """Returns a network for which the verdict is another, unless it is drawn."""
    name, words, other = _other(experiment, result)
    return {} if name in result.accuracy and words in result.gaps else {"other": (accuracy, other)}


def judge(experiment: Experiment, result: Distances, found: Mapping[str, Any]) -> Verdict:
    """Decides by what is learned at the experiment's own distance and at a short one."""
    gap, chance = experiment.setting("gap"), experiment.task.shape().chance
    if MISLED not in result.accuracy:
        raise SpecError("this claim is about nouns and verbs: choose task=waswere")
    far, near, misled = result.at(HERE, gap), result.at(HERE, SHORT), result.at(MISLED, SHORT)
    verdict = _verdict(experiment, result)
    name, words, _ = _other(experiment, result)
    other = found["other"] if found else result.at(name, words)
    limit = (
        "the distance is neither short nor long for this cell"
        if near >= LEARNED
        else "short distances are learned at all"
    )
    return Verdict(
        verdict,
        far,
        f"With {gap} words in between, {right(far)} of the verbs are right (guessing: {chance:.0%}).",
        f"With {SHORT} words in between the same network learns {right(near)}, and {right(misled)} if two of the {SHORT} are "
        f"other nouns. Learned means at least {LEARNED:.0%}.",
        f"With {words} words in between, the {name} is right in {right(other)}.",
        {"far": far, "near": near, "attractors": misled, name: other},
        when=limit if verdict == "only_when" else "",
    )


QUESTION = Question(
    "d1_was_or_were",
    "Was or were?",
    "With vanishing gradients the network cannot tell was from were when the noun is far away.",
    Experiment(Recurrent(), WasWere(gap=20), Training(steps=400, film_every=500)),
    measure,
    contrasts,
    judge,
    ("Linzen, Dupoux & Goldberg 2016",),
    8.0,
)
