"""A server of its own and a real browser for the tests here.

GDL_CHROMIUM names the browser (``make test`` sets it); without it, one that is installed is taken.
"""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright
from tab import Tab, Watch

ROOT = Path(__file__).parents[2]
START = 120  # seconds until the server must answer; nothing is timed
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder needs a browser."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of a browser. Missing is a failure: a skipped browser test would pass for a good one."""
    named = os.environ.get("GDL_CHROMIUM")
    found = named or next((path for name in BROWSERS if (path := shutil.which(name))), None)
    if not found or not shutil.which(found):
        pytest.fail(f"No browser at {found!r}. Name one: GDL_CHROMIUM=/path/to/chromium (make test does so by itself).")
    return found


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[subprocess.Popen[bytes]]:
    """The app on a free port of this machine, with the project's own configuration; ``url`` is its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    log = tmp_path_factory.mktemp("server") / "log"
    with log.open("wb") as out:
        server = subprocess.Popen(
            [
                *(sys.executable, "-m", "streamlit", "run", "server.py", "--server.headless", "true"),
                *("--server.port", str(port), "--server.address", "127.0.0.1"),
            ],
            cwd=ROOT,
            env={**os.environ, "GDL_STORE": str(tmp_path_factory.mktemp("store"))},
            stdout=out,
            stderr=subprocess.STDOUT,
        )
    try:
        server.url = f"http://localhost:{port}"  # type: ignore[attr-defined]
        _wait_for_answer(f"http://127.0.0.1:{port}/ready", server, log)
        yield server
    finally:
        server.terminate()
        try:
            server.wait(10)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()
    assert "Traceback" not in log.read_text(errors="replace"), log.read_text(errors="replace")[-3000:]


def _wait_for_answer(address: str, server: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START
    while time.monotonic() < deadline and server.poll() is None:
        try:
            urllib.request.urlopen(address, timeout=START).close()
            return
        except OSError:
            time.sleep(0.2)
    pytest.fail(f"The server did not start:\n{log.read_text(errors='replace')[-3000:]}")


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator[Browser]:
    """One browser for all tests; each tab has its own context."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        )
        yield browser
        browser.close()


@pytest.fixture
def visit(browser: Browser, server: Any) -> Iterator[Callable[..., Tab]]:
    """``visit("/depth?gain=2", width=390)``: a new visitor's tab, idle. At the end of the test none may have complained."""
    tabs: list[Tab] = []

    def new(path: str, width: int = 1280, height: int = 1000, idle: bool = True, **context: Any) -> Tab:
        page = browser.new_context(viewport={"width": width, "height": height}, **context).new_page()
        tab = Tab(page, server.url, Watch(page))
        tabs.append(tab)
        if idle:
            return tab.open(path)
        page.goto(server.url + path)  # a page without a chart, which nothing can be waited for
        return tab

    yield new
    try:
        for tab in tabs:
            tab.complain()
    finally:
        for tab in tabs:
            tab.page.context.close()
