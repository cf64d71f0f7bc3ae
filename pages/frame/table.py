"""“The numbers as a table”: what a chart shows, for those who cannot see it or want to read it off."""

from collections.abc import Callable

import pandas as pd
import streamlit as st

from core.wording import LN10, scientific
from pages.frame.in_view import chart

SHORT = 120  # rows up to which a table is plain HTML, which every screen reader can walk through
NAMES = {  # column of a chart's table → what it is called in a table to be read
    "series": "curve",
    "lag": "back from the loss",
    "decades": "share of the signal",
    "place": "where",
    "text": "in words",
    "norm": "‖∂L/∂h‖",
    "step": "step",
    "ln_norm": "‖∂L/∂h‖",
    "ln_share": "share of the signal",
    "lowest_ln_share": "lowest of all starts",
    "highest_ln_share": "highest of all starts",
}
_FOR_THE_EYE = ("colour", "role")


def numbers(name: str, table: pd.DataFrame | Callable[[], pd.DataFrame] | None = None) -> None:
    """Draws the folded table of the chart that was drawn with the key ``name``; it is made when it is opened.

    ``table``: another table (or what makes it) instead of the chart's own.
    """
    box = st.expander("The numbers as a table", icon=":material/table:", key=f"{name}-numbers", on_change="rerun")
    if not box.open:
        return
    if table is None:
        drawn = chart(name)
        table = drawn.to_read() if drawn else pd.DataFrame()
    shown = readable(table() if callable(table) else table)
    with box:
        if len(shown) <= SHORT:
            st.table(shown, hide_index=True, border="horizontal", height="content" if len(shown) <= 12 else 420)
        else:
            st.dataframe(shown, hide_index=True, height=420)


def readable(table: pd.DataFrame) -> pd.DataFrame:
    """The same rows without empty columns and what is only for the eye; columns in plain words, logarithms as 2·10⁻⁶."""
    bare = table.drop(columns=list(_FOR_THE_EYE), errors="ignore").dropna(axis="columns", how="all")
    said = {}
    for name in map(str, bare.columns):
        unit = LN10 if name in ("decades", "low", "high") else 1.0 if "ln_" in name else None
        called = NAMES.get(name, name.replace("ln_", "").replace("_", " "))
        said[called] = _whole(bare[name]) if unit is None else [scientific(value * unit) for value in bare[name]]
    return pd.DataFrame(said)


def _whole(column: pd.Series) -> pd.Series:
    """Numbers without a fraction as such, also where some rows have none: 20 instead of 20.0."""
    if column.dtype.kind != "f" or not (column.dropna() % 1 == 0).all():
        return column
    return column.astype("Int64")
