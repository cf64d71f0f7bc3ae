"""A browser tab with a page of the lab in it: how to act on it, how to wait for it, how to read its charts."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from playwright.sync_api import ConsoleMessage, Locator, Page, Request, WebSocket

WAIT = 30_000  # milliseconds without anything new until a test gives up; nothing is timed
LONGEST = 10 * WAIT  # and in all
IDLE = """() => {
  const app = document.querySelector('[data-testid=stApp]');
  return app && app.dataset.testScriptState === 'notRunning' && app.dataset.testConnectionState === 'CONNECTED'
    && !document.querySelector('[data-stale=true]') && document.querySelector('[data-testid=stVegaLiteChart] svg') !== null
}"""
# the data of every mark that Vega has drawn, without what Vega has added to them
MARKS = """() => [...document.querySelectorAll('[data-testid=stVegaLiteChart] svg *')]
  .map(node => node.__data__ && node.__data__.datum)
  .filter(datum => datum && datum.role)
  .map(datum => JSON.stringify(Object.fromEntries(Object.entries(datum)
    .filter(([name, value]) => typeof value !== 'object' && !['(index)', 'latest'].includes(name)))))"""


@dataclass
class Watch:
    """Everything that a page says and asks for behind the visitor's back."""

    page: Page
    said: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    sent: list[Any] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda error: self.said.append(f"uncaught: {error}"))
        self.page.on("request", self._request)
        self.page.on("websocket", self._socket)

    def _console(self, message: ConsoleMessage) -> None:
        missing = re.search(r"/_stcore/(health|host-config)", message.location.get("url", ""))
        harmless = ("404" in message.text and missing) or "Infinite extent" in message.text
        if message.type in ("error", "warning") and not harmless:
            self.said.append(f"{message.type}: {message.text} ({message.location.get('url', '')})")

    def _request(self, request: Request) -> None:
        self.asked.append(request.url)

    def _socket(self, socket: WebSocket) -> None:
        self.asked.append(socket.url)
        socket.on("framesent", lambda message: self.sent.append(message))

    @property
    def foreign(self) -> list[str]:
        """Addresses outside this machine that were asked for."""
        return [url for url in self.asked if urlsplit(url).scheme in ("http", "https", "ws", "wss") and not _local(url)]


def _local(url: str) -> bool:
    return urlsplit(url).hostname in ("localhost", "127.0.0.1")


@dataclass
class Tab:
    """One visitor."""

    page: Page
    host: str
    watch: Watch

    def open(self, path: str) -> "Tab":
        """Goes to an address and waits until the chart is drawn and nothing is under way."""
        self.page.goto(self.host + path)
        return self.idle()

    def idle(self) -> "Tab":
        """Waits until the server has answered, the page has drawn it, and it stays so for two frames."""
        self.page.wait_for_function(IDLE, timeout=WAIT)
        self.page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
        self.page.wait_for_function(IDLE, timeout=WAIT)
        return self

    def until(self, condition: Callable[[], object], what: str) -> None:
        """Waits for ``condition()``, giving the page time in between, as long as there is something new on it."""
        said, waited = "", 0
        for _ in range(LONGEST // 100):
            if condition():
                return
            self.page.wait_for_timeout(100)
            before, said = said, self.page.evaluate("() => document.body.innerText")
            waited = waited + 100 if said == before else 0
            if waited >= WAIT:
                break
        raise AssertionError(f"waited in vain for {what} at {self.page.url}, where it says: … {said[-1500:]}")

    def complain(self) -> None:
        """Fails if the page shows an exception or an error, said something in the console, or asked another host."""
        assert self.page.locator("[data-testid=stException]").count() == 0
        assert self.page.locator("[data-testid=stAlertContentError]").count() == 0
        assert self.watch.said == []
        assert self.watch.foreign == []

    @property
    def query(self) -> dict[str, str]:
        """The address's settings."""
        return dict(parse_qsl(urlsplit(self.page.url).query))

    def slider(self, key: str) -> Locator:
        """The handle of a keyed slider."""
        return self.page.locator(f".st-key-{key} input[type=range]")

    def value(self, key: str) -> float:
        """Where a slider stands, as a screen reader hears it."""
        return float(self.slider(key).evaluate("node => node.value"))

    def press(self, key: str, stroke: str, times: int = 1) -> None:
        """Key strokes on a slider, one right after the other."""
        self.slider(key).focus()
        for _ in range(times):
            self.page.keyboard.press(stroke)

    def marks(self, role: str | None = None) -> list[str]:
        """What the charts' marks stand for, sorted: texts of JSON."""
        found: list[str] = self.page.evaluate(MARKS)
        return sorted(each for each in found if role is None or f'"role":"{role}"' in each)

    def text(self) -> str:
        """All text of the page."""
        return self.page.locator("[data-testid=stMain]").inner_text()
