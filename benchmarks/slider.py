"""Slider released → chart drawn, in real Chromium, for each page beside a bare Streamlit page in the same run.

    make bench                       (or: python benchmarks/slider.py [moves])

The bare page has one slider and one line of 200 points: what Streamlit itself costs on this machine. Pages take turns,
so that a noisy moment hits all of them. Time runs from the key press in the browser to the last change inside the chart.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from contextlib import ExitStack
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

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


def main(moves: int) -> None:
    """Prints a row per page: median, 95th percentile, ratio of the medians to the bare page's."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        (folder / "bare.py").write_text(BARE)
        for script, port in ((ROOT / "app.py", 8701), (folder / "bare.py", 8702)):
            stack.callback(serve(script, port).terminate)
        browser = stack.enter_context(sync_playwright()).chromium.launch(
            executable_path=os.environ.get("GDL_CHROMIUM"),
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        pages = {}
        places = {"bare": ("http://localhost:8702/", None)}
        places |= {name: (f"http://localhost:8701{path}", key) for name, (path, key) in PAGES.items()}
        for name, (url, key) in places.items():
            page = browser.new_page(viewport={"width": 1280, "height": 1000})
            page.goto(url)
            handle = page.locator((f".st-key-{key} " if key else "") + "input[type=range]").first
            handle.wait_for(state="attached")
            page.locator("[data-testid=stVegaLiteChart] svg").first.wait_for()
            page.wait_for_timeout(1500)
            handle.focus()
            page.evaluate(WATCH)
            pages[name] = page
        times: dict[str, list[float]] = {name: [] for name in pages}
        for i in range(-3, moves):  # three moves to warm up
            for name, page in pages.items():
                page.bring_to_front()
                try:
                    took = move(page, "ArrowRight")
                except RuntimeError as error:
                    raise RuntimeError(f"{name}, move {i}: {error}") from None
                if i >= 0:
                    times[name].append(took)
        browser.close()
    floor = statistics.median(times["bare"])
    print(f"{'page':8s}{'median':>10s}{'p95':>10s}{'ratio':>8s}   ({moves} moves each, ms from key press to last draw)")
    for name, each in times.items():
        median, p95 = statistics.median(each), statistics.quantiles(each, n=20)[-1]
        print(f"{name:8s}{median:10.0f}{p95:10.0f}{median / floor:8.2f}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 30)
