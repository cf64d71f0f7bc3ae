"""What a teacher does in a real browser: a projector driven by keys, a lesson, a challenge, a locked control."""

from collections.abc import Callable

from tab import Tab

Visit = Callable[..., Tab]


def test_a_projector_goes_on_by_page_keys(visit: Visit) -> None:
    """No menu, larger letters, PageDown and PageUp through the questions, Q for the code; Leave brings the menu back."""
    tab = visit("/?present=1", width=1920, height=1080)
    assert tab.page.locator("header[data-testid=stHeader]").is_hidden()
    assert float(tab.page.evaluate("parseFloat(getComputedStyle(document.documentElement).fontSize)")) > 20
    picture = tab.page.locator("[data-testid=stVegaLiteChart]").bounding_box()
    assert picture and picture["y"] + picture["height"] < 1080
    tab.page.get_by_role("button", name="Next").wait_for()
    tab.page.keyboard.press("PageDown")
    tab.page.get_by_role("heading", name="What does one step of gradient descent do?").wait_for()
    tab.until(lambda: tab.query == {"row": "b1", "present": "1"}, "the address")
    tab.idle()
    tab.page.keyboard.press("q")
    tab.page.get_by_role("dialog").locator("img").wait_for()
    assert "present" not in (tab.page.get_by_role("dialog").locator("img").get_attribute("alt") or "present")
    tab.page.keyboard.press("Escape")
    tab.page.get_by_role("dialog").wait_for(state="hidden")
    tab.page.keyboard.press("PageUp")
    tab.page.get_by_role("heading", name="Why does the network forget France?").wait_for()
    tab.idle()
    tab.page.get_by_role("button", name="Leave").click()
    tab.page.get_by_role("link", name="Lessons", exact=True).first.wait_for()
    tab.until(lambda: tab.query == {}, "the bare address")


def test_a_lesson_by_hand(visit: Visit) -> None:
    """The picture comes with the answer; another visitor with the address sees the same; on to the next question."""
    tab = visit("/lessons?lesson=forgotten&step=2&said=3-1", idle=False)
    tab.page.get_by_text("The slopes of tanh", exact=True).click()
    tab.idle()
    assert tab.query["said"] == "311"
    tab.page.get_by_text("It is: The weights").wait_for()
    assert tab.marks()
    other = visit(tab.page.url.removeprefix(tab.host))
    other.until(lambda: other.marks() == tab.marks(), "the same marks")
    tab.page.get_by_role("button", name="Next").click()
    tab.page.get_by_role("heading", name="France is replaced by another country. What happens?").wait_for()
    tab.idle()
    assert tab.query == {"lesson": "forgotten", "step": "3", "said": "311"}


def test_a_challenge_by_keyboard(visit: Visit) -> None:
    """Raise the forget bias until the network is repaired."""
    tab = visit("/challenges?fix=gate&forget_bias=1.7")
    assert "Not yet" in tab.text()
    tab.press("fix-gate-forget_bias", "ArrowRight", times=10)
    tab.page.get_by_text("Repaired.").wait_for()
    tab.until(lambda: tab.query.get("solved") == "gate", "the address")
    tab.page.get_by_role("button", name="All challenges").click()
    tab.page.get_by_role("heading", name="Can you fix this network?").wait_for()
    tab.page.get_by_text("1 of 8").wait_for()


def test_a_locked_slider_cannot_be_moved(visit: Visit) -> None:
    """Neither by key nor by hand."""
    tab = visit("/depth?depth=12&lock=depth&hide=more")
    before = tab.marks()
    assert tab.slider("depth-depth").is_disabled()
    assert tab.page.get_by_text("More settings").count() == 0
    assert tab.marks() == before
