"""Every question in a real browser: found in the list, drawn, changed by hand, and each number drawn is core's."""

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Browser
from questions import astray, card, compare, drawn, equal, experiment, move, wrong
from tab import WAIT, Tab, Watch

import core
from core.questions import QUESTIONS, VERDICTS
from pages.frame.question_page import QuestionPage, Seen
from pages.questions import QUESTION_PAGES

PROMPT = 1.0  # seconds of judging up to which the walk waits for a verdict
# rows that train for seconds with the claim's own settings → smaller ones, which the address asks for
SMALL: dict[str, dict[str, str]] = {
    "a4": {"steps": "60", "depth": "6"},
    "b2": {"steps": "40", "gap": "6"},
    "b5": {"steps": "40", "gap": "6"},
    "c6": {"steps": "20", "depth": "6"},
    "d1": {"steps": "40", "gap": "8"},
    "e5": {"steps": "40", "gap": "6"},
    "e6": {"steps": "40", "gap": "6"},
    "e7": {"steps": "40", "gap": "6"},
    "e8": {"steps": "40", "gap": "6"},
}
CHOICE = {
    "c1": "relu"
}  # rows that the next choice in the list has no picture for: gated cells have no feed-forward twin


@pytest.fixture(scope="module")
def tab(browser: Browser, server: Any) -> Iterator[Tab]:
    """One visitor who goes through all questions; at the end nothing may have complained."""
    page = browser.new_context(viewport={"width": 1280, "height": 1000}).new_page()
    walker = Tab(page, server.url, Watch(page))
    page.goto(walker.host + "/questions")
    yield walker
    walker.complain()
    page.context.close()


def follow(tab: Tab, entry: QuestionPage) -> None:
    """From wherever the visitor is to the list, and by its link to the question."""
    tab.page.get_by_role("link", name="Questions", exact=True).first.click()
    tab.page.locator(f".st-key-questions-{entry.row} a").click()
    tab.page.locator("h1").get_by_text(entry.texts.question, exact=True).wait_for(timeout=WAIT)
    tab.until(lambda: tab.query == {"row": entry.row}, "the address")


def settled(tab: Tab, entry: QuestionPage) -> None:
    """The card comes to say what core finds."""
    try:
        found = QUESTIONS[entry.row].verdict(experiment(tab, entry))
    except core.SpecError as error:
        trouble = str(error)
        tab.until(lambda: trouble in card(tab, entry.row), trouble)
        return
    tab.until(lambda: "What overturns it" in card(tab, entry.row), "a verdict")
    said = card(tab, entry.row)
    label = VERDICTS[found.verdict].label.removesuffix("…").strip()
    assert label.lower() in said.lower() and found.headline in said


@pytest.mark.parametrize("row", QUESTION_PAGES)
def test_a_question_from_the_list_to_its_verdict(row: str, tab: Tab) -> None:
    """Link, heading, marks, its main control moved, the numbers, the card."""
    entry, name = QUESTION_PAGES[row], QUESTION_PAGES[row].controls[0]
    follow(tab, entry)
    if row in SMALL:
        tab.open(f"/{entry.topic}?{urlencode({'row': row} | SMALL[row])}")
    before, start = compare(tab, entry), tab.query
    assert astray(tab.idle(), entry) == {}
    move(tab, entry, name, CHOICE.get(row))
    tab.until(lambda: tab.query.get(name) != start.get(name), f"another {name} in the address")
    assert {**tab.query, name: ""} == {**start, name: ""}
    assert compare(tab, entry) != before
    tab.until(lambda: not astray(tab, entry), "sliders that stand where the address says")
    tab.until(lambda: "have not been judged yet" in card(tab, row), "a card that knows that the settings are others")
    button = tab.page.locator(f".st-key-{row}-judge button")
    assert "Judge with these settings" in button.inner_text()
    if entry.question.seconds <= PROMPT:
        button.click()
        settled(tab, entry)


@pytest.mark.slow
@pytest.mark.parametrize("row", QUESTION_PAGES)
def test_a_claim_with_its_own_settings(row: str, tab: Tab) -> None:
    """However long it trains: the picture and the verdict come by themselves, and are core's."""
    follow(tab, QUESTION_PAGES[row])
    compare(tab, QUESTION_PAGES[row])
    settled(tab, QUESTION_PAGES[row])


@pytest.mark.parametrize(("row", "place", "scene"), [("b1", "range", -4.0), ("b2", "radio", 1.0)])
def test_a_charts_own_control_chooses_what_is_drawn(row: str, place: str, scene: float, tab: Tab) -> None:
    """Another start or learning rate of the balls, and fewer steps, without the server; each number is core's."""
    entry = QUESTION_PAGES[row]
    tab.open(f"/{entry.topic}?{urlencode({'row': row} | SMALL.get(row, {}))}")
    compare(tab, entry)
    own, start = experiment(tab, entry), tab.query
    table = entry.pictures(Seen(own, entry.question.measure(own)))[0].table
    chart = tab.page.locator(f".st-key-{row}-pictures .vega-bindings")
    if place == "radio":
        chart.locator("input[type=radio]").last.click()
    else:
        chart.locator("input[type=range]").first.focus()
        tab.page.keyboard.press("Home")
    chart.locator("input[type=range]").last.focus()
    tab.page.keyboard.press("Home")
    for _ in range(2):
        tab.page.keyboard.press("ArrowRight")
    wanted = table[(table["scene"] == scene) & ((table["step"] <= 2) | table["step"].isna())]

    def chosen() -> bool:
        return {i for i, mark in drawn(tab, row)[0].items() if mark.get("scene") is not None} == {
            *map(str, wanted.index)
        }

    tab.until(chosen, "the other balls")
    marks = drawn(tab, row)[0]
    for i, ball in wanted.iterrows():
        assert all(equal(marks[str(i)].get(column), ball[column]) for column in ("series", "step", "x", "y", "text"))
    assert tab.query == start


def test_the_comparison_can_fail(tab: Tab) -> None:
    """A planted wrong number, a row too few or too many, a picture too few, other settings: each is noticed."""
    entry = QUESTION_PAGES["b4"]
    tab.open(f"/{entry.topic}?row=b4")
    shown = compare(tab, entry)
    own = experiment(tab, entry)
    pictures = entry.pictures(Seen(own, entry.question.measure(own)))
    assert wrong(shown, pictures) == ""
    planted = json.loads(json.dumps(shown))
    planted[1]["3"]["y"] *= 1 + 1e-5
    assert "picture 1, row 3, y" in wrong(planted, pictures)
    del planted[1]["3"]
    assert "without [3]" in wrong(planted, pictures)
    planted = [shown[0], shown[1] | {"999": shown[1]["3"]}]
    assert "picture 1" in wrong(planted, pictures)
    assert wrong(shown[:1], pictures) == "1 pictures instead of 2"
    other = core.read_query({"gap": "8"}, entry.base)[0]
    assert wrong(shown, entry.pictures(Seen(other, entry.question.measure(other))))
