"""A challenge: broken settings, a few controls, and a goal that is measured."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from core import Experiment
from core.registry import errors_naming
from pages.challenges.quantity import QUANTITIES, Quantity
from pages.frame.question_page import QuestionPage
from pages.questions import QUESTION_PAGES


@dataclass(frozen=True)
class Challenge:
    """The question of ``row`` with ``settings``, broken, to be repaired with ``controls`` alone.

    label: a question. lesson: what is wanted. quantity: what is judged; reached from ``low`` to ``high``. hint: for those who
    are stuck. then: what it shows. solution: settings that reach it; others may.
    """

    name: str
    label: str
    lesson: str
    row: str
    controls: tuple[str, ...]
    quantity: Quantity
    low: float
    high: float
    hint: str
    then: str
    solution: Mapping[str, Any]
    settings: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Raises ValueError or KeyError unless there are such a row and such settings."""
        self.broken.changed(**self.solution)

    @property
    def page(self) -> QuestionPage:
        """What shows it."""
        return QUESTION_PAGES[self.row]

    @property
    def broken(self) -> Experiment:
        """The experiment as the visitor finds it."""
        return self.page.base.changed(**self.settings)

    def repaired(self, number: float) -> bool:
        """Whether the goal is reached."""
        return self.low <= number <= self.high

    def fair(self, experiment: Experiment) -> bool:
        """Whether nothing but the controls has been moved (a link could do that)."""
        parts = (experiment.network, experiment.task, experiment.training, experiment)
        moved = {name: getattr(part, name) for name in self.controls for part in parts if hasattr(part, name)}
        return type(experiment.network) is type(self.broken.network) and self.broken.changed(**moved) == experiment


def read(text: str) -> list[Challenge]:
    """The challenges of a TOML text with one table each. Raises ValueError that names the one in which something is wrong."""
    return [_challenge(name, table) for name, table in tomllib.loads(text).items()]


def _challenge(name: str, table: dict[str, Any]) -> Challenge:
    with errors_naming(f"the challenge “{name}”"):
        controls, quantity = tuple(table["controls"]), QUANTITIES[table["quantity"]]
        return Challenge(name, **table | {"controls": controls, "quantity": quantity})
