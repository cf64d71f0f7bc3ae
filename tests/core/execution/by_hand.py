"""Executors that do what a test says, and what it means that two runs are the same."""

import time
from collections.abc import Callable, Mapping
from concurrent.futures import Executor, Future
from dataclasses import fields, is_dataclass
from typing import Any

from numpy import ndarray

import core

WAIT = 60  # seconds until a test gives up; nothing is timed
SMALL = core.Experiment(
    core.Recurrent(hidden=4, embedding=2), core.France(gap=2), core.Training(steps=40, film_every=15)
)


def wait_for(condition: Callable[[], object], what: str) -> None:
    """Polls until ``condition()`` is true."""
    deadline = time.monotonic() + WAIT
    while not condition():
        assert time.monotonic() < deadline, f"waited in vain for {what}"
        time.sleep(0.005)


def bits(value: Any) -> Any:
    """Everything in a run, or a part of it, in a form whose ``==`` means: the same to the last bit."""
    if isinstance(value, ndarray):
        return value.dtype.str, value.shape, value.tobytes()
    if isinstance(value, float):
        return value.hex()
    if isinstance(value, Mapping):
        return {name: bits(each) for name, each in value.items()}
    if isinstance(value, tuple | list):
        return [bits(each) for each in value]
    if is_dataclass(value):
        return type(value), {each.name: bits(getattr(value, each.name)) for each in fields(value)}
    return value


def same(one: core.Run, other: core.Run) -> bool:
    """Bit for bit the same training."""
    return bool(bits(one) == bits(other))


def trained(experiment: core.Experiment = SMALL, steps: int | None = None) -> core.Run:
    """What its training must come to (after so many steps): in one go, in this thread."""
    return core.advance(core.start(experiment), experiment.training.steps if steps is None else steps)


class ByHand(Executor):
    """Keeps every call until the test answers it."""

    restarts = 0

    def __init__(self, workers: int = 1) -> None:
        self.workers = workers
        self.calls: list[tuple[Future[Any], Callable[[], Any]]] = []

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Notes the call."""
        future: Future[Any] = Future()
        self.calls.append((future, lambda: fn(*args, **kwargs)))
        return future

    def answer(self) -> Any:
        """Does the oldest call; returns what it came to."""
        future, call = self.calls.pop(0)
        result = call()
        future.set_result(result)
        return result

    def fail(self, error: BaseException) -> None:
        """Lets the oldest call fail."""
        self.calls.pop(0)[0].set_exception(error)

    def cancel(self) -> None:
        """Cancels the oldest call."""
        self.calls.pop(0)[0].cancel()


class AtOnce(Executor):
    """Answers before ``submit`` returns, as a very fast worker, or one that fails at once, may do."""

    workers, restarts = 1, 0

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Calls, and returns a future that is done."""
        future: Future[Any] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:
            future.set_exception(error)
        return future


class Closed(Executor):
    """Takes nothing any more, as a pool that was shut down, or that can't start a thread or a process."""

    workers, restarts = 1, 0

    def __init__(self, error: Exception) -> None:
        self.error = error

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Refuses."""
        raise self.error
