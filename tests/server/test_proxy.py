"""The real proxy with its real configuration, in front of two copies of the app that have one name."""

import asyncio
import os
import shutil
import subprocess
import urllib.request
from collections.abc import Iterator
from contextlib import AsyncExitStack
from http.cookies import SimpleCookie
from pathlib import Path

import pytest
from websockets.asyncio.client import connect

from tests.server.conftest import ROOT, WAIT, Server, Start, free_port, wait_for
from tests.server.names import Names

pytestmark = pytest.mark.slow
ADDRESSES = ("127.0.0.2", "127.0.0.3")  # Linux listens there without being told to
VISITORS = 8
HIDDEN = ["/metrics", "/metrics/", "/%6Detrics", "//metrics", "/METRICS", "/admin", "/ready", "/_stcore/metrics"]


@pytest.fixture
def copies(start: Start) -> list[Server]:
    """Two, with the same port at different addresses, as containers have it."""
    port = free_port("127.0.0.2")
    both = [start(address=each, port=port, STREAMLIT_SERVER_COOKIE_SECRET="shared") for each in ADDRESSES]
    return [each.ready() for each in both]


@pytest.fixture
def names() -> Iterator[Names]:
    """The name server."""
    with Names(*ADDRESSES) as server:
        yield server


@pytest.fixture
def front(copies: list[Server], names: Names, tmp_path: Path) -> Iterator[Server]:
    """The proxy, once it passes something on."""
    caddy = shutil.which("caddy")
    assert caddy, "scripts/proxy.sh installs it"
    log, site = tmp_path / "proxy", f"http://127.0.0.1:{free_port()}"
    own = {"SITE": site, "APP_PORT": copies[0].host.rpartition(":")[2], "RESOLVER": names.address, "SECRET": "s"}
    own |= {name: str(tmp_path / "caddy") for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "HOME")}
    command = [caddy, "run", "--config", str(ROOT / "deploy" / "Caddyfile"), "--adapter", "caddyfile"]
    with log.open("wb") as out:
        process = subprocess.Popen(command, env={**os.environ, **own}, stdout=out, stderr=subprocess.STDOUT)
    try:
        yield Server(process, site, log).ready("/health")
    finally:
        process.terminate()
        process.wait(WAIT)


def visit(front: Server, cookie: str = "") -> str:
    """Asks for the first page; the visitor's cookie after that: the old one if the proxy gives no new one."""
    with urllib.request.urlopen(urllib.request.Request(front.host, headers={"Cookie": cookie}), timeout=WAIT) as answer:
        given = SimpleCookie(" ".join(answer.headers.get_all("Set-Cookie", [])))
    return f"gdl={given['gdl'].value}" if "gdl" in given else cookie


def stream(front: Server, cookie: str) -> connect:
    """A page's WebSocket."""
    address = front.host.replace("http", "ws") + "/_stcore/stream"
    return connect(address, subprotocols=["streamlit"], additional_headers={"Cookie": cookie}, proxy=None)  # type: ignore[list-item]


async def place(front: Server, copies: list[Server], cookie: str) -> int:
    """Which copy a WebSocket with this cookie reaches; closed again afterwards."""
    before = [each.numbers()["gdl_connections"] for each in copies]
    async with stream(front, cookie):
        now = [each.numbers()["gdl_connections"] for each in copies]
    wait_for(lambda: [each.numbers()["gdl_connections"] for each in copies] == before, "the connection's end")
    return [b - a for a, b in zip(before, now, strict=True)].index(1)


def test_visitors_stay_with_their_copy(front: Server, copies: list[Server], names: Names) -> None:
    """Both copies get visitors; pages, reconnects and downloads of one go to one copy; when it ends, to the other."""

    async def watch() -> list[str]:
        cookies = [visit(front) for _ in range(VISITORS)]
        homes = [await place(front, copies, each) for each in cookies]
        assert set(homes) == {0, 1}
        for _ in range(2):
            assert [await place(front, copies, each) for each in cookies] == homes
            assert [
                visit(front, each) for each in cookies
            ] == cookies  # another copy would have come with another cookie
        return [cookie for cookie, home in zip(cookies, homes, strict=True) if home == 0]

    moved = asyncio.run(watch())
    copies[0].end()
    names.addresses = ADDRESSES[1:]
    for cookie in moved:
        new = visit(front, cookie)
        assert new != cookie and visit(front, new) == new


def test_many_pages_stay_open_at_a_time(front: Server, copies: list[Server]) -> None:
    """What the proxy passes on is counted by the copies, page by page."""

    async def crowd() -> None:
        async with AsyncExitStack() as open_pages:
            for _ in range(40):
                await open_pages.enter_async_context(stream(front, visit(front)))
            found = [each.numbers()["gdl_connections"] for each in copies]
            assert sum(found) == 40 and min(found) > 0
        wait_for(lambda: not sum(each.numbers()["gdl_connections"] for each in copies), "the connections' end")

    asyncio.run(crowd())


def test_what_is_for_admins_stays_inside(front: Server) -> None:
    """However it is spelled; everything else is passed on."""
    assert [front.ask(path)[0] for path in HIDDEN] == [404] * len(HIDDEN)
    assert front.ask("/_stcore/health")[0] == front.ask("/depth")[0] == 200
