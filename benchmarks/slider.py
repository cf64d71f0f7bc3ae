"""Slider released → chart drawn, in real Chromium, for each page beside a bare Streamlit page in the same run.

    make bench                       (or: python benchmarks/slider.py [moves])

The bare page has one slider and one line of 200 points: what Streamlit itself costs on this machine. Pages take turns,
so that a noisy moment hits all of them; in groups, each with the bare page among them, because open tabs cost memory and time.
Questions are there as well, those that are measured at once. Time runs from the key press in the browser to the last change
inside the chart.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from core import from_query
from core.fields import Number, rules
from pages.frame.question_page import QuestionPage
from pages.questions import QUESTION_PAGES

ROOT = Path(__file__).resolve().parent.parent
BARE = """
import altair as alt, numpy as np, pandas as pd, streamlit as st
k = st.slider("k", 0, 100, 50)
x = np.arange(200)
st.altair_chart(alt.Chart(pd.DataFrame({"x": x, "y": np.sin(x / (k + 1))})).mark_line().encode(x="x", y="y"))
"""
# page → where it starts, and the keyed slider that is moved up from there: every value is new to the server
PAGES = {
    "home": ("/?gap=3", "home-gap"),
    "depth": ("/depth?depth=15", "depth-depth"),
    "time": ("/time?radius=0.2", "time-radius"),
}
GROUP = 5  # pages beside the bare one in a group
WARM = 3  # moves before those that count
WATCH = """() => {
  window.pressed = 0; window.drawn = 0;
  document.addEventListener('keydown', () => { window.pressed = performance.now(); window.drawn = 0; }, true);
  new MutationObserver(all => {
    if (all.some(m => (m.target.closest || m.target.parentElement?.closest)
        ?.call(m.target.closest ? m.target : m.target.parentElement, '[data-testid=stVegaLiteChart]')))
      window.drawn = performance.now();
  }).observe(document.body, {subtree: true, childList: true, attributes: true, characterData: true});
}"""


def serve(script: Path, port: int) -> subprocess.Popen[bytes]:
    """A Streamlit server for ``script``, ready when this returns."""
    server = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "streamlit",
            "run",
            str(script),
            "--server.port",
            str(port),
            *("--server.headless", "true", "--server.scriptHealthCheckEnabled", "true"),
        ],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    for _ in range(120):
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/script-health-check", timeout=60)
            return server
        except OSError:
            time.sleep(0.5)
    raise RuntimeError(f"no answer from {script}")


def move(page: Page, key: str) -> float:
    """Presses one key on the slider; milliseconds until the chart was last changed."""
    page.keyboard.press(key)
    page.wait_for_timeout(100)
    last, quiet = -1.0, 0
    for _ in range(100):
        drawn = float(page.evaluate("window.drawn"))
        quiet = quiet + 1 if drawn and drawn == last else 0
        if quiet >= 4:
            return drawn - float(page.evaluate("window.pressed"))
        last = drawn
        page.wait_for_timeout(50)
    raise RuntimeError("the chart did not change after a key press")


def questions(moves: int) -> dict[str, tuple[str, str]]:
    """Row → address and slider of the questions that are measured at once, as long as the slider moves."""
    found = {}
    for row, each in QUESTION_PAGES.items():
        if not each.slow(each.base) and (place := _room(each, moves + WARM)):
            name, start = place
            found[row] = (f"/{each.topic}?row={row}&{name}={start:g}", f"{row}-{name}")
    return found


def _room(entry: QuestionPage, moves: int) -> tuple[str, float] | None:
    """The first slider with room for so many moves up, and where to start: at its base, or lower if it is slow above."""
    base = entry.base
    for name in entry.controls:
        spec = next(each for each in (base.network, base.task, base.training, base) if name in rules(each))
        rule, value = rules(spec)[name], getattr(spec, name)
        if not isinstance(rule, Number) or (rule.high > 1000 and rule.whole) or rule.high / rule.step > 1000:
            continue
        way = moves * rule.step
        top = entry.highs.get(name, rule.high) - way
        for start in (each for each in (min(value, top), value - way, rule.low) if rule.low <= each <= top):
            at = [base.to_query() | {name: f"{start + i * rule.step:g}"} for i in range(moves + 1)]
            if not any(entry.slow(from_query(query)) for query in at):
                return name, start
    return None


def opened(browser: Browser, places: dict[str, tuple[str, str | None]]) -> dict[str, Page]:
    """A tab for each place, its slider in hand."""
    pages = {}
    for name, (url, key) in places.items():
        page = browser.new_page(viewport={"width": 1280, "height": 1000})
        page.goto(url)
        handle = page.locator((f".st-key-{key} " if key else "") + "input[type=range]").first
        handle.wait_for(state="attached")
        page.locator("[data-testid=stVegaLiteChart] svg").first.wait_for()
        page.wait_for_timeout(1500)
        if name in QUESTION_PAGES:  # its own settings' verdict has been worked out
            page.get_by_text("What overturns it").or_(page.get_by_text("have not been judged")).first.wait_for()
        handle.focus()
        page.evaluate(WATCH)
        pages[name] = page
    return pages


def timed(pages: dict[str, Page], moves: int) -> dict[str, list[float]]:
    """Milliseconds of each move of each page, in turns."""
    times: dict[str, list[float]] = {name: [] for name in pages}
    for i in range(-WARM, moves):
        for name, page in pages.items():
            page.bring_to_front()
            try:
                took = move(page, "ArrowRight")
            except RuntimeError as error:
                raise RuntimeError(f"{name}, move {i}: {error}") from None
            if i >= 0:
                times[name].append(took)
    return times


def main(moves: int) -> None:
    """Prints a row per page: median, 95th percentile, ratio of the medians to that of the bare page in its group."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        (folder / "bare.py").write_text(BARE)
        for script, port in ((ROOT / "app.py", 8701), (folder / "bare.py", 8702)):
            stack.callback(serve(script, port).terminate)
        browser = stack.enter_context(sync_playwright()).chromium.launch(
            executable_path=os.environ.get("GDL_CHROMIUM"),
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        ours = {name: (f"http://localhost:8701{path}", key) for name, (path, key) in (PAGES | questions(moves)).items()}
        print(
            f"{'page':8s}{'median':>10s}{'p95':>10s}{'ratio':>8s}   ({moves} moves each, ms from key press to last draw)"
        )
        for group in batched(ours.items(), GROUP):
            pages = opened(browser, {"bare": ("http://localhost:8702/", None), **dict(group)})
            times = timed(pages, moves)
            floor = statistics.median(times["bare"])
            for name, each in times.items():
                median, p95 = statistics.median(each), statistics.quantiles(each, n=20)[-1]
                print(f"{name:8s}{median:10.0f}{p95:10.0f}{median / floor:8.2f}", flush=True)
            for page in pages.values():
                page.close()
        browser.close()


def batched(items: Iterable[Any], size: int) -> list[list[Any]]:
    """In groups of ``size``."""
    found = list(items)
    return [found[i : i + size] for i in range(0, len(found), size)]


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 12)
