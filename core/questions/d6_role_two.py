"""D6. Accuracy of the last verb, and how much of the recurrent matrix's gradient comes from far back."""

from collections.abc import Mapping
from typing import Any

from ..experiment.specs import Experiment
from ..instruments.two_roles import LONG, TwoRoles, two_roles
from ..training.finished import trained
from ..wording import number
from .base import Contrasts, Question, Verdict
from .settings import FIRST_ROLE, TWO_ROLES, opposite, right
from .thresholds import GUESSES, LEARNED


def _verdict(experiment: Experiment, result: TwoRoles) -> str:
    now, later = result.local[-1], result.far[-1]
    shown = now >= LEARNED and later <= experiment.task.shape().chance + GUESSES
    return "fails" if later >= LEARNED else "holds" if shown else "only_when"


def far_answer(experiment: Experiment) -> float:
    """Trains; returns the share of right answers that need the far word."""
    return trained(experiment).accuracy


def contrasts(experiment: Experiment, result: TwoRoles) -> Contrasts:
    """Returns a network for which the verdict is another."""
    name, other = opposite(experiment, _verdict(experiment, result))
    return {name: (far_answer, other)}


def judge(experiment: Experiment, result: TwoRoles, found: Mapping[str, Any]) -> Verdict:
    """Decides by whether the last verb is learned."""
    verdict, chance = _verdict(experiment, result), experiment.task.shape().chance
    now, later = float(result.local[-1]), float(result.far[-1])
    before, after = float(result.share[0]), float(result.share[-1])
    ((name, contrast),) = found.items()
    return Verdict(
        verdict,
        later,
        f"The last verb is right in {right(later)} (guessing: {chance:.0%}).",
        f"The other words are right in {right(now)}. From {LONG} steps back or more comes {number(before)} of the recurrent "
        f"matrix's gradient before training and {number(after)} after it.",
        f"{name}: the last verb is right in {right(contrast)}.",
        {"last verb": later, "local": now, "share before": before, "share after": after, name: contrast},
        when="" if verdict != "only_when" else FIRST_ROLE if now < LEARNED else "the distance is at this cell's limit",
    )


QUESTION = Question(
    "d6_role_two",
    "Role two is not",
    "The end of backpropagation vanishes, so packaging information for later is not learned.",
    TWO_ROLES,
    two_roles,
    contrasts,
    judge,
)
