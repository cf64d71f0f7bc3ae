"""Pages in a real browser: by link, by keyboard, on a phone, in the dark."""

from collections.abc import Callable

import pytest
from tab import Tab

Visit = Callable[..., Tab]
PATHS = {"home": "/", "depth": "/depth", "time": "/time", "sentences": "/sentences"}
every_page = pytest.mark.parametrize("page", PATHS)

# page → where it starts, the keyed slider, what one step up makes of it, and as the address spells it
STEPS = {
    "home": ("/?gap=5", "gap", 6),
    "depth": ("/depth?depth=12", "depth", 13),
    "time": ("/time?radius=0.2", "radius", 0.25),
}
steps = pytest.mark.parametrize(("path", "page", "name", "value"), [(p, k, n, v) for k, (p, n, v) in STEPS.items()])


@pytest.mark.parametrize("page", ["sentences", "time", "depth", "home"])  # the deepest link first
def test_a_page_opens_by_link(page: str, visit: Visit) -> None:
    """As the first visit too: its own question, a chart with marks, the way to the other pages, nothing from elsewhere."""
    tab = visit(PATHS[page])
    assert tab.page.locator("h1").count() == 1
    assert tab.page.locator("h1").inner_text().strip().endswith("?")
    assert tab.page.locator("[data-testid=stVegaLiteChart] svg").count() == 1
    assert tab.marks()
    for name in ("Start", "Questions"):
        assert tab.page.get_by_role("link", name=name, exact=True).count() >= 1
    assert tab.page.get_by_text("Mechanics", exact=True).count() >= 1  # a menu with the other pages
    assert len(tab.watch.asked) > 5


def test_a_request_to_elsewhere_would_be_noticed(visit: Visit) -> None:
    """And so would an error in the console."""
    tab = visit("/depth")
    tab.page.evaluate("() => { fetch('http://elsewhere.test/').catch(() => {}); console.error('planted') }")
    tab.until(lambda: tab.watch.foreign and tab.watch.said, "the planted trouble")
    assert tab.watch.foreign == ["http://elsewhere.test/"]
    with pytest.raises(AssertionError):
        tab.complain()
    tab.watch.said.clear()
    tab.watch.asked.clear()


@steps
def test_a_slider_moves_by_keyboard_and_stays(path: str, page: str, name: str, value: float, visit: Visit) -> None:
    """The numbers in the chart change, the slider keeps its place, the address says it; a copy of it shows the same."""
    tab = visit(path)
    before = tab.marks("measured")
    assert before
    tab.press(f"{page}-{name}", "ArrowRight")
    tab.until(lambda: tab.marks("measured") != before, "other numbers")
    tab.until(lambda: tab.query == {name: str(value)}, "the address")
    tab.idle()
    assert tab.value(f"{page}-{name}") == value
    other = visit(tab.page.url.removeprefix(tab.host))
    other.until(lambda: other.marks() == tab.marks(), "the same marks")
    assert other.value(f"{page}-{name}") == value
    tab.press(f"{page}-{name}", "ArrowLeft")
    tab.until(lambda: tab.marks("measured") == before, "the numbers of before")
    tab.idle()
    assert tab.page.url.removeprefix(tab.host) == path


@steps
def test_fast_keys_end_at_the_right_value(path: str, page: str, name: str, value: float, visit: Visit) -> None:
    """Ten strokes without waiting: none is lost, and the answer to an early one does not pull the slider back."""
    tab = visit(path)
    tab.page.wait_for_timeout(4000)  # after a look that is longer than a message may take
    start = tab.value(f"{page}-{name}")
    end = round(start + 10 * (value - start), 2)
    tab.press(f"{page}-{name}", "ArrowRight", times=10)
    tab.until(lambda: tab.query.get(name) == f"{end:g}", f"{name}={end:g} in the address, which is {tab.query}")
    tab.idle()
    assert tab.value(f"{page}-{name}") == end
    other = visit(tab.page.url.removeprefix(tab.host))
    tab.until(lambda: other.marks() == tab.marks(), "the same marks as at the final address")


