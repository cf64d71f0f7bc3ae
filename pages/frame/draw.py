"""Showing a chart fast: its text is made once and stays the same; only the table of data travels."""

import time
from collections.abc import Callable, Hashable
from functools import lru_cache
from typing import Any

import altair as alt
import pandas as pd
import streamlit as st

from pages.frame.in_view import ShownChart, remember
from pages.frame.large import large
from pages.frame.presentation import presentation

PAUSE = 0.03  # seconds in which the browser can draw a chart before the rest of the page keeps it busy
Factory = Callable[..., alt.TopLevelMixin]  # (table, *axes) → chart


@lru_cache(maxsize=256)
def _template(factory: Factory, columns: tuple[str, ...], projector: bool, *axes: Hashable) -> dict[str, Any]:
    """The Vega-Lite text of ``factory(table, *axes)``, without the table."""
    with alt.data_transformers.enable(consolidate_datasets=True):
        spec: dict[str, Any] = factory(pd.DataFrame(columns=list(columns)), *axes).to_dict(validate=False)
    (table,) = [name for name, rows in spec["datasets"].items() if not rows]
    del spec["datasets"][table]
    # a few hundred marks are drawn as shapes, which can be read aloud and looked into
    spec["usermeta"] = {"embedOptions": {"renderer": "svg"}}
    bare: dict[str, Any] = _without(spec, {"name": table})
    return large(bare) if projector else bare


def _without(part: Any, data: dict[str, str]) -> Any:
    """The same tree without references to the table: parts then read the data that come with the chart."""
    if isinstance(part, dict):
        return {key: _without(each, data) for key, each in part.items() if not (key == "data" and each == data)}
    return [_without(each, data) for each in part] if isinstance(part, list) else part


def draw(
    factory: Factory,
    *axes: Hashable,
    data: pd.DataFrame,
    said: str,
    key: str,
    numbers: Callable[[], pd.DataFrame] | None = None,
    brief: Callable[[], pd.DataFrame] | None = None,
    on_select: Callable[[], None] | None = None,
    title: str = "",
) -> None:
    """Draws ``data`` with the chart that ``factory`` makes; ``said`` is the text alternative.

    ``title``: what the page has written above it. ``numbers`` makes the table that can be taken away, ``brief`` a short one to
    be read, where they are not ``data`` itself.
    ``on_select`` is called when something is chosen in a chart that has a selection; the session has it under ``key``.
    """
    spec = _template(factory, tuple(data.columns), presentation().present, *axes)
    st.vega_lite_chart(data, spec, width="stretch", alt=said, key=key, on_select=on_select or "ignore")
    remember(ShownChart(key, spec, data, said, numbers, brief, title))


def let_it_draw() -> None:
    """Lets the browser draw what it has got."""
    time.sleep(PAUSE)
