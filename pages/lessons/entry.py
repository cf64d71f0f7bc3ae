"""A lesson: pictures in an order, each with a question before it. The right answer is computed when it is asked."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from core import Experiment
from core.questions import VERDICTS
from core.registry import errors_naming
from pages.frame.question_page import QuestionPage
from pages.lessons.right import RIGHT, Right
from pages.questions import QUESTION_PAGES

JUDGED = tuple(VERDICTS)


@dataclass(frozen=True)
class Step:
    """One picture of a lesson: the question of ``row`` with ``settings``.

    told: what leads up to the question. then: what to take away, what to try. question: "" for the page's own. options: the
    answers. right: which of them is made right by what was measured; None: the options are the three verdicts, and the question's
    own judge decides. controls: the ones in view, by default the page's.
    """

    row: str
    told: str
    then: str
    question: str = ""
    options: tuple[str, ...] = JUDGED
    right: Right | None = None
    settings: Mapping[str, Any] = field(default_factory=dict)
    controls: tuple[str, ...] | None = None

    def __post_init__(self) -> None:
        """Raises ValueError or KeyError unless there are such a row and such settings, and a rule for answers of its own."""
        if (self.right is None) != (self.options == JUDGED):
            raise ValueError("options and the rule for the right one come together")
        self.page.base.changed(**self.settings)

    @property
    def page(self) -> QuestionPage:
        """What shows it."""
        return QUESTION_PAGES[self.row]

    @property
    def experiment(self) -> Experiment:
        """The settings that the question is about."""
        return self.page.base.changed(**self.settings)

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


def read(name: str, text: str) -> Lesson:
    """The lesson of a TOML text. Raises ValueError that names the lesson, and the step, in which something is wrong."""
    with errors_naming(f"the lesson “{name}”"):
        table = tomllib.loads(text)
        steps = tuple(_step(number, step) for number, step in enumerate(table.pop("steps"), 1))
        return Lesson(name, steps=steps, **table)


def _step(number: int, table: dict[str, Any]) -> Step:
    with errors_naming(f"step {number}"):
        fields = table | {name: tuple(table[name]) for name in ("options", "controls") if name in table}
        if "right" in table:
            fields["right"] = RIGHT[table["right"]]
        return Step(**fields)
