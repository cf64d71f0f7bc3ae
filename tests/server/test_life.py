"""Readiness and the end."""

import asyncio
import json
import os
import signal
import socket
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
import streamlit

from core.execution.jobs import Answer
from pages.server import life
from pages.server.life import STATE, at_signal, become_ready, report_restarts
from tests.load.student import Student
from tests.server.conftest import Server, Start, wait_for
from tests.server.test_server import SMALL


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No pauses, and a state that is put back."""
    monkeypatch.setattr(life, "AGAIN", 0.01)
    monkeypatch.setattr(life, "LOOK", 0.01)
    before = STATE.reason
    yield
    STATE.reason = before


def test_ready_after_the_first_run_and_the_first_answer(quick: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not before, whatever fails on the way; every state has its reason."""
    reasons = []
    runs = iter([(False, "timeout"), (False, "error"), (True, "ok")])
    answers = iter([Answer(), Answer(problem="dead", finished=True), Answer(), Answer(7, finished=True)])

    async def run() -> tuple[bool, str]:
        reasons.append(STATE.reason)
        return next(runs)

    def ask(*_: object) -> Answer:
        reasons.append(STATE.reason)
        return next(answers)

    scheduler = SimpleNamespace(ask=ask, renew=lambda key: None, leave=lambda name: None, forget=lambda fn: None)
    monkeypatch.setattr(life, "get_instance", lambda: SimpleNamespace(does_script_run_without_error=run))
    asyncio.run(become_ready(scheduler))  # type: ignore[arg-type]
    first, failing, none = "app.py is running", "app.py does not run", "no worker has answered"
    expected = [first, failing, failing, none, none, none, none]
    assert all(said.startswith(word) for said, word in zip(reasons, expected, strict=True))
    assert STATE.reason == ""


def test_deaths_are_noted(quick: None, caplog: pytest.LogCaptureFixture) -> None:
    """Each time that there are more; once."""
    seen = [{"worker_restarts_total": float(each)} for each in (0, 2, 2, 3)]

    async def until_over() -> None:
        task = asyncio.create_task(report_restarts(lambda: seen.pop(0) if len(seen) > 1 else seen[0]))
        while len(seen) > 1:
            await asyncio.sleep(0.01)
        await asyncio.sleep(0.1)
        task.cancel()

    with caplog.at_level("INFO", logger="gdl"):
        asyncio.run(until_over())
    assert [record.restarts_total for record in caplog.records] == [2, 3]  # type: ignore[attr-defined]


def test_a_signal_is_heard_at_once_and_passed_on() -> None:
    """Whoever listened before still does."""
    heard = []
    before = signal.signal(signal.SIGTERM, lambda *_: heard.append("theirs"))
    interrupt = signal.getsignal(signal.SIGINT)

    async def end() -> None:
        at_signal(lambda: heard.append("ours"))
        os.kill(os.getpid(), signal.SIGTERM)
        await asyncio.sleep(0.1)

    try:
        asyncio.run(end())
    finally:
        signal.signal(signal.SIGTERM, before)
        signal.signal(signal.SIGINT, interrupt)
    assert sorted(heard) == ["ours", "theirs"]


def stuck(server: Server) -> socket.socket:
    """A visitor whose computer has fallen asleep: it has asked for much and takes nothing any more."""
    host, _, port = server.host.removeprefix("http://").rpartition(":")
    visitor = socket.socket()
    visitor.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    visitor.connect((host, int(port)))
    folder = Path(streamlit.__file__).parent / "static"
    largest = max(folder.rglob("*.js"), key=lambda path: path.stat().st_size).relative_to(folder)
    visitor.sendall(f"GET /{largest} HTTP/1.1\r\nHost: here\r\n\r\n".encode() * 50)
    return visitor


def test_nobody_can_hold_up_the_end(start: Start) -> None:
    """With a visitor who takes nothing and a training under way: it ends, and what was trained is on disk."""
    server = start(GDL_LOG="json").ready()

    async def train() -> None:
        student = Student(server.host)
        await student.open(SMALL.replace("steps=40", "steps=5000"))
        wait_for(lambda: server.numbers()["gdl_steps_total"] > 100, "a training under way")
        with stuck(server):
            await asyncio.to_thread(server.end)
        await student.close()

    asyncio.run(train())
    events = [json.loads(line) for line in server.said().splitlines()]
    assert [each["event"] for each in events if "event" in each] == ["start", "ready", "stop"]
    assert any("timeout graceful shutdown exceeded" in each["message"] for each in events)  # it was stuck indeed
    again = start().ready()

    async def resume() -> None:
        student = Student(again.host)
        await student.open(SMALL.replace("steps=40", "steps=5000"))
        await student.close()

    asyncio.run(resume())
    assert again.numbers()["gdl_store_hits_total"] > 0
