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

ROOT = Path(__file__).parents[2]
WAIT = 120  # seconds until a test gives up; nothing is timed


@dataclass
class Server:
    """A process and what it says."""

    process: "subprocess.Popen[bytes]"
    port: int
    log: Path

    def ask(self, path: str) -> tuple[int, str]:
        """Status and text of an address."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=WAIT) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()

    def ready(self) -> "Server":
        """Waits until visitors are welcome."""
        deadline = time.monotonic() + WAIT
        while time.monotonic() < deadline and self.process.poll() is None:
            try:
                if self.ask("/ready")[0] == 200:
                    return self
            except OSError:
                pass
            time.sleep(0.1)
        raise AssertionError(self.said()[-3000:])

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

    def new(**environment: str) -> Server:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        log = tmp_path / f"log{len(started)}"
        own = {name: value for name, value in os.environ.items() if not name.startswith("GDL_")}
        own |= {"GDL_STORE": str(tmp_path / "store"), "GDL_WORKERS": "1", **environment}
        command = [sys.executable, "-m", "streamlit", "run", "server.py", "--server.headless", "true"]
        command += ["--server.port", str(port), "--server.address", "127.0.0.1"]
        with log.open("wb") as out:
            process = subprocess.Popen(command, cwd=ROOT, stdout=out, stderr=subprocess.STDOUT, env=own)
        started.append(Server(process, port, log))
        return started[-1]

    yield new
    for each in started:
        if each.process.poll() is None:
            each.process.kill()
            each.process.wait()
