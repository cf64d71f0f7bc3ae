"""The pictures of a question, each with its title, its caption and its numbers, under or beside each other."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pages.charts import lines, plane, roll
from pages.frame.draw import draw
from pages.frame.in_view import forget, keep
from pages.frame.presentation import presentation
from pages.frame.question_page import Picture
from pages.frame.table import numbers

# charts whose table is for drawing → the same to be read
READ: dict[Callable[..., Any], Callable[..., pd.DataFrame]] = {
    lines.chart: lines.read,
    plane.chart: plane.read,
    roll.chart: roll.read,
}


def show_pictures(name: str, pictures: Sequence[Picture]) -> None:
    """Draws them for the page called ``name``; in a lecture hall two beside each other, so that both are in view."""
    with st.container(key=f"{name}-pictures"):
        halved = presentation().present
        wide = [picture.wide / 2 if picture.wide == 1 and halved else picture.wide for picture in pictures]
        for i, (picture, place) in enumerate(zip(pictures, places(wide), strict=True)):
            with place:
                _show(f"{name}-chart{i or ''}", picture)


def _show(key: str, picture: Picture) -> None:
    if picture.title:
        st.markdown(f"**{picture.title}**")
    read = READ.get(picture.factory)
    draw(
        picture.factory,
        *picture.axes,
        data=picture.table,
        said=picture.said,
        key=key,
        numbers=picture.numbers,
        brief=picture.brief or (partial(read, picture.table, *picture.axes) if read else None),
        title=picture.title,
    )
    if picture.caption:
        st.caption(picture.caption, help=picture.hint or None)
        keep(picture.caption, f"{key}-caption")
    numbers(key)


def show_faded(name: str, pictures: Sequence[Picture]) -> None:
    """Draws pictures that are not true any more, pale, so that nothing jumps; nobody can take them away."""
    st.html(f"<style>.st-key-{name}-pictures{{opacity:.4}}</style>")
    show_pictures(name, pictures)
    forget(name)


def places(shares: Sequence[float]) -> list[DeltaGenerator]:
    """Makes a place for each picture: neighbours whose shares of the width add up to 1 at most stand in one row."""
    rows: list[list[float]] = []
    for share in shares:
        if rows and sum(rows[-1]) + share <= 1.001:
            rows[-1].append(share)
        else:
            rows.append([share])
    return [place for row in rows for place in (st.columns(row) if len(row) > 1 else [st.container()])]
