"""Carrying a page away in a real browser: the box, its files, and the hand-out without a network."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page
from tab import WAIT, Tab

Visit = Callable[..., Tab]
SHORT = "/sentences?gap=5&mixed=0&steps=60&film_every=10&hidden=8&train=1"


def opened(tab: Tab, page: str) -> Tab:
    """The tab with its box open."""
    tab.page.locator(f".st-key-{page}-share-open button").click()
    tab.page.get_by_role("dialog").wait_for()
    tab.page.get_by_role("button", name="Hand-out (HTML)").wait_for()
    return tab.idle()


def taken(tab: Tab, label: str, folder: Path) -> Path:
    """The file behind a button."""
    with tab.page.expect_download(timeout=WAIT) as download:
        tab.page.get_by_role("dialog").get_by_role("button", name=label, exact=True).click()
    path = folder / download.value.suggested_filename
    download.value.save_as(path)
    return path


@pytest.fixture
def offline(browser: Browser) -> Iterator[Callable[[Path], tuple[Page, list[str]]]]:
    """Opens a file without any network: the page, and everything that it has asked for or complained of."""
    context = browser.new_context(offline=True, viewport={"width": 1000, "height": 900})

    def show(path: Path) -> tuple[Page, list[str]]:
        page, trouble = context.new_page(), []
        page.on("request", lambda request: trouble.append(request.url))
        page.on("console", lambda message: trouble.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: trouble.append(str(error)))
        page.goto(path.as_uri())
        page.locator(".chart svg").first.wait_for(timeout=WAIT)
        assert trouble[0] == path.as_uri()
        return page, trouble

    yield show
    context.close()


def test_every_button_gives_its_file(visit: Visit, tmp_path: Path) -> None:
    """Made when it is pressed; what is in it is tested without a browser."""
    tab = opened(visit("/?gap=4"), "home")
    assert taken(tab, "CSV", tmp_path).read_text(encoding="utf-8-sig").startswith("series,")
    assert json.loads(taken(tab, "JSON", tmp_path).read_text())["address"].endswith("?gap=4")
    assert "<svg" in taken(tab, "SVG", tmp_path).read_text()
    assert taken(tab, "PNG", tmp_path).read_bytes().startswith(b"\x89PNG")
    assert json.loads(taken(tab, "Notebook", tmp_path).read_text())["nbformat"] == 4


def test_a_hand_out_lives_without_a_network(visit: Visit, tmp_path: Path, offline: Any) -> None:
    """The same question and numbers, a picture with tooltips, nothing asked for."""
    tab = opened(visit("/depth?depth=12"), "depth")
    page, trouble = offline(taken(tab, "Hand-out (HTML)", tmp_path))
    assert page.locator("h1").inner_text() == tab.page.locator("h1").inner_text()
    assert len(page.locator(".chart svg path.mark-symbol, .chart svg .mark-symbol path").all()) >= 12
    page.locator(".chart svg .mark-symbol path").nth(3).hover()
    page.locator("#vg-tooltip-element").get_by_text("share of the signal").wait_for(timeout=WAIT)
    page.get_by_text("The numbers as a table").click()
    assert page.locator("details table tr").count() > 12
    assert page.locator("footer img").evaluate("node => node.naturalWidth > 0")
    assert len(trouble) == 1, trouble


def test_a_hand_outs_slider_still_moves(visit: Visit, tmp_path: Path, offline: Any) -> None:
    """A training as a film, scrubbed without a server."""
    tab = visit(SHORT)
    tab.until(lambda: "Done." in tab.text(), "the training's end")
    page, trouble = offline(taken(opened(tab, "sentences"), "Hand-out (HTML)", tmp_path))
    slider, bars = page.locator("input[type=range]"), ".chart svg .mark-rect.role-mark path"
    assert slider.evaluate("node => node.value") == "60"
    late = page.locator(bars).evaluate_all("nodes => nodes.map(node => node.getAttribute('d'))")
    assert late
    slider.focus()
    page.keyboard.press("Home")
    page.wait_for_function(
        "([bars, late]) => JSON.stringify([...document.querySelectorAll(bars)].map(n => n.getAttribute('d'))) !== late",
        arg=[bars, json.dumps(late, separators=(",", ":"))],
        timeout=WAIT,
    )
    assert len(trouble) == 1, trouble


@pytest.mark.parametrize(("width", "scheme"), [(390, "dark"), (1280, "light")])
def test_the_box_fits_the_screen(width: int, scheme: str, visit: Visit) -> None:
    """Nothing to scroll sideways; the QR code grows when a projector asks for it, and stays inside."""
    tab = opened(visit("/time", width=width, height=900, color_scheme=scheme), "time")
    box, code = tab.page.get_by_role("dialog"), tab.page.locator("[role=dialog] img[alt^='QR code']")
    wide = box.evaluate("node => [node.scrollWidth, node.clientWidth]")
    assert wide[0] <= wide[1]
    small = code.bounding_box()
    tab.page.get_by_text("QR code as large as the screen").click()
    tab.until(lambda: (code.bounding_box() or {"width": 0})["width"] > 1.5 * small["width"], "a larger code")
    large = code.bounding_box()
    assert large is not None and large["x"] >= 0 and large["x"] + large["width"] <= width
    assert code.get_attribute("alt") == f"QR code of {tab.page.url}"


def test_the_box_stays_open_while_a_training_goes_on(visit: Visit) -> None:
    """The page draws itself anew when the training ends; the box is shut by the visitor alone."""
    tab = opened(visit(SHORT.replace("steps=60", "steps=400")), "sentences")
    tab.until(lambda: "Done." in tab.text(), "the training's end")
    assert tab.page.get_by_role("dialog").is_visible()
    tab.page.keyboard.press("Escape")
    tab.page.get_by_role("dialog").wait_for(state="hidden")
    tab.idle()
    assert tab.page.get_by_role("dialog").count() == 0


def test_the_numbers_as_a_table_by_keyboard(visit: Visit) -> None:
    """A real table with heads, reachable without a mouse."""
    tab = visit("/?gap=4")
    summary = tab.page.locator(".st-key-home-chart-numbers summary")
    summary.focus()
    tab.page.keyboard.press("Enter")
    tab.page.locator(".st-key-home-chart-numbers table th").first.wait_for()
    tab.idle()
    words = tab.page.locator(".st-key-home-chart-numbers tbody tr").all_inner_texts()
    assert any("France" in row for row in words)
