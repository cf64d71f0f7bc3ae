"""Many students at once: they take their seats, move their sliders, and leave."""

import asyncio
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from tests.load.addresses import SLIDERS
from tests.load.student import NoAnswer, Student

AT_ONCE = 6  # addresses that are opened side by side
EVERY = 2.0  # seconds between two moves of a student


@dataclass
class Moves:
    """Seconds until each answer was complete, and until its picture was there."""

    at: list[float] = field(default_factory=list)  # when each began, on the clock of ``time.perf_counter``
    answered: list[float] = field(default_factory=list)
    drawn: list[float] = field(default_factory=list)

    def slowest(self, since: float) -> str:
        """The five that took longest, and how long after ``since`` they began."""
        slow = sorted(zip(self.answered, self.at, strict=True), reverse=True)[:5]
        return "slowest moves: " + ", ".join(f"{1000 * took:.0f} ms at {at - since:.1f} s" for took, at in slow)


async def seat(host: str, paths: Sequence[str], at_once: int = AT_ONCE) -> tuple[list[Student], list[float]]:
    """Students who have opened these addresses, and the seconds that it took each; one that failed has ``errors``."""
    students, turn = [Student(host) for _ in paths], asyncio.Semaphore(at_once)

    async def enter(student: Student, path: str) -> float:
        async with turn:
            try:
                return await student.open(path)
            except NoAnswer:
                return float("nan")

    return students, await asyncio.gather(*map(enter, students, paths))


async def leave(students: Sequence[Student]) -> list[str]:
    """Everybody shuts the tab; all that went wrong for any of them."""
    await asyncio.gather(*(each.close() for each in students))
    return [error for each in students for error in each.errors]


async def slide_about(students: Sequence[Student], stop: asyncio.Event, seed: int = 0) -> Moves:
    """Each student moves the page's slider a little every two seconds, until ``stop``; a late answer delays the next move."""
    moves = Moves()

    async def one(student: Student, rng: random.Random) -> None:
        loop = asyncio.get_running_loop()
        key = next((each for each in SLIDERS.values() if each in student.screen.keys), None)
        if key is None:
            student.errors.append("no slider in sight")
            return
        due = loop.time() + rng.random() * EVERY
        while not stop.is_set():
            await _until(due, stop)
            if stop.is_set():
                return
            due = max(due + EVERY, loop.time())
            began = time.perf_counter()
            try:
                moves.answered.append(await student.slide(key, _near(student, key, rng)))
            except NoAnswer:
                return  # kept in its errors
            moves.at.append(began)
            moves.drawn.append(student.drawn)

    await asyncio.gather(*(one(each, random.Random(seed * 1000 + i)) for i, each in enumerate(students)))
    return moves


def _near(student: Student, key: str, rng: random.Random) -> float:
    """Another value of a slider, up to three steps away."""
    slider = student.screen.widget(key).proto
    now = student.screen.states[slider.id].double_array_value.data[0]
    steps = [k for k in (-3, -2, -1, 1, 2, 3) if slider.min <= now + k * slider.step <= slider.max]
    return round(now + rng.choice(steps) * slider.step, 6)


async def _until(moment: float, stop: asyncio.Event) -> None:
    try:
        async with asyncio.timeout_at(moment):
            await stop.wait()
    except TimeoutError:
        pass


async def after(seconds: float, stop: asyncio.Event) -> None:
    """Sets ``stop`` once the time is over."""
    await asyncio.sleep(seconds)
    stop.set()
