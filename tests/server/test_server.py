"""The server around the pages: it is watched, it refuses what can't be, it ends cleanly, and a room can be full."""

import asyncio
import json
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families
from streamlit.testing.v1 import AppTest

from pages.ui.server import logs
from pages.ui.server.room import Full, Room
from tests.load.student import Student
from tests.server.conftest import WAIT, Server, Start

SMALL = "/sentences?gap=3&hidden=8&film_every=10&steps=40&versus=none&train=1"


def numbers(server: Server) -> dict[str, float]:
    """What /metrics says, as Prometheus reads it."""
    status, text = server.ask("/metrics")
    assert status == 200
    return {
        sample.name: sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
        if not sample.labels
    }


def wait_for(condition: Callable[[], object], what: str) -> None:
    """Polls until ``condition()`` is true."""
    deadline = time.monotonic() + WAIT
    while not condition():
        assert time.monotonic() < deadline, f"waited in vain for {what}"
        time.sleep(0.05)


def children(pid: int) -> list[int]:
    """Process numbers of all that descend from ``pid``."""
    found = []
    for path in Path("/proc").iterdir():
        if path.name.isdecimal():
            try:
                parent = int((path / "stat").read_text().rpartition(")")[2].split()[1])
            except OSError:
                continue
            if parent == pid:
                found += [int(path.name), *children(int(path.name))]
    return found


def test_a_server_s_life(start: Start) -> None:
    """Ready, visited, counted; logs as JSON; ended with its workers, what was trained is on disk."""
    server = start(GDL_LOG="json").ready()
    assert server.ask("/health") == (200, "ok")
    before = numbers(server)
    assert before["gdl_workers"] == 1 and before["gdl_open_pages"] == 0

    async def train() -> None:
        student = Student(f"http://127.0.0.1:{server.port}")
        await student.open(SMALL)
        deadline = time.monotonic() + WAIT
        while numbers(server)["gdl_steps_total"] < 40 and time.monotonic() < deadline:
            await asyncio.sleep(0.2)
        assert numbers(server)["gdl_open_pages"] == 1
        assert student.errors == []
        await student.close()

    asyncio.run(train())
    after = numbers(server)
    assert after["gdl_steps_total"] == 40 and after["gdl_pieces_total"] > 0
    assert after["gdl_piece_seconds_count"] == after["gdl_pieces_total"]
    wait_for(lambda: numbers(server)["gdl_open_pages"] == 0, "the seat to be free")
    wait_for(lambda: numbers(server)["gdl_store_bytes"] > 0, "the result on disk")
    family = children(server.process.pid)
    assert family
    server.end()
    wait_for(lambda: not any(Path(f"/proc/{pid}").exists() for pid in family), "the workers' end")
    lines = [json.loads(line) for line in server.said().splitlines() if line.startswith("{")]
    events = [line.get("event") for line in lines]
    assert events[0] == "start" and "ready" in events and events[-1] == "stop"
    assert lines[0]["workers"] == 1 and "admin" not in lines[0]
    again = start().ready()
    assert numbers(again)["gdl_store_bytes"] == after["gdl_store_bytes"] or numbers(again)["gdl_store_bytes"] > 0


@pytest.mark.parametrize(
    ("name", "value", "word"),
    [
        ("GDL_STEPS", "0", "GDL_STEPS must be a whole number from 1"),
        ("GDL_WORKERS", "many", "not “many”"),
        ("GDL_WORKRES", "2", "there is no setting GDL_WORKRES"),
        ("GDL_LOG", "xml", "GDL_LOG must be one of text, json"),
    ],
)
def test_a_wrong_setting_ends_the_start_with_one_line(start: Start, name: str, value: str, word: str) -> None:
    """That says what would do; no traceback."""
    server = start(**{name: value})
    assert server.process.wait(WAIT) != 0
    (line,) = server.said().strip().splitlines()
    assert word in line


def test_a_full_room_lets_the_next_one_in_when_somebody_leaves(start: Start) -> None:
    """By itself; the address is kept."""
    server = start(GDL_SESSIONS="1").ready()
    host = f"http://127.0.0.1:{server.port}"

    async def visit() -> None:
        first, second = Student(host), Student(host)
        await first.open("/depth?depth=20")
        await second.open("/depth?depth=20")
        assert "room is full" in second.screen.text()
        assert "room is full" not in first.screen.text()
        await first.close()
        for _ in range(WAIT * 5):
            if "room is full" not in second.screen.text():
                break
            await asyncio.sleep(0.2)
        assert "first layers" in second.screen.text()
        assert first.errors == second.errors == []
        await second.close()

    asyncio.run(visit())
    assert numbers(server)["gdl_refused_total"] >= 1


def test_seats() -> None:
    """As many as the capacity; a left one is free; without a limit there is always one."""
    room = Room()
    assert len({room.enter() for _ in range(10)}) == 10
    room.capacity = 11
    seat = room.enter()
    with pytest.raises(Full):
        room.enter()
    room.leave(seat)
    room.leave(seat)
    assert room.taken == 10 and room.enter() and room.refused == 1


def test_a_failing_page_is_said_in_words(caplog: pytest.LogCaptureFixture) -> None:
    """No traceback for the visitor, one event in the log."""

    def page() -> None:
        from pages.ui.server.logs import script_failed

        assert script_failed(ValueError("secret detail"))

    with caplog.at_level("ERROR", logger="gdl"):
        app = AppTest.from_function(page).run()
    assert not app.exception
    (error,) = app.error
    assert "secret detail" not in error.value and "Reload" in error.value
    assert "secret detail" in caplog.text


def test_events_have_fields(capsys: pytest.CaptureFixture[str]) -> None:
    """In JSON each detail is a field of its own."""
    import logging

    before = {
        name: (list(logging.getLogger(name).handlers), logging.getLogger(name).propagate)
        for name in ("gdl", "core", "pages")
    }
    shapes = {
        each: each.formatter
        for logger in (logging.root, *map(logging.getLogger, list(logging.root.manager.loggerDict)))
        for each in logger.handlers
    }
    try:
        logs.begin("json")
        logs.note("tried", number=3)
        (line,) = [json.loads(each) for each in capsys.readouterr().err.splitlines()]
        assert (line["event"], line["number"], line["level"]) == ("tried", 3, "INFO")
    finally:
        for name, (handlers, propagate) in before.items():
            logging.getLogger(name).handlers[:] = handlers
            logging.getLogger(name).propagate = propagate
        for each, shape in shapes.items():
            each.setFormatter(shape)


def test_admins_table_names_every_setting() -> None:
    """docs/admins.md says what core/limits.py reads, with the defaults."""
    from core.fields import rules
    from core.limits import PREFIX, Limits

    text = (Path(__file__).parents[2] / "docs" / "admins.md").read_text()
    for name, rule in rules(Limits).items():
        default = rule.text(getattr(Limits(), name)) or "empty"
        assert f"| `{PREFIX}{name.upper()}` | {default} |" in text
