"""B5. Which networks learn to say French when France is far away, and which word the answer then hangs on."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from ..experiment.sampling import held_out
from ..experiment.specs import Experiment, Training
from ..instruments.influence import influence
from ..instruments.learning_curves import LearningCurve, MeanCurve, observed
from ..networks import Recurrent
from ..tasks import France
from .base import Contrasts, Question, Verdict
from .settings import CELLS, KEEPERS, called, farther, recurrent, right, sentences
from .thresholds import LEARNED

TRAINED = 2  # random starts of each network
FAR = 20  # words: too far for a plain RNN
SHORT = 3  # words: near enough for any cell
IDENTITY = "ReLU from the identity"
AS_SET = "as set above"  # where that is none of the others

mean_curve = MeanCurve(TRAINED)


@dataclass(frozen=True)
class Networks:
    """curves: name → mean learning curve of ``TRAINED`` random starts. own: the name of the experiment's own.

    country: share of the answers that another word at the place of the country changes, in the best of ``CELLS``; word: the most
    that another word in any other place does.
    """

    curves: Mapping[str, LearningCurve]
    own: str
    country: float
    word: float

    @property
    def accuracy(self) -> float:
        """Returns the accuracy of the experiment's own network."""
        return self.curves[self.own].final

    @property
    def cells(self) -> dict[str, float]:
        """Returns the accuracy of each of ``CELLS``."""
        return {name: self.curves[name].final for name in CELLS}

    @property
    def learned(self) -> list[str]:
        """Returns which of ``CELLS`` learn the task."""
        return [name for name, accuracy in self.cells.items() if accuracy >= LEARNED]

    @property
    def verdict(self) -> str:
        """Returns "holds" if all of them learn it and the experiment's own network, too; "only_when" if some do."""
        everyone = len(self.learned) == len(CELLS) and self.accuracy >= LEARNED
        return "holds" if everyone else "only_when" if self.learned else "fails"


def measure(experiment: Experiment) -> Networks:
    """Trains five networks, and the experiment's own if it is another one; replaces words in the best of them."""
    recurrent(experiment)
    sentences(experiment)
    entries = {name: experiment.changed(**settings) for name, settings in CELLS.items()}
    entries[IDENTITY] = experiment.changed(**KEEPERS[IDENTITY])
    if experiment not in entries.values():
        entries[AS_SET] = experiment
    curves = {name: mean_curve(entry) for name, entry in entries.items()}
    own = next(name for name, entry in entries.items() if entry == experiment)
    best = entries[max(CELLS, key=lambda name: curves[name].final)]
    flips, cue = influence(best, observed(best)).flips, held_out(experiment, 1).cue or 0
    return Networks(curves, own, float(flips[cue]), float(np.nanmax(np.delete(flips, cue), initial=0.0)))


def contrasts(experiment: Experiment, result: Networks) -> Contrasts:
    """Returns the experiment's network with few words in between, and a plain RNN with more or fewer of them."""
    near = experiment.changed(gap=min(SHORT, sentences(experiment).gap))
    return {"near": (mean_curve, near), "turned": (mean_curve, _turned(experiment, result))}


def _turned(experiment: Experiment, result: Networks) -> Experiment:
    plain = experiment.changed(**CELLS["plain RNN"])
    near = min(SHORT, sentences(experiment).gap // 2)
    return farther(plain, FAR) if result.verdict == "holds" else plain.changed(gap=near)


def judge(experiment: Experiment, result: Networks, found: Mapping[str, LearningCurve]) -> Verdict:
    """Decides by which cells learn to answer at this distance."""
    shares = ", ".join(f"{name} {right(share)}" for name, share in result.cells.items())
    other, near, turned = _turned(experiment, result), found["near"].final, found["turned"].final
    return Verdict(
        result.verdict,
        result.accuracy,
        f"The {called(experiment)} is right in {right(result.accuracy)} with {sentences(experiment).gap} words in between.",
        f"Mean of {TRAINED} random starts: {shares}; learned means at least {LEARNED:.0%}. In the best one another country "
        f"changes {result.country:.0%} of the answers, another word in any other place at most {result.word:.0%}.",
        f"With {sentences(other).gap} words in between the {called(other)} is right in {right(turned)}.",
        {"here": result.accuracy, "near": near, "another country": result.country, "another word": result.word}
        | {"turned": turned}
        | result.cells,
        when=f"the cell keeps the gradient that far, as {' and '.join(result.learned)} here"
        if result.verdict == "only_when"
        else "",
    )


QUESTION = Question(
    "b5_france",
    "Look back to France",
    "“I went to France … now I speak __”: the network must, and can, look far back to say French.",
    Experiment(Recurrent(), France(gap=20), Training(steps=250, film_every=500)),
    measure,
    contrasts,
    judge,
    ("Hochreiter & Schmidhuber 1997", "Jozefowicz, Zaremba & Sutskever 2015"),
    8.0,
)
