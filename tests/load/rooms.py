"""Room: hundreds who come and go, and more students than there is room for."""

import asyncio

from tests.load.addresses import SLIDERS, spread
from tests.load.classroom import leave, seat
from tests.load.report import Result, milliseconds
from tests.load.server import Server
from tests.load.student import NoAnswer, Student

WAVE = 50
SEATS = 5  # in the scenario about a full room
SOON = 40.0  # seconds until a seat that was left must have been found


async def soak(scale: float) -> list[Result]:
    """500 sessions in waves of 50, each opened, moved and closed: the server's memory after the first and the last wave.

    Every wave asks for the same experiments, so that what grows is what sessions leave behind.
    """
    memory, opened, errors = list[float](), list[float](), list[str]()
    with Server() as server:
        for _ in range(max(3, round(10 * scale))):
            students, took = await seat(server.host, spread(WAVE, seeds=True))
            opened += took
            await asyncio.gather(*map(_two_moves, students))
            errors += await leave(students)
            await asyncio.sleep(2)
            memory.append(server.memory().server)
        errors += server.trouble()
    numbers = {"sessions": WAVE * len(memory), "after the first wave MB": memory[0], "after the last MB": memory[-1]}
    numbers |= {"ratio": memory[-1] / memory[0], **milliseconds(opened, "open")}
    return [Result("coming and going", numbers, errors, {"ratio": 1.1})]


async def _two_moves(student: Student) -> None:
    try:
        for key in set(SLIDERS.values()) & set(student.screen.keys):
            slider = student.screen.widget(key).proto
            for steps in (8, 9):
                await student.slide(key, round(slider.min + steps * slider.step, 6))
    except NoAnswer:
        return  # kept in its errors


async def room(scale: float) -> list[Result]:
    """A server with 5 seats and 8 students: three read that the room is full, and get in when others leave."""
    with Server(GDL_SESSIONS=str(SEATS)) as server:
        inside, _ = await seat(server.host, spread(SEATS, seeds=False), at_once=1)
        outside, _ = await seat(server.host, spread(3, seeds=False), at_once=1)
        errors = [f"seat {i} is taken: {each.screen.text()[:200]}" for i, each in enumerate(inside) if not seated(each)]
        for each in outside:
            if seated(each):
                errors.append("there was one seat more than the limit says")
            elif "full" not in each.screen.text().lower():
                errors.append(f"no word about the room being full: {each.screen.text()[:200]!r}")
        errors += await leave(inside[:3])
        waited = await asyncio.gather(*map(_until_seated, outside))
        errors += ["a seat was left, but nobody got in" for each in outside if not seated(each)]
        errors += await leave([*inside[3:], *outside]) + server.trouble()
    return [Result("a full room", {"seats": SEATS, "students": SEATS + 3, "got in after s": max(waited)}, errors)]


def seated(student: Student) -> bool:
    """Whether the student sees a picture."""
    return bool(student.screen.having("vega_lite_chart"))


async def _until_seated(student: Student) -> float:
    """Waits, as the page asks for, until it opens by itself, or for so long; seconds."""
    loop = asyncio.get_running_loop()
    began = loop.time()
    while not seated(student) and loop.time() - began < SOON:
        await asyncio.sleep(0.2)
    return loop.time() - began
