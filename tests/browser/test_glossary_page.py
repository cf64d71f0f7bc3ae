"""The glossary in a real browser: a term by its address, from there to its experiment, and to other terms."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect
from tab import Tab

from pages.glossary import TERMS
from pages.questions import QUESTION_PAGES

FIRST = ".st-key-glossary-first"
PATH = "/glossary?term=spectral-radius"
SETTLED = """() => document.querySelector('[data-testid=stApp][data-test-script-state=notRunning]')
  && document.querySelector('.katex') && !document.querySelector('[data-testid=stSkeleton]')"""


@pytest.fixture
def glossary(visit: Callable[..., Tab]) -> Callable[..., Tab]:
    """``glossary("/glossary?term=lstm", width=390)``: a new tab with all terms in it. There is no chart to wait for."""

    def new(path: str, width: int = 1280, **context: Any) -> Tab:
        tab = visit(path, width, 900, idle=False, **context)
        tab.until(lambda: tab.page.locator("[data-testid=stMain] h2").count() == len(TERMS), "all terms")
        tab.page.wait_for_function(SETTLED)  # formulas are drawn late and move what is below them
        tab.page.wait_for_timeout(500)
        return tab

    return new


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (1280, "dark"), (390, "light")])
def test_a_term_stands_first_and_fits(width: int, scheme: str, glossary: Callable[..., Tab]) -> None:
    """Framed, in view without scrolling; formulas are drawn, and nothing is wider than a phone or cut off."""
    page = glossary(PATH, width, color_scheme=scheme).page
    first = page.locator(FIRST)
    expect(first.locator("h2")).to_have_text("Spectral radius")
    expect(first.locator("h2")).to_be_in_viewport()
    expect(first.locator(".katex").first).to_be_visible()
    expect(page.locator(f"{FIRST} [data-testid=stPageLink-NavLink]")).to_be_visible()
    assert page.locator(".katex-error").count() == 0
    assert page.evaluate("() => document.documentElement.scrollWidth") <= width
    cut = page.evaluate(
        """() => [...document.querySelectorAll('[data-testid=stPageLink-NavLink] span, [data-testid=stMain] .katex')]
        .filter(node => node.scrollWidth > node.clientWidth + 1 && getComputedStyle(node).display !== 'inline'
          || node.getBoundingClientRect().right > innerWidth).map(node => node.textContent)"""
    )
    assert cut == []


def test_a_term_leads_to_its_experiment(glossary: Callable[..., Tab]) -> None:
    """In the same tab; the address is that of the question."""
    tab = glossary(PATH)
    tab.page.locator(f"{FIRST} [data-testid=stPageLink-NavLink]").click()
    page = QUESTION_PAGES[TERMS["spectral-radius"].see]
    expect(tab.page.locator("h1")).to_have_text(page.texts.question)
    tab.until(lambda: tab.query.get("row") == page.row, "the address")
    assert tab.page.url.partition("?")[0] == f"{tab.host}/{page.topic}"
    tab.idle()


def test_terms_lead_to_each_other(glossary: Callable[..., Tab]) -> None:
    """By scrolling on the page itself; the first sentence is shown when the mouse rests on the link."""
    page = glossary(PATH).page
    link = page.locator(f'{FIRST} a[href="#eigenvalue"]')
    assert link.get_attribute("title") == TERMS["eigenvalue"].hint
    expect(page.locator("h2#eigenvalue")).not_to_be_in_viewport()
    link.click()
    expect(page.locator("h2#eigenvalue")).to_be_in_viewport()
    assert len(page.context.pages) == 1


def test_a_search_leaves_few(glossary: Callable[..., Tab]) -> None:
    """A link among them opens the term in a tab of its own, from where it stands among all."""
    tab = glossary("/glossary")
    field = tab.page.locator(".st-key-glossary-search input")
    field.fill("carousel")
    field.press("Enter")
    expect(tab.page.locator("[data-testid=stMain] h2").first).to_have_text("Constant error carousel")
    expect(tab.page.locator("[data-testid=stMain] h2")).not_to_have_count(len(TERMS))
    with tab.page.context.expect_page() as opened:
        tab.page.locator('a[href="glossary?term=forget-gate"]').first.click()
    expect(opened.value.locator(f"{FIRST} h2")).to_have_text("Forget gate")
