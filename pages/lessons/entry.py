"""A lesson: pictures in an order, each with a question before it. The right answer is computed when it is asked."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from core import Experiment
from core.claims import VERDICTS
from pages.exhibits import EXHIBITS
from pages.frame.question_page import Exhibit, Result

JUDGED = tuple(VERDICTS)
Right = Callable[[Experiment, Result], int]  # place of the right option, from what was measured


@dataclass(frozen=True)
class Step:
    """One picture of a lesson: the exhibit of ``row`` with ``settings``.

    told: what leads up to the question ("": the exhibit's own). options: the answers. right: which of them is made right by
    what was measured; None: the options are the three verdicts, and the claim's own judge decides. then: what to take away,
    what to try. controls: the ones in view, by default the exhibit's.
    """

    row: str
    told: str
    question: str
    then: str
    options: tuple[str, ...] = JUDGED
    right: Right | None = None
    settings: Mapping[str, Any] = field(default_factory=dict)
    controls: tuple[str, ...] | None = None

    @property
    def exhibit(self) -> Exhibit:
        """What shows it."""
        return EXHIBITS[self.row]

    @property
    def experiment(self) -> Experiment:
        """The settings that the question is about."""
        return self.exhibit.claim.base.changed(**self.settings)

    def says(self, option: int) -> str:
        """An option in words."""
        return VERDICTS[self.options[option]].label if self.right is None else self.options[option]


@dataclass(frozen=True)
class Lesson:
    """label: its title, a question. lesson: one sentence on what it is about. minutes: about how long it takes a class."""

    name: str
    label: str
    lesson: str
    minutes: int
    steps: tuple[Step, ...]


def among(value: float, bounds: Sequence[float]) -> int:
    """How many of the falling ``bounds`` lie above ``value``: the place of its answer. NaN counts as the lowest."""
    return sum(not value >= bound for bound in bounds)
