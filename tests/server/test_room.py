"""A room that can be full: the next one gets in when somebody leaves, and who is in stays in."""

import asyncio

import pytest

from pages.server import room
from pages.server.room import Full, Room
from tests.load.student import Student
from tests.server.conftest import WAIT, Start, wait_for

DEPTH = "/depth?depth=20"


async def until(student: Student, word: str) -> None:
    """Waits until the student reads it."""
    for _ in range(WAIT * 5):
        if word in student.screen.text():
            return
        await asyncio.sleep(0.2)
    raise AssertionError(student.screen.text())


def test_the_next_one_gets_in_when_somebody_leaves(start: Start) -> None:
    """By itself; the address is kept; an admin can look all the time; the log says so once."""
    server = start(GDL_SESSIONS="1").ready()

    async def visit() -> None:
        first, second, admin = (Student(server.host) for _ in range(3))
        await first.open(DEPTH)
        await second.open(DEPTH)
        assert "room is full" in second.screen.text() and "1 pages are open" in second.screen.text()
        assert "room is full" not in first.screen.text()
        await admin.open("/admin")
        assert "This page is closed" in admin.screen.text()
        now = server.numbers()
        assert (now["gdl_open_pages"], now["gdl_connections"]) == (1, 3)
        await first.go("/time")  # who is in stays in
        assert "room is full" not in first.screen.text()
        await first.close()
        await until(second, "first layers")
        assert first.errors == second.errors == admin.errors == []
        await second.close()
        await admin.close()

    asyncio.run(visit())
    assert server.numbers()["gdl_refused_total"] >= 2
    assert server.said().count("room full") == 1


def test_a_closed_tab_frees_its_seat_at_once(start: Start) -> None:
    """Long before Streamlit forgets the session."""
    server = start(GDL_SESSIONS="2").ready()

    async def visit() -> None:
        for _ in range(6):
            pair = [Student(server.host), Student(server.host)]
            for each in pair:
                await each.open("/")
                assert "room is full" not in each.screen.text()
            for each in pair:
                await each.close()
            wait_for(lambda: not server.numbers()["gdl_open_pages"], "the seats")

    asyncio.run(visit())
    assert server.numbers()["gdl_refused_total"] == 0


def test_seats() -> None:
    """As many as the capacity; a left one is free; without a limit there is always one; nobody has two."""
    here = Room()
    assert [here.enter(f"early {i}") for i in range(10)] and here.taken == 10
    here.capacity = 11
    assert here.enter("last") == here.enter("last") == "last"
    for first in (True, False, False):
        with pytest.raises(Full) as refusal:
            here.enter("late")
        assert refusal.value.first == first
    here.leave("early 0")
    here.leave("early 0")
    here.leave("late")
    assert here.taken == 10 and here.enter("late") and here.refused == 3
    with pytest.raises(Full) as refusal:
        here.enter("later")
    assert refusal.value.first


def test_who_lost_the_connection_keeps_the_seat(monkeypatch: pytest.MonkeyPatch) -> None:
    """For as long as Streamlit keeps the session, even if somebody has sat down meanwhile; not for ever."""
    here, now = Room(), 1000.0
    monkeypatch.setattr(room.time, "monotonic", lambda: now)
    here.capacity = 1
    here.enter("a")
    here.leave("a")
    here.enter("b")
    now += room.RETURN - 1
    assert here.enter("a") and here.taken == 2
    here.leave("a")
    now += room.RETURN
    with pytest.raises(Full):
        here.enter("a")
    here.leave("b")
    assert len(here._left) == 1  # nobody is remembered for longer
