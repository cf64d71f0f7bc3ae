"""Where a visitor is in a lesson, and what he has answered so far: all of it stands in the address."""

from dataclasses import dataclass, replace

import streamlit as st

from core.fields import Spec, choice, read, rules, whole, words
from pages.frame.presentation import stage
from pages.lessons import LESSONS
from pages.lessons.entry import Lesson, Step

NOTHING = "-"


@dataclass(frozen=True)
class Place(Spec):
    """step: from 1; one more than there are is the end. said: for each step the chosen option's place, ``-`` for none."""

    lesson: str = choice("forgotten", LESSONS, "Lesson")
    step: int = whole(1, 1, 20, "Step")
    said: str = words("", "Answers so far")

    @property
    def course(self) -> Lesson:
        """The lesson itself."""
        return LESSONS[self.lesson]

    @property
    def at(self) -> Step | None:
        """The step in view; None at the end."""
        return self.course.steps[self.step - 1] if self.step <= len(self.course.steps) else None

    def answer(self, step: int) -> int | None:
        """What was chosen at a step, if anything that can be chosen there."""
        said = self.said[step - 1 : step]
        found = int(said) if said.isdecimal() and said.isascii() else None
        return found if found is not None and found < len(self.course.steps[step - 1].options) else None

    def with_answer(self, option: int | None) -> "Place":
        """The same place with another answer at the step in view."""
        said = self.said.ljust(len(self.course.steps), NOTHING)
        told = NOTHING if option is None else str(option)
        return replace(self, said=(said[: self.step - 1] + told + said[self.step :]).rstrip(NOTHING))

    def query(self) -> dict[str, str]:
        """As the address spells it."""
        return {name: rule.text(getattr(self, name)) for name, rule in rules(self).items() if getattr(self, name) != ""}


def place() -> tuple[Place | None, list[str]]:
    """Where the address says that the visitor is (None: in the list of lessons), and what can't be used of it."""
    asked = {name: st.query_params[name] for name in rules(Place) if name in st.query_params}
    if "lesson" not in asked:
        return None, []
    found, complaints = read(Place(), asked)
    if any(said.startswith("lesson ") for said in complaints):
        return None, complaints
    return replace(found, step=min(found.step, len(found.course.steps) + 1)), complaints


def go(where: Place | None) -> None:
    """To another place; for use in a callback."""
    st.query_params.from_dict((where.query() if where else {}) | stage().query())
