"""Which map, which number is its colour, and which network is chosen: buttons, boxes and clicks → settings."""

from dataclasses import dataclass, replace
from typing import Any

import streamlit as st

from core import Experiment, SpecError
from core.fields import choice, flag, rules
from core.maps.sweeps import SweepAxis
from pages.frame.chooser import choose
from pages.frame.page import Page, View
from pages.frame.phrases import plain
from pages.frame.settings import Settings
from pages.maps.entries import MAPS, SHOWN, Map


@dataclass(frozen=True)
class MapView(View):
    """Which number is the colour, and whether the cells are being trained."""

    shown: str = choice("rate", SHOWN, "Colour")
    train: bool = flag(False, "Train")


def page_of(entry: Map) -> Page:
    """Each map has settings of its own; its address is the page's with the map's name in it."""
    return Page(
        f"map-{entry.name}",
        "Where can a network learn?",
        entry.lesson,
        entry.base,
        MapView(shown=entry.shows[0]),
        sources=entry.sources,
        address={"map": entry.name},
    )


def chosen() -> Map:
    """Draws the buttons that choose a map."""
    name, unknown = choose("map", "map-chosen", MAPS, lambda name: MAPS[name].label)
    if unknown:
        st.warning(f"There is no map {plain(unknown[:20])}.", icon=":material/link_off:")
    return MAPS[name]


def shown(entry: Map, settings: Settings) -> str:
    """What the colour stands for: what was asked for if this map has it."""
    wish: str = settings.view.shown
    return wish if wish in entry.shows else entry.shows[0]


def colour(entry: Map, settings: Settings) -> None:
    """Draws the choice of what the colour stands for, where there is one."""
    key = f"{settings.page.name}-shown"
    if len(entry.shows) > 1:
        st.session_state[key] = shown(entry, settings)
        st.segmented_control(
            "Colour",
            entry.shows,
            format_func=lambda name: SHOWN[name].label.format(unit=entry.base.network.axis),
            key=key,
            required=True,
            wrap=True,
            help=SHOWN[st.session_state[key]].lesson,
        )


def place(settings: Settings, axis: SweepAxis, name: str) -> None:
    """Draws a way to choose the chosen network without a mouse: a slider over numbers, a box of choices."""
    key, labels = f"{settings.page.name}-{name}", [stop.label for stop in axis.stops]
    at = axis.place(settings.experiment)
    st.session_state[key] = labels[round(at)] if at is not None else labels[0] if axis.numbers else None
    given: dict[str, Any] = {
        "label": axis.label,
        "options": labels,
        "key": key,
        "on_change": _move,
        "args": (settings.page, axis, key),
    }
    if axis.numbers:
        st.select_slider(**given)
    else:
        st.selectbox(**given, placeholder="Not on this map")


def _move(page: Page, axis: SweepAxis, key: str) -> None:
    stop = next(stop for stop in axis.stops if stop.label == st.session_state[key])
    _load(page, dict(stop.settings))


def pick(page: Page, x: SweepAxis, y: SweepAxis) -> None:
    """Chooses the network in the tile that was clicked; for use in a callback."""
    for tile in st.session_state[f"{page.name}-heat"].selection.picked[-1:]:
        _load(page, dict(y.stops[int(tile["row"])].settings) | dict(x.stops[int(tile["column"])].settings))


def _load(page: Page, wish: dict[str, object]) -> None:
    settings = Settings(page)
    try:
        settings.load(settings.experiment.changed(**wish))
    except SpecError:  # a hole; the table and the tile say why
        return


def whole(experiment: Experiment) -> dict[str, str]:
    """A permalink that says everything, and so means the same on any page."""
    query = {"network": experiment.network.name, "task": experiment.task.name}
    for spec in (*experiment.specs().values(), experiment):
        query |= {name: rule.text(getattr(spec, name)) for name, rule in rules(spec).items()}
    return query


def switch(page: Page, train: bool) -> None:
    """Starts or stops the trainings; for use in a callback."""
    settings = Settings(page)
    settings.load(settings.experiment, replace(settings.view, train=train))
