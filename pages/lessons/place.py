"""Where a visitor is in a lesson, and what they have answered so far: all of it stands in the address."""

from dataclasses import dataclass, replace

import streamlit as st

from core.fields import Spec, choice, read, rules, whole, words
from pages.frame.presentation import presentation
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
    def entry(self) -> Lesson:
        """The lesson itself."""
        return LESSONS[self.lesson]

    @property
    def step_in_view(self) -> Step | None:
        """The step itself; None at the end."""
        return self.entry.steps[self.step - 1] if self.step <= len(self.entry.steps) else None

    def answer(self, step: int) -> int | None:
        """What was chosen at a step, if anything that can be chosen there."""
        said = self.said[step - 1 : step]
        option = int(said) if said.isdecimal() and said.isascii() else None
        return option if option is not None and option < len(self.entry.steps[step - 1].options) else None

    def with_answer(self, option: int | None) -> "Place":
        """The same place with another answer at the step in view."""
        said = self.said.ljust(len(self.entry.steps), NOTHING)
        answer = NOTHING if option is None else str(option)
        return replace(self, said=(said[: self.step - 1] + answer + said[self.step :]).rstrip(NOTHING))

    def query(self) -> dict[str, str]:
        """The place as the address spells it."""
        return {name: rule.text(getattr(self, name)) for name, rule in rules(self).items() if getattr(self, name) != ""}


def place() -> tuple[Place | None, list[str]]:
    """Where the address says that the visitor is (None: in the list of lessons), and what can't be used of it."""
    asked = {name: st.query_params[name] for name in rules(Place) if name in st.query_params}
    if "lesson" not in asked:
        return None, []
    here, complaints = read(Place(), asked)
    if any(complaint.startswith("lesson ") for complaint in complaints):
        return None, complaints
    return replace(here, step=min(here.step, len(here.entry.steps) + 1)), complaints


def go(there: Place | None) -> None:
    """Goes to another place, or to the list; for use in a callback."""
    st.query_params.from_dict((there.query() if there else {}) | presentation().query())
