"""Several copies behind a proxy: what compose.yaml says fits the rest, and (slow) the real proxy keeps a visitor where he is."""

import asyncio
import shutil
import socket
import subprocess
import time
import urllib.request
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
import yaml

from core.fields import rules
from core.limits import PREFIX, Limits
from tests.load.student import Student
from tests.server.conftest import ROOT, WAIT, Server, Start

COMPOSE = yaml.safe_load((ROOT / "compose.yaml").read_text())


def test_services_are_the_ones_documented() -> None:
    """Proxy, app, scheduler, worker; only the proxy can be reached from outside; settings exist."""
    services = COMPOSE["services"]
    assert set(services) == {"proxy", "app", "scheduler", "worker"}
    assert [name for name, each in services.items() if "ports" in each] == ["proxy"]
    known = {PREFIX + name.upper() for name in rules(Limits)}
    used = {name for name in services["app"]["environment"] if name.startswith(PREFIX)}
    assert used <= known
    port = services["app"]["environment"]["GDL_SCHEDULER"].rpartition(":")[2]
    assert port in services["scheduler"]["command"]
    assert services["app"]["build"]["args"]["REQUIREMENTS"] == "requirements-cluster.txt"
    assert (ROOT / services["proxy"]["volumes"][0].split(":")[0]).is_file()


def free_port() -> int:
    """A port that nobody uses at the moment."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        number: int = free.getsockname()[1]
        return number


@pytest.fixture
def copies() -> Iterator[list[ThreadingHTTPServer]]:
    """Two tiny servers that answer with their own number."""
    found = []
    for number in range(2):

        class Copy(BaseHTTPRequestHandler):
            name = str(number)

            def do_GET(self) -> None:
                """Its name, whatever is asked for."""
                self.send_response(200)
                self.send_header("Content-Length", "1")
                self.end_headers()
                self.wfile.write(self.name.encode())

            def log_message(self, *_args: object) -> None:
                """Nothing."""

        server = ThreadingHTTPServer(("127.0.0.1", 0), Copy)
        Thread(target=server.serve_forever, daemon=True).start()
        found.append(server)
    yield found
    for server in found:
        server.shutdown()
        server.server_close()


@pytest.fixture
def proxy(tmp_path: Path) -> Iterator[Callable[[list[int]], Server]]:
    """``proxy([port, port])``: the real proxy with its real configuration in front of these ports."""
    nginx = shutil.which("nginx")
    assert nginx, "install nginx for this test (Debian: apt-get install nginx-light)"
    started: list[subprocess.Popen[bytes]] = []

    def new(ports: list[int]) -> Server:
        text, port = (ROOT / "deploy" / "nginx.conf").read_text(), free_port()
        for old, own in (
            ("listen 8080;", f"listen 127.0.0.1:{port};"),
            ("/tmp/nginx.pid", str(tmp_path / "pid")),
            ("server app:8501 max_fails=2 fail_timeout=5s;", " ".join(f"server 127.0.0.1:{each};" for each in ports)),
        ):
            assert old in text
            text = text.replace(old, own)
        (tmp_path / "nginx.conf").write_text(text)
        command = [nginx, "-c", str(tmp_path / "nginx.conf"), "-e", str(tmp_path / "errors"), "-g", "daemon off;"]
        started.append(subprocess.Popen(command))
        front = Server(started[-1], port, tmp_path / "errors")
        deadline = time.monotonic() + WAIT
        while time.monotonic() < deadline:
            try:
                front.ask("/")
                return front
            except OSError:
                time.sleep(0.1)
        raise AssertionError(front.said())

    yield new
    for each in started:
        each.terminate()
        each.wait(WAIT)


@pytest.mark.slow
def test_a_visitor_stays_with_one_copy(copies: list[ThreadingHTTPServer], proxy: Callable[[list[int]], Server]) -> None:
    """Whatever he asks for, by the cookie that he is given; visitors spread; what is for admins is hidden."""
    front = proxy([each.server_address[1] for each in copies])
    for path in ("/metrics", "/admin", "/_stcore/metrics", "/ready"):
        assert front.ask(path)[0] == 404

    def ask(path: str, cookie: str) -> tuple[str, str]:
        request = urllib.request.Request(
            f"http://127.0.0.1:{front.port}{path}", headers={"Cookie": cookie} if cookie else {}
        )
        with urllib.request.urlopen(request, timeout=WAIT) as answer:
            return answer.read().decode(), answer.headers["Set-Cookie"].split(";")[0]

    places = []
    for _ in range(16):
        place, cookie = ask("/", "")
        assert [ask(path, cookie) for path in ("/depth", "/media/a.csv", "/_stcore/stream")] == [(place, cookie)] * 3
        places.append(place)
    assert set(places) == {"0", "1"}


@pytest.mark.slow
def test_a_page_works_through_the_proxy(start: Start, proxy: Callable[[list[int]], Server]) -> None:
    """Its WebSocket is passed on."""
    copy = start().ready()
    front = proxy([copy.port])

    async def visit() -> None:
        student = Student(f"http://127.0.0.1:{front.port}")
        await student.open("/depth?depth=20")
        await student.slide("depth-depth", 25)
        assert "first layers" in student.screen.text() and student.errors == []
        await student.close()

    asyncio.run(visit())
