"""What the page shows at the moment, by reference: the charts with their tables, and the computed sentences.

``draw`` and ``tell`` write it down, the share row reads it. Keys begin with the page's name and a hyphen, as all keys do.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd
import streamlit as st


@dataclass(frozen=True)
class ShownChart:
    """A chart in view: its Vega-Lite text without the table, the table, and the text alternative.

    ``numbers`` makes the table to take away, ``brief`` the one to be read, where they are others than the chart's own.
    """

    key: str
    spec: dict[str, Any]
    table: pd.DataFrame
    said: str
    numbers: Callable[[], pd.DataFrame] | None = None
    brief: Callable[[], pd.DataFrame] | None = None
    title: str = ""

    @property
    def called(self) -> str:
        """Its title, else the beginning of its text alternative."""
        said = self.said.split(". ")[0].removesuffix(".")
        told = said.partition(": ")[2] or said
        return self.title or told[:1].upper() + told[1:]

    def carried(self) -> pd.DataFrame:
        """The data to take away: the numbers behind the chart, else the drawn table without what is only for the eye."""
        if self.numbers is not None:
            return self.numbers()
        bare = self.table.drop(columns=["colour"], errors="ignore")
        return bare.dropna(axis="columns", how="all")

    def to_read(self) -> pd.DataFrame:
        """The table for the page and the hand-out."""
        return self.carried() if self.brief is None else self.brief()


@dataclass(frozen=True)
class Sentence:
    """What is seen, in words: Markdown, or HTML."""

    text: str
    html: bool = False


def remember(chart: ShownChart) -> None:
    """The chart is in view now, in place of an older one with its key."""
    _charts()[chart.key] = chart


def tell(text: str, key: str) -> None:
    """Writes a computed sentence (Markdown) on the page; a hand-out will say it too."""
    keep(text, key)
    st.markdown(text)


def keep(text: str, key: str, html: bool = False) -> None:
    """What a hand-out says too, while the page shows it in its own way: Markdown, or HTML whose words are escaped."""
    _sentences()[key] = Sentence(text, html)


def forget(page: str) -> None:
    """The page is about to be drawn anew: what is not drawn again is not in view any more."""
    for found in (_charts(), _sentences()):
        for key in [each for each in found if each.startswith(f"{page}-")]:
            del found[key]


def charts(page: str) -> list[ShownChart]:
    """The charts in view on the page, in the order in which they were first drawn."""
    return [each for key, each in _charts().items() if key.startswith(f"{page}-")]


def chart(key: str) -> ShownChart | None:
    """The chart in view that was drawn with this key."""
    return _charts().get(key)


def in_view() -> Mapping[str, ShownChart]:
    """All charts in view by key; the mapping follows what is drawn later."""
    return _charts()


def sentences(page: str) -> list[Sentence]:
    """The computed sentences in view on the page."""
    return [each for key, each in _sentences().items() if key.startswith(f"{page}-")]


def _charts() -> dict[str, ShownChart]:
    found: dict[str, ShownChart] = st.session_state.setdefault("drawn charts", {})
    return found


def _sentences() -> dict[str, Sentence]:
    found: dict[str, Sentence] = st.session_state.setdefault("told sentences", {})
    return found
