"""“The numbers as a table”: what a chart shows, for those who cannot see it or want to read it off."""

from collections.abc import Callable

import pandas as pd
import streamlit as st

from pages.ui.drawn import chart

SHORT = 120  # rows up to which a table is plain HTML, which every screen reader can walk through
NAMES = {  # column of a chart's table → what it is called in a table to be read
    "series": "curve",
    "lag": "back from the loss",
    "decades": "share (power of ten)",
    "low": "lowest start (power of ten)",
    "high": "highest start (power of ten)",
    "place": "where",
    "share": "share of the signal",
    "norm": "‖∂L/∂h‖",
    "step": "training step",
    "text": "in words",
    "ln_norm": "ln ‖∂L/∂h‖",
    "ln_share": "ln share of the signal",
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
        table = drawn.carried() if drawn else pd.DataFrame()
    shown = readable(table() if callable(table) else table)
    with box:
        if len(shown) <= SHORT:
            with st.container(height="content" if len(shown) <= 12 else 420, border=False):
                st.table(shown, hide_index=True, border="horizontal")
        else:
            st.dataframe(shown, hide_index=True, height=420)


def readable(table: pd.DataFrame) -> pd.DataFrame:
    """The same rows without empty columns and what is only for the eye, the columns named in plain words."""
    bare = table.drop(columns=list(_FOR_THE_EYE), errors="ignore").dropna(axis="columns", how="all")
    return bare.rename(columns={name: NAMES.get(name, str(name).replace("_", " ")) for name in bare.columns})
