"""How one question is shown: controls, pictures and sentence. What is claimed and measured stands in ``core.questions``."""

from collections.abc import Callable, Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from core import Experiment
from core.questions.base import Instrument, Question, Result
from pages.frame.page import Page, View
from pages.frame.texts import Texts
from pages.results.cost import always, never
from pages.results.measured import Slow

PLAIN_VIEW = View()


@dataclass(frozen=True)
class Picture:
    """One chart: its factory and what the chart's text depends on, the table, and what it says to those who can't see it.

    wide: its share of the page's width; neighbours that fit stand beside each other. caption stands below it, ``hint`` is shown
    when the mouse rests on that. numbers makes the table to take away, brief the one to be read, where they are not ``table``.
    """

    factory: Callable[..., Any]
    axes: tuple[Hashable, ...]
    table: pd.DataFrame
    said: str
    title: str = ""
    wide: float = 1.0
    caption: str = ""
    hint: str = ""
    numbers: Callable[[], pd.DataFrame] | None = None
    brief: Callable[[], pd.DataFrame] | None = None


@dataclass(frozen=True)
class Ghost:
    """A result for comparison, with what is special about it."""

    name: str
    experiment: Experiment
    result: Result


@dataclass(frozen=True)
class Seen:
    """What a picture and a sentence are made of: the experiment, its result, results for comparison, and the page's view."""

    experiment: Experiment
    result: Result
    ghosts: Sequence[Ghost] = ()
    view: Any = PLAIN_VIEW


@dataclass(frozen=True)
class QuestionPage:
    """question: what is measured and judged. topic: the page that it is on. texts: what stands in Markdown beside the code.

    controls: names of settings in view (at most five), more: folded ones; highs narrow a slider. hidden(experiment): names of
    controls that mean nothing for it. pictures and said turn what is Seen into charts and the computed sentence. turns: label →
    settings that overturn the verdict, each a button. slow: whether the result is measured on a worker (``pages.results.cost``).
    pins: whether ``pictures`` draws ghosts.

    For pages to explore: view: its settings besides the experiment. rivals(experiment): other experiments drawn as ghosts, by
    name. beside: the instrument of ghosts, if a shorter one does. above: HTML above the sentence. ask(experiment): the question
    to guess at, about the share of the signal that arrives. empty: a result to draw before anything is known.
    """

    question: Question
    topic: str
    texts: Texts
    controls: tuple[str, ...]
    pictures: Callable[[Seen], Sequence[Picture]]
    said: Callable[[Seen], str]
    turns: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    more: tuple[str, ...] = ()
    highs: Mapping[str, float] = field(default_factory=dict)
    hidden: Callable[[Experiment], Collection[str]] = lambda _experiment: ()
    slow: Slow = never
    pins: bool = False
    view: View = PLAIN_VIEW
    rivals: Callable[[Experiment], Mapping[str, Experiment]] = lambda _experiment: {}
    beside: Instrument | None = None
    above: Callable[[Seen], str] | None = None
    ask: Callable[[Experiment], str] | None = None
    empty: Result | None = None

    @property
    def row(self) -> str:
        """Returns the question's row, such as "a1"; of a page to explore its address."""
        return self.question.row

    @property
    def base(self) -> Experiment:
        """Returns the settings that it is asked with if nobody changes them."""
        return self.question.base

    @property
    def trains(self) -> bool:
        """Tells whether networks are trained for it."""
        return self.slow is always

    @property
    def label(self) -> str:
        """Returns row and claim in a few words."""
        return f"{self.row.upper()} · {self.question.label}"

    @property
    def page(self) -> Page:
        """Returns its page: settings have an address of their own, the topic's with the row in it."""
        return Page(
            self.row,
            self.texts.question,
            self.texts.watch,
            self.base,
            self.view,
            sources=self.question.sources,
            address={"row": self.row} if self.question.claim else {},
        )
