"""A server of its own for a load test: on a free port of this machine, its memory and time read from /proc."""

import asyncio
import os
import re
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections import Counter
from pathlib import Path
from types import TracebackType
from typing import NamedTuple
from urllib.parse import urlsplit

from tests.load.processes import descendants, parents, resident, seconds, seconds_below

ROOT = Path(__file__).parents[2]
START = 120  # seconds until the server must answer


class Use(NamedTuple):
    """A quantity of the server process, and of all processes that it has started together."""

    server: float
    workers: float


class Server:
    """The app, from ``with`` to the end of it. Settings are environment variables, such as GDL_SESSIONS="5"."""

    def __init__(self, **settings: str) -> None:
        self._settings = settings

    def __enter__(self) -> "Server":
        self._folder = tempfile.TemporaryDirectory(prefix="gdl-load-")
        self.log = Path(self._folder.name) / "log"
        port = free_port()
        self.host = f"http://127.0.0.1:{port}"
        environment = {"GDL_STORE": str(Path(self._folder.name) / "store"), **os.environ, **self._settings}
        options = {"headless": "true", "port": str(port), "address": "127.0.0.1"}
        with self.log.open("wb") as out:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "streamlit", "run", "server.py"]
                + [word for name, value in options.items() for word in (f"--server.{name}", value)],
                cwd=ROOT,
                env=environment,
                stdout=out,
                stderr=subprocess.STDOUT,
            )
        self.pid = self._process.pid
        try:
            self._wait()
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.terminate()
        try:
            self._process.wait(20)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._folder.cleanup()

    @property
    def alive(self) -> bool:
        """The process is still there."""
        return self._process.poll() is None

    def _wait(self) -> None:
        deadline = time.monotonic() + START
        while time.monotonic() < deadline and self.alive:
            try:
                urllib.request.urlopen(self.host + "/ready", timeout=START).close()
            except OSError:
                time.sleep(0.2)
            else:
                return
        raise RuntimeError(f"the server did not start:\n{self.log.read_text(errors='replace')[-3000:]}")

    def workers(self) -> list[int]:
        """The processes that train: not the children, which fork them and watch, but the grandchildren."""
        family = parents()
        return [pid for pid, parent in family.items() if family.get(parent) == self.pid]

    def memory(self) -> Use:
        """Resident memory in MB (what workers share with each other is counted in each)."""
        return Use(resident(self.pid), sum(map(resident, descendants(self.pid))))

    def seconds(self) -> Use:
        """Processor time used so far, that of ended workers included."""
        return Use(seconds(self.pid), seconds_below(self.pid))

    def metrics(self) -> dict[str, float]:
        """The server's counters by name, those with labels left out."""
        with urllib.request.urlopen(self.host + "/metrics", timeout=START) as answer:
            lines = answer.read().decode()
        return {name: float(value) for name, value in re.findall(r"^(\w+) (\S+)$", lines, re.MULTILINE)}

    def work(self) -> float:
        """Training steps done so far."""
        return self.metrics()["gdl_steps_total"]

    def trouble(self) -> list[str]:
        """What its log and its life say against it."""
        found = tracebacks(self.log.read_text(errors="replace"))
        said = [f"{number} × in the server's log: {each}" for each, number in found.most_common()]
        return said + ([] if self.alive else ["the server has died"])

    async def health(self) -> float:
        """Seconds that a question for its health takes. OSError when the answer is not “200”."""
        address = urlsplit(self.host)
        began = time.perf_counter()
        reader, writer = await asyncio.open_connection(address.hostname, address.port)
        try:
            writer.write(f"GET /health HTTP/1.1\r\nHost: {address.netloc}\r\nConnection: close\r\n\r\n".encode())
            answer = await reader.read()
        finally:
            writer.close()
        if not answer.startswith(b"HTTP/1.1 200"):
            raise OSError(f"the server is not healthy: {answer[:200]!r}")
        return time.perf_counter() - began


def tracebacks(log: str) -> Counter[str]:
    """Those in a log, plain or in colour, told apart by the error and by our own line that it came from."""
    found = Counter[str]()
    plain = re.sub(r"\x1b\[[0-9;]*m", "", log)
    for each in plain.split("Traceback (most recent call last)")[1:]:
        ours = re.findall(r"(?:pages|core|app\.py|server\.py)[/\w.]*(?:\", line |:)\d+", each)
        error = re.search(r"^[\w.]+(?:Error|Exception|Died|Warning|Interrupt)\b.*", each, re.MULTILINE)
        found[f"{error[0][:200] if error else each[:200]} ({ours[-1] if ours else 'not ours'})"] += 1
    return found


def free_port() -> int:
    """A port of this machine that nobody uses."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port
