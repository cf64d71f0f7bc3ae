"""What is taken away from a page, all at once: everything that needs the visitor's session is read when the box is opened,
because a file is made later, by a thread that knows no session."""

from collections.abc import Mapping
from dataclasses import dataclass

from core import Experiment
from pages.frame.in_view import Sentence, ShownChart, charts, in_view, sentences
from pages.frame.page import Page
from pages.frame.settings import Settings


@dataclass(frozen=True)
class Contents:
    """``link``: the permalink; ``parts``: see ``Page``; ``trains``: the charts come from a training; ``now``: all charts by key,
    kept up to date.
    """

    page: Page
    link: str
    parts: Mapping[str, Experiment]
    charts: tuple[ShownChart, ...]
    sentences: tuple[Sentence, ...]
    trains: bool
    now: Mapping[str, ShownChart]

    def newest(self, chart: ShownChart) -> ShownChart:
        """The same chart as it is by now: a training goes on while the box is open."""
        return self.now.get(chart.key, chart)


def contents_of(page: Page, trains: bool) -> Contents:
    """The page as it is at the moment."""
    settings = Settings(page)
    return Contents(
        page,
        settings.link(),
        page.parts(settings.experiment, settings.view),
        tuple(charts(page.name)),
        tuple(sentences(page.name)),
        trains,
        in_view(),
    )
