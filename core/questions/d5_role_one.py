"""D5. Accuracy of the answers that need only the word just read, and of the one that needs the noun."""

from collections.abc import Mapping
from typing import Any

from ..experiment.specs import Experiment
from ..instruments.two_roles import TwoRoles, two_roles
from ..training.finished import trained
from .base import Contrasts, Question, Verdict
from .settings import TWO_ROLES, right
from .thresholds import LEARNED


def contrasts(experiment: Experiment, result: TwoRoles) -> Contrasts:
    """Returns the same network with the other kind of optimiser, or trained for another number of steps."""
    return {"other": (local, _other(experiment, result))}


def local(experiment: Experiment) -> float:
    """Trains; returns the share of right answers that need no context."""
    return trained(experiment).film[-1].local


def _other(experiment: Experiment, result: TwoRoles) -> Experiment:
    learned, usual = result.local[-1] >= LEARNED, TWO_ROLES.training
    other = experiment.changed(optimiser="sgd" if learned else "adam", learning_rate=usual.learning_rate)
    if other != experiment:
        return other
    # trained for too short, or for long enough
    return other.changed(steps=10 if learned else max(2 * int(result.steps[-1]), usual.steps))


def judge(experiment: Experiment, result: TwoRoles, found: Mapping[str, Any]) -> Verdict:
    """Decides by whether the local answers are learned."""
    now, later, steps = float(result.local[-1]), float(result.far[-1]), int(result.steps[-1])
    other, elsewhere, learned = _other(experiment, result), float(found["other"]), now >= LEARNED
    return Verdict(
        "holds" if learned else "fails",
        now,
        f"{right(now)} of the words that need no context are translated rightly.",
        f"That is after {steps} training steps; the last verb, which needs context, is right in {later:.0%}. Learned means at "
        f"least {LEARNED:.0%}.",
        f"{'Plain SGD' if learned else 'Adam'} at learning rate {TWO_ROLES.training.learning_rate:g} comes to "
        f"{right(elsewhere)} in {other.training.steps} steps"
        + (": a healthy gradient is necessary, not sufficient." if learned else "."),
        {"local": now, "last verb": later, "other optimiser": elsewhere},
    )


QUESTION = Question(
    "d5_role_one",
    "Role one is learned",
    "The beginning of backpropagation is healthy, so predicting from the current word is learned.",
    TWO_ROLES,
    two_roles,
    contrasts,
    judge,
)
