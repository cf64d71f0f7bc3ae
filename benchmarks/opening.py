"""A link opened → its first picture drawn, in real Chromium, for every page and every question that does not train.

    make bench                       (or: python benchmarks/opening.py [times])

The server is warm, as it is in a course: each address was opened once before. ``first visit``: a browser that has nothing of
the app yet, not even Streamlit's own JavaScript. ``again``: the same browser opens the address in a new tab, with that in its
cache. Time runs from the navigation to the first chart with marks, by the browser's clock. The bar is 2 s.
"""

import os
import re
import statistics
import sys
from contextlib import ExitStack

from playwright.sync_api import Browser, BrowserContext, sync_playwright
from slider import ROOT, serve

from pages.questions import QUESTION_PAGES

BAR = 2000  # milliseconds
PORT = 8703
HOST = f"http://localhost:{PORT}"
# installed before the page's own scripts: when the first mark of a chart was there
FIRST = """() => { const look = () => {
  const marks = '[data-testid=stVegaLiteChart] svg .role-mark :is(path, line, text, image), [data-testid=stVegaLiteChart] canvas';
  if (document.querySelector(marks)) window.drawn = performance.now(); else requestAnimationFrame(look) };
  requestAnimationFrame(look) }"""
TEXT = {"questions", "lessons", "challenges", "glossary", "admin"}  # pages without a chart: their heading counts
HEADING = FIRST.replace("document.querySelector(marks)", "document.querySelector('h1')")


def paths() -> dict[str, str]:
    """Name → address of all pages that the app lists and all questions that are measured at once."""
    named = re.findall(r"pages/(\w+)\.py", (ROOT / "app.py").read_text())
    pages = {name: "/" if name == "home" else f"/{name}" for name in named}
    quick = [each for each in QUESTION_PAGES.values() if not each.slow(each.base)]
    # a page whose first view is a question that trains is as slow as that question: left out here, as that is
    first = {each.topic: each for each in reversed(QUESTION_PAGES.values())}
    explore = {name for name in pages if f'topic("{name}", ' in _source(name)}
    trains = {name for name, each in first.items() if name in pages and each not in quick and name not in explore}
    shown = {name: path for name, path in pages.items() if name not in trains}
    return shown | {each.row: f"/{each.topic}?row={each.row}" for each in quick}


def _source(page: str) -> str:
    return (ROOT / "pages" / f"{page}.py").read_text()


def opened(context: BrowserContext, name: str, path: str) -> float:
    """Milliseconds until the first picture."""
    page = context.new_page()
    page.add_init_script(f"({HEADING if name in TEXT else FIRST})()")
    page.goto(HOST + path, wait_until="commit")
    page.wait_for_function("() => window.drawn", timeout=60_000)
    took = float(page.evaluate("window.drawn"))
    page.close()
    return took


def measured(browser: Browser, name: str, path: str, times: int) -> tuple[list[float], list[float]]:
    """First visits, and visits again."""
    first, again = [], []
    for _ in range(times):
        context = browser.new_context(viewport={"width": 1280, "height": 1000})
        first.append(opened(context, name, path))
        again.append(opened(context, name, path))
        context.close()
    return first, again


def main(times: int) -> None:
    """Prints a row per address: medians in ms; the slowest last."""
    with ExitStack() as stack:
        stack.callback(serve(ROOT / "server.py", PORT).terminate)
        browser = stack.enter_context(sync_playwright()).chromium.launch(
            executable_path=os.environ.get("GDL_CHROMIUM"),
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        rows = []
        for name, path in paths().items():
            measured(browser, name, path, 1)  # warms the server
            first, again = measured(browser, name, path, times)
            rows.append((statistics.median(first), statistics.median(again), name))
            print(f"{name:12s}{rows[-1][0]:12.0f}{rows[-1][1]:10.0f}", flush=True)
        browser.close()
    print(f"{'':12s}{'first visit':>12s}{'again':>10s}   (median of {times}, ms to the first picture)")
    for said, at in (("first visit", 0), ("again", 1)):
        slowest = max(rows, key=lambda row: row[at])
        late = [row[2] for row in rows if row[at] > BAR]
        print(f"slowest {said}: {slowest[2]}, {slowest[at]:.0f} ms; over {BAR} ms: {', '.join(late) or 'none'}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 3)
