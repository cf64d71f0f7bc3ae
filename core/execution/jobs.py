"""What the scheduler works on: trainings, piece by piece, and calls. Each knows who is waiting for it."""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

from ..training.run import Run
from .pieces import bare, joined, size, work

PIECE = 0.2  # seconds of work per piece
FIRST = 0.05  # of the first one, so that something is seen at once
PATIENCE = 5.0  # seconds without a look until nobody is thought to wait any more
SMOOTH = 0.3  # weight of the newest piece in the mean time of a step

Call = tuple[Callable[..., Any], tuple[Any, ...]]  # a pure function that can be pickled, and its arguments


@dataclass(frozen=True)
class Progress:
    """A training as its page sees it.

    run: the newest state. problem: why it can't go on ("" if it can). place: 0 while it takes turns (or needs none), k as the
    k-th in the queue. wait: seconds until it moves on, about; remaining: until it is done (NaN: not known yet).
    """

    run: Run
    problem: str = ""
    place: int = 0
    wait: float = math.nan
    remaining: float = math.nan

    @property
    def finished(self) -> bool:
        """Nothing more will come: done, or can't go on."""
        return self.run.done or bool(self.problem)


@dataclass(frozen=True)
class Answer:
    """A call as its page sees it. value: what it returned (None before; of a series all values in order); since: seconds
    since a worker began it, NaN before."""

    value: Any = None
    problem: str = ""
    finished: bool = False
    since: float = math.nan


class Job:
    """Something to be done. ``watchers``: who waits for it, and when each last looked."""

    long: ClassVar[bool] = False  # whether it may hold a worker for much more than a piece

    def __init__(self) -> None:
        self.problem = ""
        self.watchers: dict[str, float] = {}
        self.open = False  # whether it has a place among those that take turns or wait for it
        self.busy = False  # whether a worker has been asked for it
        self.served = -1  # when it last got a piece, as the scheduler counts
        self.failures = 0
        self.not_before = 0.0
        self.size = 0  # bytes that it keeps in memory, about

    @property
    def finished(self) -> bool:
        """Nothing is left to do, or nothing can be done."""
        raise NotImplementedError

    def call(self) -> Call:
        """Returns what a worker is to do next."""
        raise NotImplementedError

    def take(self, result: Any) -> float:
        """Takes what the worker made; returns the seconds that it worked."""
        raise NotImplementedError

    def waiting(self, now: float) -> list[str]:
        """Returns those who still wait for it."""
        return [student for student, looked in self.watchers.items() if now - looked < PATIENCE]


class TrainingJob(Job):
    """One training; ``saved`` is the step whose state is on disk."""

    def __init__(self, run: Run, saved: int) -> None:
        super().__init__()
        self.run = run
        self.saved = saved
        self.saved_at = time.monotonic()
        self.step_seconds = math.nan
        self.size = size(run)

    @property
    def finished(self) -> bool:
        """Done, or can't go on."""
        return self.run.done or bool(self.problem)

    @property
    def left(self) -> float:
        """Seconds of work until it is done; NaN before the first piece."""
        return self.step_seconds * (self.run.experiment.training.steps - self.run.step)

    @property
    def piece(self) -> float:
        """Seconds that a worker is busy with it at a time: a step is never cut."""
        return max(PIECE, self.step_seconds)  # PIECE where the other is NaN

    def call(self) -> Call:
        """Returns the next piece, a short one at the very start."""
        return work, (bare(self.run), PIECE if self.run.film else FIRST)

    def take(self, result: tuple[Run, float]) -> float:
        """Puts the piece where it belongs."""
        piece, seconds = result
        steps = piece.step - self.run.step
        self.run = joined(self.run, piece)
        self.size = size(self.run)
        if steps:
            newest = seconds / steps
            known = math.isfinite(self.step_seconds)
            self.step_seconds = newest if not known else SMOOTH * newest + (1 - SMOOTH) * self.step_seconds
        return seconds


class CallJob(Job):
    """One call of a pure function, however long it takes."""

    long = True

    def __init__(self, *calls: Call) -> None:
        super().__init__()
        self.began = math.nan
        self._calls = calls
        self._values: list[Any] = []

    @property
    def value(self) -> Any:
        """What the call returned; None before."""
        return self._values[0] if self._values else None

    @property
    def finished(self) -> bool:
        """Answered, or can't be."""
        return len(self._values) == len(self._calls) or bool(self.problem)

    def call(self) -> Call:
        """Returns the next call."""
        if math.isnan(self.began):
            self.began = time.monotonic()
        fn, args = self._calls[len(self._values)]
        return timed, (fn, *args)

    def take(self, result: tuple[Any, float]) -> float:
        """Keeps the value."""
        value, seconds = result
        self._values.append(value)
        return seconds


class SeriesJob(CallJob):
    """Several calls, one after the other. Between two of them it can be given up; asked for again, it goes on from there."""

    @property
    def value(self) -> Any:
        """What all calls returned, in order; None before the last has."""
        return tuple(self._values) if len(self._values) == len(self._calls) else None


def timed(fn: Callable[..., Any], *args: Any) -> tuple[Any, float]:
    """Calls the function; returns what it returns, and the seconds that it took."""
    begin = time.monotonic()
    return fn(*args), time.monotonic() - begin
