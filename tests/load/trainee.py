"""A student who trains, and what his page tells him on the way; the same trainings without any server."""

import asyncio
import os
import re
import time
from collections.abc import Sequence

from core import Experiment, Run, advance, start
from core.execution.pool import ResilientPool
from tests.load.addresses import GO
from tests.load.processes import seconds_below
from tests.load.student import Student

LONGEST = 300.0  # seconds until a training is given up
LAST_LOOK = 3.0  # seconds in which a page has looked once more
TOLD = re.compile(
    r"(in|every) about \d|about every \d|in about \d"
)  # the page says how long it takes until it moves on


class Trainee(Student):
    """Presses Train and watches. ``first``: the step on the page when it was opened; ``pauses``: (seconds without a new
    step, whether the page said how long it would be)."""

    def __init__(self, host: str, steps: int) -> None:
        super().__init__(host)
        self.steps, self.first, self.step = steps, -1, 0
        self.pauses: list[tuple[float, bool]] = []
        self.began = self.ended = self._moved = float("nan")
        self._told = False
        self.done = asyncio.Event()
        self.moved = asyncio.Event()  # whoever waits for it clears it
        self.finished.append(self._look)

    async def train(self, wait: float = 0.0) -> None:
        """Presses the button, after so many seconds."""
        await asyncio.sleep(wait)
        self.began = self._moved = time.perf_counter()
        await self.click(GO)

    async def end(self, longest: float = LONGEST) -> None:
        """Waits until the page shows the last step; that it never does so is an error."""
        try:
            async with asyncio.timeout(longest):
                await self.done.wait()
        except TimeoutError:
            self.errors.append(f"the training stands at step {self.step} of {self.steps}: {self.forecast()}")

    async def reach(self, step: int, longest: float = LONGEST) -> None:
        """Waits until the page shows this step or a later one."""
        try:
            async with asyncio.timeout(longest):
                while self.step < step:
                    self.moved.clear()
                    await self.moved.wait()
        except TimeoutError:
            self.errors.append(f"the training stands at step {self.step} and does not reach {step}: {self.forecast()}")

    def forecast(self) -> str:
        """What the page says of the time that it will take, and warnings."""
        return self.screen.text("progress", "alert")

    def _look(self) -> None:
        said = self.screen.text("markdown")
        found = re.findall(r"after (\d+) steps", said)
        if not found and "not trained yet" not in said:
            return  # between two drawings
        step, now = min(map(int, found), default=0), time.perf_counter()
        if self.first < 0:
            self.first = step
        if step < self.step:
            self.errors.append(f"the training went back from step {self.step} to {step}")
        if step > self.step:
            self.pauses.append((now - self._moved, self._told))
            self._moved, self._told = now, False
            self.moved.set()
        self._told = self._told or bool(TOLD.search(self.forecast()))
        self.step = step
        if step >= self.steps and not self.done.is_set():
            self.ended = now
            self.done.set()


def scores(student: Student) -> list[tuple[int, float, float]]:
    """(step, accuracy, loss) of every frame that the page's chart shows."""
    table = student.screen.table()
    rows = table[table["role"] == "score"].sort_values("step")
    return list(zip(rows["step"].astype(int), rows["accuracy"], rows["loss"], strict=True)) if len(rows) else []


def film(run: Run) -> list[tuple[int, float, float]]:
    """The same of a run."""
    return [(frame.step, frame.accuracy, frame.loss) for frame in run.film]


def bare(experiments: Sequence[Experiment], workers: int) -> tuple[float, float, list[Run]]:
    """Seconds that the whole trainings take on a pool of so many workers with nothing else to do, those that the workers
    spend on them, and the runs."""
    pool = ResilientPool(workers)
    try:
        warm = [pool.submit(time.sleep, 0.5) for _ in range(workers)]  # until all are up
        for each in warm:
            each.result()
        before, began = seconds_below(os.getpid()), time.perf_counter()
        asked = [pool.submit(advance, start(each), each.training.steps) for each in experiments]
        runs = [each.result() for each in asked]
        return time.perf_counter() - began, seconds_below(os.getpid()) - before, runs
    finally:
        pool.shutdown()


def compare(students: Sequence[Student], runs: Sequence[Run]) -> list[str]:
    """What of the charts is not, to the last bit, what the runs are."""
    wrong = []
    for student, run in zip(students, runs, strict=True):
        if scores(student) != film(run):
            wrong.append(f"seed {run.experiment.seed}: the chart shows {scores(student)[-1:]}, not {film(run)[-1:]}")
    return wrong
