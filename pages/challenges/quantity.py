"""What challenges are judged by: a number from what was measured, and that number in words; called by name in the challenges."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from core.instruments.starts import Profiles, decay_of
from core.questions.a4_last_layers import Moved
from core.questions.b1_one_step import Ball
from core.questions.base import Result
from core.questions.e2_opens_its_path import Openings
from core.wording import LN10, scientific


class Quantity(NamedTuple):
    """number: from the measurement. said: the number in words."""

    number: Callable[[Result], float]
    said: Callable[[float], str]


def _distance(seen: Ball) -> float:
    return float(abs(seen.path.w[-1]))


def _first_layer(seen: Mapping[str, Profiles]) -> float:
    """The signal at the first layer in decades."""
    return decay_of(seen["MLP"]).reach / LN10


def _word(seen: Profiles) -> float:
    """The signal at the deciding word in decades."""
    return decay_of(seen).reach / LN10


def _accuracy(seen: Openings) -> float:
    return seen.of[0].final


def _learned(seen: Moved) -> float:
    return seen.accuracy


def _receives(where: str) -> Callable[[float], str]:
    return lambda decades: f"{where} receives {scientific(decades * LN10)} of the signal"


def _answers(share: float) -> str:
    return f"{share:.0%} of its answers are right"


QUANTITIES = {
    "distance": Quantity(_distance, lambda w: f"after 30 steps the weight is {w:.3g} away from the lowest point"),
    "first_layer": Quantity(_first_layer, _receives("layer 1")),
    "word": Quantity(_word, _receives("*France*")),
    "accuracy": Quantity(_accuracy, _answers),
    "learned": Quantity(_learned, _answers),
}
