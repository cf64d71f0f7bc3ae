"""Maps in a real browser: a click takes a network in hand, rows and trainings come by themselves, training can be stopped."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from tab import Tab

import core
from core.wording import LN10
from pages.maps.entries import MAPS

Visit = Callable[..., Tab]
SMALL = "/map?map=clip&hidden=4&gap=1"
MARKED = """() => { const svg = document.querySelector('[data-testid=stVegaLiteChart] svg');
  svg.marked = svg.marked || Math.random(); return svg.marked }"""


def roles(tab: Tab, *names: str) -> list[dict[str, Any]]:
    """What the charts' marks of these roles stand for, each once."""
    return [json.loads(each) for each in sorted({each for name in names for each in tab.marks(name)})]


def tile(tab: Tab, name: str, column: str, row: str) -> Any:
    """The tile of a map that says it is there."""
    entry = MAPS[name]
    said = f"{entry.x.label} {column}, {entry.y.label} {row}:"
    return tab.page.locator(f".st-key-map-{name}-heat [aria-label^={json.dumps(said, ensure_ascii=False)}]")


def complete(tab: Tab, count: int) -> Tab:
    """Waits for all tiles."""
    tab.until(lambda: len(roles(tab, "done")) == count, "all tiles")
    return tab.idle()


def curve(tab: Tab) -> dict[int, float]:
    """Lag → decades of the network in hand."""
    return {each["lag"]: each["decades"] for each in roles(tab, "measured")}


def test_a_click_takes_a_network_in_hand(visit: Visit) -> None:
    """Its curve is core's; address and slider follow; the chart is not drawn anew; a tile may be clicked again later."""
    tab = complete(visit("/map?map=gap"), 72)
    chart = tab.page.evaluate(MARKED)
    base = MAPS["gap"].base
    for column, row, settings in (
        ("30", "LSTM, bias 1", {"gap": 30, "cell": "lstm"}),
        ("10", "GRU", {"gap": 10, "cell": "gru"}),
        ("30", "LSTM, bias 1", {"gap": 30, "cell": "lstm"}),
    ):
        tile(tab, "gap", column, row).click()
        tab.until(
            lambda wish=settings: tab.query == {"map": "gap"} | {k: str(v) for k, v in wish.items()}, "the address"
        )
        tab.idle()
        profile = core.measure(base.changed(**settings))
        expected = dict(zip(profile.lag.tolist(), (profile.relative / LN10).tolist(), strict=True))
        tab.until(lambda wish=expected: curve(tab) == pytest.approx(wish, abs=1e-9), "the curve")
        assert tab.page.locator(".st-key-map-gap-row input").input_value() == row
    assert tab.page.evaluate(MARKED) == chart


def test_a_network_is_taken_in_hand_by_keyboard(visit: Visit) -> None:
    """One key stroke, one tile; a click on the tile that one came from leads back."""
    tab = complete(visit("/map?map=gap"), 72)
    tab.press("map-gap-column", "ArrowRight")
    tab.until(lambda: tab.query == {"map": "gap", "gap": "30"}, "the address")
    (here,) = roles(tab.idle(), "here")
    assert (here["left"], here["bottom"]) == (5, 0)
    tile(tab, "gap", "20", "plain RNN").click()
    tab.until(lambda: tab.query == {"map": "gap"}, "the way back")


def test_rows_come_by_themselves(visit: Visit) -> None:
    """Into the same chart; then the page looks no more."""
    tab = visit("/map?map=radius&seed=41")
    chart = tab.page.evaluate(MARKED)
    complete(tab, 224)
    tab.until(lambda: "measured so far" not in tab.text(), "the end")
    assert tab.page.evaluate(MARKED) == chart
    tab.page.wait_for_timeout(1000)
    tab.watch.sent.clear()
    tab.page.wait_for_timeout(1500)
    assert tab.watch.sent == []


def test_training_a_map_goes_on_by_itself_and_can_be_stopped(visit: Visit) -> None:
    """More and more tiles; after Stop no more; what is there is that of core."""
    tab = visit(SMALL + "&steps=60&film_every=20&seed=42")
    assert not roles(tab, "done", "going")
    button = tab.page.locator(".st-key-map-clip-go button")
    button.click()
    tab.until(lambda: len(roles(tab, "done")) >= 3, "some tiles")
    tab.until(lambda: tab.query.get("train") == "1", "the address")
    assert "to go" in tab.text() or "Waiting" in tab.text() or "queue" in tab.text()
    button.click()
    tab.until(lambda: "Train all of them" in tab.text(), "the stop")
    tab.idle()
    assert "train" not in tab.query
    before = roles(tab, "done", "going")
    tab.page.wait_for_timeout(1500)
    assert roles(tab, "done", "going") == before
    base, entry = MAPS["clip"].base.changed(hidden=4, gap=1, steps=60, film_every=20, seed=42), MAPS["clip"]
    for each in roles(tab, "done")[:2]:
        settings = dict(entry.x.stops[each["column"]].settings) | dict(entry.y.stops[each["row"]].settings)
        run = core.advance(core.start(base.changed(**settings)), 60)
        assert each["value"] == pytest.approx(max(run.accuracy, 1 / 8))


def test_training_a_map_ends(visit: Visit) -> None:
    """All tiles, and no button."""
    tab = visit(SMALL + "&steps=4&seed=43&train=1")
    complete(tab, 72)
    tab.until(lambda: "Done." in tab.text() and tab.page.locator(".st-key-map-clip-go").count() == 0, "the end")


@pytest.mark.parametrize("name", MAPS)
def test_a_map_fits_a_phone(name: str, visit: Visit) -> None:
    """Nothing is cut off at the side."""
    tab = visit(f"/map?map={name}", width=390, height=844)
    wide = tab.page.evaluate("() => document.querySelector('[data-testid=stMain]').scrollWidth - window.innerWidth")
    assert wide <= 0
    for chart in tab.page.locator("[data-testid=stVegaLiteChart] svg").all():
        box = chart.bounding_box()
        assert box and box["x"] >= 0 and box["x"] + box["width"] <= 391


def test_the_network_in_hand_opens_on_its_own_page(visit: Visit) -> None:
    """With all its settings, in that page's own short address."""
    tab = visit("/map?map=depth&gain=0.8&depth=30")
    tab.page.get_by_role("link", name="Open it in Depth").click()
    tab.until(lambda: "/depth" in tab.page.url and "network" not in tab.query, "the other page")
    tab.idle()
    assert tab.query.items() >= {"gain": "0.8", "activation": "tanh", "initialiser": "gaussian", "width": "32"}.items()
    profile = core.measure(MAPS["depth"].base.changed(gain=0.8, depth=30))
    tab.until(lambda: curve(tab)[29] == pytest.approx(profile.relative[0] / LN10, abs=1e-9), "the curve")
