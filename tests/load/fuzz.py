"""10,000 fuzzed permalinks against a running server: no traceback, no page without an answer, no growing memory."""

import asyncio
import random
import time
from collections.abc import Iterator
from itertools import count
from urllib.parse import parse_qs

from tests.load.links import fuzzed, probe
from tests.load.report import Result, milliseconds
from tests.load.server import Server
from tests.load.student import NoAnswer, Student

LINKS = 10_000
LONGEST = 240.0  # seconds
HANGS = 180.0  # seconds after which a page counts as hanging: a large network takes its time
TABS = 8  # side by side; each opens one address after the other
PROBE_EVERY = 20
AGAIN_EVERY = 25  # of these links, the address that the page makes of it is opened afresh
RENEW_EVERY = 400  # links after which a tab is closed and a new one opened
MOST_ERRORS = 200  # then it stops
REFUSED = "This link asks for something"  # how a page begins its complaint


class Fuzzing:
    """What the tabs share: the links to come, what was seen, and what went wrong."""

    def __init__(self, server: Server, links: int, seconds: float) -> None:
        self.server = server
        self.numbers: Iterator[int] = iter(range(links))
        self.until = time.monotonic() + seconds
        self.seconds: list[tuple[float, str]] = []  # and for which link
        self.memory: list[float] = []
        self.errors: list[str] = []
        self.probes = self.again = self.complaints = 0

    async def tab(self, number: int) -> None:
        """Opens links until there are no more, or the time is over."""
        student, reader, opened = Student(self.server.host, HANGS), Student(self.server.host, HANGS), count()
        try:
            await student.open("/")
            await reader.open("/")
            for i in self.numbers:
                if time.monotonic() > self.until or len(self.errors) > MOST_ERRORS:
                    return
                if next(opened) % RENEW_EVERY == RENEW_EVERY - 1:
                    await student.close()
                    student = Student(self.server.host, HANGS)
                    await student.open("/")
                await self._one(i, student, reader)
        except NoAnswer as error:
            self.errors.append(f"tab {number}: {error}")
        finally:
            await student.close()
            await reader.close()

    async def _one(self, i: int, student: Student, reader: Student) -> None:
        rng = random.Random(i)
        page = rng.choice([each for each in student.screen.pages if each != "admin"])
        seed = 100_000 + i
        query = probe(rng, seed) if i % PROBE_EVERY == 0 else fuzzed(rng)
        link = f"/{page}?{query}"
        self.seconds.append((await student.go(link), link))
        self._judge(student, link)
        self.complaints += REFUSED in student.screen.text("alert")
        if i % PROBE_EVERY == 0 and page in ("", "depth", "time", "sentences"):
            self.probes += 1
            if parse_qs(student.screen.query).get("seed") != [str(seed)]:
                self.errors.append(f"{link}: its seed is not in the address, which is {student.screen.query!r}")
        if i % AGAIN_EVERY == 0 and student.screen.query:
            self.again += 1
            clean = student.screen.query
            await reader.go("/" if page else "/depth")
            await reader.go(f"/{page}?{clean}")
            self._judge(reader, f"/{page}?{clean}")
            if REFUSED in reader.screen.text("alert") and "&" + clean != "&" + query:
                self.errors.append(f"{link}: the page complains of the address that it made of it, {clean!r}")

    def _judge(self, student: Student, link: str) -> None:
        """A page of the right kind, with a heading, and no error on it."""
        page = link[1:].partition("?")[0]
        if student.screen.page != student.screen.pages.get(page):
            self.errors.append(f"{link[:300]}: another page was shown")
        if not student.screen.having("heading"):
            self.errors.append(f"{link[:300]}: the page is empty")
        if student.errors:
            self.errors += [f"{link[:300]}: {each}" for each in student.errors]
            student.errors.clear()

    async def weigh(self) -> None:
        """Notes the server's memory every few seconds."""
        while True:
            self.memory.append(self.server.memory().server)
            await asyncio.sleep(5)


async def fuzz(scale: float) -> list[Result]:
    """Opens the links over a few connections, for four minutes at most; every tab's next link counts as a fresh address."""
    with Server() as server:
        work = Fuzzing(server, round(LINKS * scale), LONGEST * scale)
        weighing = asyncio.create_task(work.weigh())
        began = time.perf_counter()
        await asyncio.gather(*map(work.tab, range(TABS)))
        took = time.perf_counter() - began
        weighing.cancel()
        memory = [*work.memory, server.memory().server]
        errors = server.trouble() + work.errors
    if not work.probes:
        errors.append("no link was probed")
    slow = sorted(work.seconds, reverse=True)[:3]
    numbers = {"links": len(work.seconds), "per second": len(work.seconds) / took}
    numbers |= {
        **milliseconds([each for each, _ in work.seconds]),
        "complained": work.complaints,
        "probes": work.probes,
    }
    numbers |= {"opened again": work.again, "before MB": memory[0], "half-way MB": memory[len(memory) // 2]}
    numbers["after MB"] = memory[-1]
    return [Result("fuzzed links", numbers, errors, notes=[f"{each:.2f} s: {link[:400]}" for each, link in slow])]