@pytest.mark.parametrize(("page", "name", "asked"), [("time", "radius", 3.0), ("depth", "depth", 150)])
def test_a_slider_beyond_its_usual_end(page: str, name: str, asked: float, visit: Visit) -> None:
    """Opened by a link, moved by keyboard, twice."""
    tab = visit(f"/{page}?{name}={asked:g}")
    for i in (1, 2):
        tab.press(f"{page}-{name}", "ArrowLeft")
        wish = asked - i * (1 if isinstance(asked, int) else 0.05)
        tab.until(lambda: tab.query == {name: f"{wish:g}"}, "the address")  # noqa: B023
        tab.idle()
        assert tab.value(f"{page}-{name}") == pytest.approx(wish)


def test_going_to_another_page_and_back(visit: Visit) -> None:
    """By a link at the top, and the browser's own way back: settings stay, and so does the address."""
    tab = visit("/depth?depth=12")
    before = tab.marks()
    tab.page.get_by_role("link", name="Start", exact=True).first.click()
    tab.page.get_by_role("heading", name="Why does the network forget France").wait_for()
    tab.idle()
    assert tab.query == {}
    tab.page.go_back()
    tab.page.get_by_role("heading", name="Why do the first layers").wait_for()
    tab.until(lambda: tab.marks() == before, "the marks of before")
    tab.idle()
    assert tab.query == {"depth": "12"}
    assert tab.value("depth-depth") == 12


def test_reset_in_a_browser(visit: Visit) -> None:
    """Sliders, chart and address."""
    usual = visit("/depth")
    tab = visit("/depth?depth=12&activation=relu")
    tab.page.locator(".st-key-depth-reset button").click()
    tab.until(lambda: tab.query == {}, "an empty address")
    tab.until(lambda: tab.marks() == usual.marks(), "the usual chart")
    tab.idle()
    assert tab.value("depth-depth") == 30


def test_a_pin_is_drawn_as_a_ghost(visit: Visit) -> None:
    """It stays while the slider moves on."""
    tab = visit("/depth?depth=12")
    assert not tab.marks("ghost")
    tab.page.get_by_role("button", name="Pin this curve").click()
    tab.page.get_by_role("button", name="Unpin all").wait_for()
    tab.idle()
    tab.press("depth-depth", "ArrowRight")
    tab.until(lambda: tab.marks("ghost"), "a ghost")
    tab.until(lambda: "One thing differs: Layers: 12 → 13." in tab.text(), "what differs")


@pytest.mark.parametrize("path", ["/depth?seed=![x](//elsewhere.test/x.png)", "/?![x](//elsewhere.test/y.png)=1"])
def test_a_link_can_not_make_visitors_ask_elsewhere(path: str, visit: Visit) -> None:
    """A bad setting is quoted as text, not shown as a picture."""
    tab = visit(path)
    warning = tab.page.locator("[data-testid=stAlert]")
    warning.wait_for()
    assert warning.locator("img, a").count() == 0
    assert "![x](//elsewhere.test/" in warning.inner_text()


def test_nasty_own_words_stay_text(visit: Visit) -> None:
    """No tag of theirs becomes an element, no picture is asked for."""
    tab = visit("/?gap=3&fillers=" + "%3Cimg/src=//e.test/x%3E %3Cb%3E&lt;")
    html = tab.page.locator("div.sentence").first
    assert html.locator("img").count() == 0
    assert "<img/src=//e.test/x>" in html.inner_text()


@every_page
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_page_fits_a_phone_in_light_and_dark(page: str, scheme: str, visit: Visit) -> None:
    """390 pixels: nothing to scroll sideways, the chart inside the screen, the ground as the visitor wished."""
    tab = visit(PATHS[page], width=390, height=800, color_scheme=scheme, is_mobile=False)
    wide = tab.page.evaluate("() => [document.documentElement.scrollWidth, window.innerWidth]")
    assert wide[0] <= wide[1]
    inner = tab.page.locator("[data-testid=stMain]").evaluate("node => [node.scrollWidth, node.clientWidth]")
    assert inner[0] <= inner[1]
    box = tab.page.locator("[data-testid=stVegaLiteChart] svg").bounding_box()
    assert box is not None and box["x"] >= 0 and box["x"] + box["width"] <= 390 + 0.5
    assert box["width"] > 250 and box["height"] > 150
    ground = tab.page.evaluate("() => getComputedStyle(document.querySelector('[data-testid=stApp]')).backgroundColor")
    bright = sum(int(part) for part in ground.removeprefix("rgb(").rstrip(")").split(",")[:3]) > 380
    assert bright == (scheme == "light")
