"""The server around the pages: it is watched, refuses what can't be, counts, and ends with all it has started."""

import asyncio
import json
import time
from pathlib import Path

import pytest

from core.execution.limits import PREFIX, Limits
from core.fields import rules
from tests.load.processes import descendants
from tests.load.student import Student
from tests.server.conftest import ROOT, WAIT, Server, Start, wait_for

SMALL = "/sentences?gap=3&hidden=8&film_every=10&steps=40&versus=none&train=1"


async def train(server: Server) -> None:
    """A student opens a page that trains, waits for the 40 steps, and goes."""
    student = Student(server.host)
    await student.open(SMALL)
    deadline = time.monotonic() + WAIT
    while server.numbers()["gdl_steps_total"] < 40 and time.monotonic() < deadline:
        await asyncio.sleep(0.2)
    here = server.numbers()
    assert here["gdl_open_pages"] == here["gdl_connections"] == 1
    assert student.errors == []
    await student.close()


def test_a_server_s_life(start: Start) -> None:
    """Ready, visited, counted; ended with its workers; what was trained is on disk."""
    server = start(GDL_LOG="json").ready()
    assert server.ask("/health") == (200, "ok")
    before = server.numbers()
    assert before["gdl_workers"] == 1
    assert before["gdl_open_pages"] == before["gdl_connections"] == before["gdl_pieces_total"] == 0
    asyncio.run(train(server))
    after = server.numbers()
    assert after["gdl_steps_total"] == 40 and after["gdl_pieces_total"] > 0
    assert after["gdl_piece_seconds_count"] - before["gdl_piece_seconds_count"] == after["gdl_pieces_total"]
    assert after["gdl_memory_bytes"] > 50e6
    wait_for(lambda: server.numbers()["gdl_open_pages"] == 0, "the seat to be free")
    wait_for(lambda: server.numbers()["gdl_store_bytes"] > 0, "the result on disk")
    family = descendants(server.process.pid)
    assert family
    server.end()
    wait_for(lambda: not any(Path(f"/proc/{pid}").exists() for pid in family), "the workers' end")
    lines = [json.loads(line) for line in server.said().splitlines()]
    assert [line["event"] for line in lines] == ["start", "ready", "stop"]
    assert lines[0]["workers"] == 1 and "admin" not in lines[0]
    again = start().ready()
    asyncio.run(train_nothing(again))


async def train_nothing(server: Server) -> None:
    """The same page on a new server is done at once, from disk."""
    student = Student(server.host)
    await student.open(SMALL)
    await student.close()
    assert server.numbers()["gdl_store_hits_total"] > 0 and server.numbers()["gdl_steps_total"] == 0


@pytest.mark.parametrize(
    ("name", "value", "word"),
    [
        ("GDL_STEPS", "0", "GDL_STEPS must be a whole number from 1"),
        ("GDL_WORKERS", "many", "not “many”"),
        ("GDL_WORKRES", "2", "there is no setting GDL_WORKRES"),
        ("GDL_LOG", "xml", "GDL_LOG must be one of text, json"),
        ("GDL_SCHEDULER", "tcp://127.0.0.1:9", "no Dask scheduler answers at tcp://127.0.0.1:9"),
    ],
)
def test_a_wrong_setting_ends_the_start_with_one_line(start: Start, name: str, value: str, word: str) -> None:
    """That says what would do; no traceback."""
    server = start(**{name: value})
    assert server.process.wait(WAIT) != 0
    (line,) = server.said().strip().splitlines()
    assert word in line


def test_nobody_can_have_app_py_run_from_outside(start: Start) -> None:
    """Streamlit's own check of the script, which starts a run, is not offered."""
    server = start().ready()
    assert server.ask("/_stcore/health") == (200, "ok")
    assert server.ask("/_stcore/script-health-check")[1] != "ok"
    assert server.numbers()["gdl_open_pages"] == 0


def test_admins_table_says_every_setting() -> None:
    """docs/admins.md names what core/execution/limits.py reads, with the defaults, a meaning, and nothing else."""
    lines = (ROOT / "docs" / "admins.md").read_text().splitlines()
    rows = [[cell.strip(" `") for cell in line.strip("|").split("|")] for line in lines if line.startswith("| `GDL_")]
    defaults = {
        PREFIX + name.upper(): rule.text(getattr(Limits(), name)) or "empty" for name, rule in rules(Limits).items()
    }
    assert {name: default for name, default, _ in rows} == defaults
    assert all(len(meaning) > 10 for _, _, meaning in rows)
