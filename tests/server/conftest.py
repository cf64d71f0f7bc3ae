"""Servers of their own for the tests here: real processes on loopback."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

ROOT = Path(__file__).parents[2]
WAIT = 120  # seconds until a test gives up; nothing is timed
COMMAND = (sys.executable, "-m", "streamlit", "run")


@dataclass
class Server:
    """A process and what it says."""

    process: "subprocess.Popen[bytes]"
    host: str  # such as http://127.0.0.1:8501
    log: Path

    def ask(self, path: str) -> tuple[int, str]:
        """Status and text of an address."""
        try:
            with urllib.request.urlopen(self.host + path, timeout=WAIT) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()

    def ready(self, path: str = "/ready") -> "Server":
        """Waits until visitors are welcome."""
        deadline = time.monotonic() + WAIT
        while time.monotonic() < deadline and self.process.poll() is None:
            try:
                if self.ask(path)[0] == 200:
                    return self
            except OSError:
                pass
            time.sleep(0.1)
        raise AssertionError(self.said()[-3000:])

    def numbers(self) -> dict[str, float]:
        """What /metrics says, as Prometheus reads it."""
        status, text = self.ask("/metrics")
        assert status == 200
        families = text_string_to_metric_families(text)
        return {each.name: each.value for family in families for each in family.samples if not each.labels}

    def said(self) -> str:
        """Its log so far, without colours."""
        return re.sub(r"\x1b\[[0-9;]*m", "", self.log.read_text(errors="replace"))

    def end(self) -> int:
        """Asks it to end, as an admin's tools do; its exit status."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(WAIT)


Start = Callable[..., Server]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """``start(GDL_SESSIONS="2")``: a server with these variables and a store of its own."""
    started: list[Server] = []

    def new(script: str = "server.py", address: str = "127.0.0.1", port: int = 0, **environment: str) -> Server:
        port = port or free_port(address)
        log = tmp_path / f"log{len(started)}"
        own = {name: value for name, value in os.environ.items() if not name.startswith("GDL_")}
        own |= {"GDL_STORE": str(tmp_path / "store"), "GDL_WORKERS": "1", "PYTHONPATH": str(ROOT), **environment}
        options = {"headless": "true", "port": str(port), "address": address}
        words = [word for name, value in options.items() for word in (f"--server.{name}", value)]
        with log.open("wb") as out:
            process = subprocess.Popen(
                [*COMMAND, script, *words], cwd=ROOT, stdout=out, stderr=subprocess.STDOUT, env=own
            )
        started.append(Server(process, f"http://{address}:{port}", log))
        return started[-1]

    yield new
    for each in started:
        if each.process.poll() is None:
            each.process.kill()
            each.process.wait()


def free_port(address: str = "127.0.0.1") -> int:
    """A port of this machine that nobody uses at the moment."""
    with socket.socket() as free:
        free.bind((address, 0))
        number: int = free.getsockname()[1]
        return number


def wait_for(condition: Callable[[], object], what: str) -> None:
    """Polls until ``condition()`` is true."""
    deadline = time.monotonic() + WAIT
    while not condition():
        assert time.monotonic() < deadline, f"waited in vain for {what}"
        time.sleep(0.05)
