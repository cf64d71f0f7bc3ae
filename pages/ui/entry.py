"""An exhibit: one question as a live experiment. What is claimed and how it is judged stands in ``core.claims``."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from core import Experiment
from core.claims import CLAIMS, Claim

Result = Any  # what an exhibit's instrument measures


@dataclass(frozen=True)
class Picture:
    """One chart: its factory and what the chart's text depends on, the table, and what it says to those who can't see it."""

    factory: Callable[..., Any]
    axes: tuple[Hashable, ...]
    table: pd.DataFrame
    said: str
    title: str = ""


@dataclass(frozen=True)
class Pinned:
    """A result kept for comparison, with what is special about it."""

    name: str
    experiment: Experiment
    result: Result


@dataclass(frozen=True)
class Exhibit:
    """row: the claim's name. topic: the page it is on. question: in a student's words. watch: one sentence on what to watch.

    controls: names of settings in view (at most five), more: folded ones; highs narrow a slider. measure: the instrument, a
    pure function at the top of a module, done while the slider moves, or on a worker if ``slow``. pictures and said turn its
    result into charts and the computed sentence. turns: label → settings that overturn the verdict, each a button. why: the
    mathematics, the papers, the caveats. pins: whether ``pictures`` draws pinned results as ghosts.
    """

    row: str
    topic: str
    question: str
    watch: str
    controls: tuple[str, ...]
    measure: Callable[[Experiment], Result]
    pictures: Callable[[Experiment, Result, Sequence[Pinned]], Sequence[Picture]]
    said: Callable[[Experiment, Result], str]
    turns: Mapping[str, Mapping[str, Any]]
    why: str
    more: tuple[str, ...] = ()
    highs: Mapping[str, float] = field(default_factory=dict)
    slow: bool = False
    pins: bool = False

    @property
    def claim(self) -> Claim:
        """What is claimed, with the settings it is judged with."""
        return CLAIMS[self.row]

    @property
    def name(self) -> str:
        """As all entries of registries have one."""
        return self.row

    @property
    def label(self) -> str:
        """Row and claim in a few words."""
        return f"{self.row.upper()} · {self.claim.label}"

    @property
    def lesson(self) -> str:
        """The claim."""
        return self.claim.lesson
