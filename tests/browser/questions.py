"""What a visitor does at an entry, and what its pictures have drawn beside what core says."""

import math
from collections.abc import Sequence
from typing import Any

import pandas as pd
from playwright.sync_api import Locator
from tab import Tab

import core
from core.fields import Choice, Flag, Number, Rule, rules
from pages.frame.question_page import Picture, QuestionPage, Seen

# roles of rows that are not drawn: a circle larger than the picture, told in words, and what a chart's own slider can choose
UNDRAWN = {"beyond", "asleep", "asleep name"}
# what each chart of an entry has drawn, in their order: place in the table → the row that a mark stands for
DRAWN = """row => [...document.querySelectorAll(`.st-key-${row}-pictures [data-testid=stVegaLiteChart]`)].map(chart => {
  const marks = new Set([...chart.querySelectorAll('svg *')].map(node => node.__data__ && node.__data__.mark));
  marks.delete(undefined);
  const data = [...marks].flatMap(mark => mark.items.map(item => item.datum)).filter(datum => datum && datum.role);
  return Object.fromEntries(data.map(datum => [datum['(index)'],
    Object.fromEntries(Object.entries(datum).filter(([name, value]) => value === null || typeof value !== 'object'))]))
})"""
Rows = dict[str, dict[str, Any]]


def drawn(tab: Tab, row: str) -> list[Rows]:
    """What the marks of each picture stand for."""
    found: list[Rows] = tab.page.evaluate(DRAWN, row)
    return found


def wrong(shown: Sequence[Rows], pictures: Sequence[Picture]) -> str:
    """The first difference between what was drawn and core's tables, in words; nothing if there is none."""
    if len(shown) != len(pictures):
        return f"{len(shown)} pictures instead of {len(pictures)}"
    for number, (marks, picture) in enumerate(zip(shown, pictures, strict=True)):
        table = picture.table
        missing = [i for i, role in enumerate(table["role"]) if role not in UNDRAWN and str(i) not in marks]
        if missing or len(marks) > len(table):
            return f"picture {number}: {len(marks)} of {len(table)} rows, without {missing[:5]}"
        for i, mark in marks.items():
            for column, value in table.iloc[int(i)].items():
                if not equal(mark.get(str(column)), value):
                    return f"picture {number}, row {i}, {column}: {mark.get(str(column))!r}, core says {value!r}"
    return ""


def equal(shown: Any, value: Any) -> bool:
    """Numbers to six digits; nothing, null and NaN are the same."""
    if shown is None or pd.isna(value):
        return bool(shown is None or shown != shown) and bool(pd.isna(value))
    if isinstance(value, str):
        return bool(shown == value)
    return isinstance(shown, int | float) and math.isclose(shown, float(value), rel_tol=1e-6, abs_tol=1e-12)


def experiment(tab: Tab, entry: QuestionPage) -> core.Experiment:
    """What the address asks for."""
    query = {name: value for name, value in tab.query.items() if name != "row"}
    found, complaints = core.read_query(query, entry.base)
    assert complaints == []
    return found


def compare(tab: Tab, entry: QuestionPage) -> list[Rows]:
    """Waits until the pictures are those that core makes of the address's settings; returns what is drawn."""
    own = experiment(tab, entry)
    pictures = entry.pictures(Seen(own, entry.question.measure(own)))
    assert all(len(picture.table) for picture in pictures)
    last = ["nothing yet"]

    def right() -> bool:
        last[0] = wrong(drawn(tab, entry.row), pictures)
        return last[0] == ""

    try:
        tab.until(right, "core's numbers")
    except AssertionError as error:
        raise AssertionError(f"{entry.row}: {last[0]}. {error}") from None
    return drawn(tab, entry.row)


def rule(experiment: core.Experiment, name: str) -> tuple[Rule, Any]:
    """The rule of a setting, and what it is."""
    parts = (experiment.network, experiment.task, experiment.training, experiment)
    spec = next(spec for spec in parts if name in rules(spec))
    return rules(spec)[name], getattr(spec, name)


def move(tab: Tab, entry: QuestionPage, name: str, choice: str | None = None) -> None:
    """Another value for a setting, by hand: a key on a slider or a number, a click on ``choice`` or the next one."""
    own, value = rule(experiment(tab, entry), name)
    widget = tab.idle().page.locator(f".st-key-{entry.row}-{name}")
    match own:
        case Choice():
            names = list(own.options)
            choose(tab, widget, own.options[choice or names[(names.index(value) + 1) % len(names)]].label)
        case Flag():
            widget.locator("label").click()
        case Number():
            widget.locator("input").focus()
            if widget.locator("input[type=range]").count():
                stuck = tab.value(f"{entry.row}-{name}") == float(widget.locator("input").get_attribute("max") or 0)
                tab.page.keyboard.press("ArrowLeft" if stuck else "ArrowRight")
            else:
                tab.page.keyboard.press("ArrowUp")
                tab.page.keyboard.press("Enter")
        case _:
            raise NotImplementedError(f"a test that moves {type(own).__name__}")


def astray(tab: Tab, entry: QuestionPage) -> dict[str, tuple[float, float]]:
    """Sliders in view that stand elsewhere than the address says: where they stand, and where they should."""
    own = experiment(tab, entry)
    keys = {name: f"{entry.row}-{name}" for name in entry.controls}
    stand = {name: (tab.value(key), float(rule(own, name)[1])) for name, key in keys.items() if tab.slider(key).count()}
    return {name: both for name, both in stand.items() if abs(both[0] - both[1]) > 1e-9}


def choose(tab: Tab, widget: Locator, label: str) -> None:
    """One of a few buttons, or one line of a list."""
    widget.get_by_role("combobox").or_(widget.get_by_role("radiogroup")).wait_for()
    if (box := widget.get_by_role("combobox")).count():
        option = tab.page.get_by_role("option", name=label, exact=True)

        def listed() -> bool:  # a list may shut again when the page is drawn anew below it: then one more click
            if not option.count():
                box.click()
                tab.page.wait_for_timeout(200)
            return option.count() == 1

        tab.until(listed, f"{label} in the list")
        option.click()
    else:
        widget.get_by_role("radio", name=label, exact=True).click()


def card(tab: Tab, row: str) -> str:
    """What the verdict's card says."""
    return tab.page.locator(f".st-key-{row}-verdict").inner_text()
