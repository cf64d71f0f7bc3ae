"""What keeps people from reading or using a page: axe-core looks at every page, in light and in dark.

Minor findings don't count. Those that are Streamlit's or Vega's stand in one table, by rule and by what the
element is, so that any other one fails.
"""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, Page
from tab import WAIT

from pages.questions import QUESTION_PAGES

APP = Path(__file__).parents[2] / "app.py"
PAGES = [name.replace("home", "") for name in re.findall(r"pages/(\w+)\.py", APP.read_text())]
FIRST = {each.topic: row for row, each in reversed(QUESTION_PAGES.items())}  # topic → its first entry
PATHS = [f"/{name}" for name in PAGES] + [f"/{topic}?row={row}" for topic, row in FIRST.items()]
PATHS += [
    "/lessons?lesson=forgotten&step=2&said=30",
    "/lessons?lesson=reasoning&step=2",
    "/challenges?fix=gate",
    "/?present=1",
]
TALL = 5000  # pixels: what is out of sight would not be looked at

# (rule, what the element matches) → whose it is and why it stays
KNOWN = {
    ("svg-img-alt", "g.role-mark:empty"): "Vega calls the container of a layer a picture, also where nothing is in it.",
}
SETTLED = """() => document.querySelector('[data-testid=stApp][data-test-script-state=notRunning]')
  && document.querySelector('h1') && !document.querySelector('[data-stale=true]')
  && !document.querySelector('[data-testid=stSkeleton]')
  && [...document.querySelectorAll('[data-testid=stVegaLiteChart]')].every(chart => chart.querySelector('svg, canvas'))"""
FINDINGS = """async known => {
  const found = await axe.run({resultTypes: ['violations']});
  return found.violations.filter(each => each.impact !== 'minor').flatMap(each => each.nodes
    .filter(node => !known.some(([rule, selector]) => rule === each.id
      && document.querySelector(node.target.at(-1))?.matches(selector)))
    .map(node => `${each.id}: ${node.html.slice(0, 160)} … ${[...node.any, ...node.all, ...node.none].map(c => c.message)}`))
}"""


def findings(page: Page) -> list[str]:
    """What axe-core finds on the page as it is, but for what is known."""
    page.evaluate(AXE_SCRIPT)
    found: list[str] = page.evaluate(FINDINGS, [list(each) for each in KNOWN])
    return found


@pytest.fixture(scope="module", params=["light", "dark"])
def look(request: pytest.FixtureRequest, browser: Browser, server: Any) -> Iterator[Callable[[str], Page]]:
    """Opens a path in this scheme and waits until it is drawn."""
    page = browser.new_context(viewport={"width": 1280, "height": TALL}, color_scheme=request.param).new_page()

    def show(path: str) -> Page:
        page.goto(server.url + path)
        page.wait_for_function(SETTLED, timeout=WAIT)
        page.wait_for_timeout(300)  # colours fade in
        page.wait_for_function(SETTLED, timeout=WAIT)
        return page

    yield show
    page.context.close()


@pytest.mark.parametrize("path", PATHS)
def test_a_page_can_be_read(path: str, look: Callable[[str], Page]) -> None:
    """Contrast, names, roles, alternatives: nothing serious."""
    assert findings(look(path)) == []


def test_a_new_finding_would_be_noticed(look: Callable[[str], Page]) -> None:
    """Pale text, a button without a name, and a picture that Vega has not left empty."""
    page = look("/depth")
    page.evaluate("""() => {
      const main = document.querySelector('[data-testid=stMainBlockContainer]');
      main.insertAdjacentHTML('afterbegin', '<p style="color:#888;background:#999">pale</p><button></button>');
      const mark = document.querySelector('[data-testid=stVegaLiteChart] svg .role-mark:empty');
      mark.innerHTML = '<path role="graphics-symbol" d="M0 0h9v9z"></path>';
    }""")
    found = {each.split(":")[0] for each in findings(page)}
    assert {"color-contrast", "button-name", "svg-img-alt"} <= found
