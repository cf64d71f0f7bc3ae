"""D7. Can the noun's number be read from h at the blank by a linear probe?"""

from collections.abc import Mapping
from typing import Any

import numpy as np

from ..experiment.specs import Experiment
from ..instruments.probe import probe
from ..instruments.two_roles import EXAMPLES, TwoRoles, two_roles
from ..training.finished import trained
from .base import Contrasts, Question, Verdict
from .settings import FIRST_ROLE, TWO_ROLES, opposite, right
from .thresholds import GUESSES, LEARNED


def _verdict(result: TwoRoles) -> str:
    readable = result.read[-1, -1] > result.chance + GUESSES
    return "fails" if readable else "holds" if result.local[-1] >= LEARNED else "only_when"


def read_at_the_end(experiment: Experiment) -> float:
    """Trains; returns the share that a probe gets right at the last word."""
    return float(probe(experiment, trained(experiment), examples=EXAMPLES).accuracy[-1, -1])


def contrasts(experiment: Experiment, result: TwoRoles) -> Contrasts:
    """Returns a network for which the verdict is another."""
    name, other = opposite(experiment, _verdict(result))
    return {name: (read_at_the_end, other)}


def last_known(result: TwoRoles) -> int:
    """Returns the place of the last word after which the number can be read when training is over; −1 if there is none."""
    return int(np.flatnonzero(result.read[-1] >= LEARNED).max(initial=-1))


def judge(_experiment: Experiment, result: TwoRoles, found: Mapping[str, Any]) -> Verdict:
    """Decides by what the probe gets right at the blank."""
    verdict, end, known, now = _verdict(result), float(result.read[-1, -1]), last_known(result), float(result.local[-1])
    ((name, contrast),) = found.items()
    words = len(result.words)
    last = f"could last be read at word {known + 1} of {words}" if known >= 0 else "could not be read at any word"
    return Verdict(
        verdict,
        end,
        f"At the blank, a linear probe reads singular or plural from h in {end:.0%} of the sentences (guessing: "
        f"{result.chance:.0%}).",
        f"It {last}. The words that need no context are right in {right(now)}: the weights are fine for those.",
        f"{name}: the probe is right in {contrast:.0%}.",
        {"end": end, "last known": float(known), "chance": result.chance, "local": now, name: contrast},
        when=FIRST_ROLE if verdict == "only_when" else "",
    )


QUESTION = Question(
    "d7_context",
    "The context is garbage",
    "At the end of the sentence the weights are fine, but the context handed to them is garbage.",
    TWO_ROLES,
    two_roles,
    contrasts,
    judge,
)
