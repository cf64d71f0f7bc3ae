"""E8. Later remedies side by side: what of the signal arrives before training, and who has learned after it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from ..experiment.remedies import PLAIN, REMEDIES
from ..experiment.specs import Experiment, Training
from ..instruments.learning_curves import LearningCurve, learning_curve, learning_curves
from ..networks import Attention, Recurrent
from ..tasks import France
from ..wording import scientific
from .base import Contrasts, Instrument, Question, Verdict
from .settings import NEAR, near, recurrent, right, scores, sentences
from .thresholds import LEARNED

Curves = Mapping[str, LearningCurve]  # by name, one random start each
LATER = {
    REMEDIES[name].label: {**PLAIN, **REMEDIES[name].settings}
    for name in ("orthogonal", "layernorm", "chrono", "mingru", "lru")
}
ANSWERS = (*LATER, "attention")


@dataclass(frozen=True)
class LaterAnswers:
    """An instrument: networks with the later remedies called so; ``memory``: steps that chrono biases are for."""

    names: tuple[str, ...]
    memory: int

    def __call__(self, experiment: Experiment) -> Curves:
        """Trains one network after the other."""
        return learning_curves({name: self.answer(experiment, name) for name in self.names})

    def answer(self, experiment: Experiment, name: str) -> Experiment:
        """Returns the experiment with one remedy."""
        if name == "attention":
            return replace(experiment, network=Attention())
        chrono = {"chrono": self.memory} if "chrono" in name else {}
        return experiment.changed(**{**LATER[name], **chrono})


def measure(experiment: Experiment) -> Curves:
    """Trains a plain RNN and the later remedies; chrono biases are for as many steps as the task has."""
    recurrent(experiment)
    later = LaterAnswers(ANSWERS, experiment.task.shape().steps)
    return {"plain RNN": learning_curve(experiment.changed(**PLAIN)), **later(experiment)}


def contrasts(experiment: Experiment, result: Curves) -> Contrasts:
    """Returns another gap for those that failed, and a short one where none has learned."""
    lost, words = _lost(result), _elsewhere(experiment, result)
    names = tuple(lost) or ("orthogonal", "LayerNorm")
    other = LaterAnswers(names, experiment.task.shape().steps)
    found: dict[str, tuple[Instrument, Experiment]] = {"elsewhere": (other, experiment.changed(gap=words))}
    if len(lost) == len(ANSWERS):
        found["near"] = learning_curve, near(experiment)
    return found


def judge(experiment: Experiment, result: Curves, found: Mapping[str, Any]) -> Verdict:
    """Decides by how many of them have learned."""
    later, lost = {name: result[name].final for name in ANSWERS}, _lost(result)
    elsewhere = {name: curve.final for name, curve in found["elsewhere"].items()}
    plain, gap, words = result["plain RNN"].final, sentences(experiment).gap, _elsewhere(experiment, result)
    share = 1 - len(lost) / len(later)
    untrained = "near" in found and found["near"].final < LEARNED
    verdict = "holds" if not lost else "only_when" if share or untrained else "fails"
    return Verdict(
        verdict,
        share,
        f"{len(later) - len(lost)} of {len(later)} later remedies learn it with {gap} words in between.",
        f"One random start each, {experiment.training.steps} training steps: {scores(later)} (a plain RNN {right(plain)}); "
        f"learned means at least {LEARNED:.0%}. Before training there arrives, of the signal: "
        f"{', '.join(f'{scientific(result[name].reach)} ({name})' for name in later)}.",
        f"With {words} words in between: {scores(elsewhere)}.",
        {"share": share, "plain": plain, **later}
        | {f"ln reach, {name}": result[name].reach for name in later}
        | {f"{name}, {words} words": value for name, value in elsewhere.items()},
        when=""
        if verdict != "only_when"
        else NEAR
        if untrained
        else f"it is one of these: {', '.join(name for name in later if name not in lost)}",
    )


def _lost(result: Curves) -> list[str]:
    return [name for name in ANSWERS if result[name].final < LEARNED]


def _elsewhere(experiment: Experiment, result: Curves) -> int:
    gap = sentences(experiment).gap
    return max(gap // 5, 1) if _lost(result) else min(4 * gap, 200)


QUESTION = Question(
    "e8_later_answers",
    "Later answers",
    "Later answers cure it: orthogonal weights, chrono initialisation, LayerNorm, gated linear recurrences, attention.",
    Experiment(Recurrent(), France(gap=25), Training(steps=250, film_every=500)),
    measure,
    contrasts,
    judge,
    (
        "Arjovsky, Shah & Bengio 2016",
        "Tallec & Ollivier 2018",
        "Ba, Kiros & Hinton 2016",
        "Orvieto et al. 2023",
        "Vaswani et al. 2017",
    ),
    4.5,
)
