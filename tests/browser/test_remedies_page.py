"""The remedy race in a real browser: it is the page's first view, runs, grows, and names a winner."""

from collections.abc import Callable

from tab import Tab

EASY = "/remedies?gap=2&steps=120&film_every=10&seed=31&remedies=adam+lstm3+irnn"


def test_a_race_grows_and_names_a_winner(visit: Callable[..., Tab]) -> None:
    """Train is pressed, lines grow to their end, the sentence says who won, and each line has its name."""
    tab = visit(EASY)
    assert "Which remedy" in tab.text() and not tab.marks("look")
    tab.page.locator(".st-key-remedies-go button").click()
    tab.until(lambda: tab.marks("look"), "the first look")
    tab.until(lambda: " wins: " in tab.text() or " win: " in tab.text(), "a winner")
    tab.until(lambda: tab.page.locator(".st-key-remedies-go button").count() == 0, "the button to go")
    tab.idle()
    assert tab.query["train"] == "1"
    for name in ("Adam", "LSTM, bias 3", "ReLU identity"):
        assert any(f'"text":"{name}"' in each for each in tab.marks("name"))
    assert sum('"step":120' in each for each in tab.marks("look")) >= 3


def test_on_a_phone_nothing_is_cut(visit: Callable[..., Tab]) -> None:
    """No sideways scrolling, and the names end inside the picture."""
    tab = visit(EASY + "&train=1", width=390)
    tab.until(lambda: tab.marks("name"), "names")
    tab.until(lambda: tab.page.locator(".st-key-remedies-go button").count() == 0, "the end")
    tab.idle()
    assert tab.page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
    right = "node => [...node.querySelectorAll('svg text')].every(t => t.getBoundingClientRect().right <= innerWidth)"
    assert tab.page.locator("[data-testid=stVegaLiteChart]").evaluate(right)
