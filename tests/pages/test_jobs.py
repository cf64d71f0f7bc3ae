"""Trainings in the background: shared, parked when nobody looks, taken up again, and never in the way."""

import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from typing import Any

import numpy as np
import pytest

import core
from core.execution.pool import ResilientPool
from pages.ui import jobs as module
from pages.ui.jobs import Job, Jobs, advance_for

WAIT = 60  # seconds until a test gives up; nothing is timed
SMALL = core.Experiment(
    core.Recurrent(hidden=4, embedding=2), core.France(gap=2), core.Training(steps=40, film_every=10)
)


def wait_for(condition: Callable[[], object], what: str) -> None:
    """Polls until ``condition()`` is true."""
    deadline = time.monotonic() + WAIT
    while not condition():
        assert time.monotonic() < deadline, f"waited in vain for {what}"
        time.sleep(0.005)


class ByHand(Executor):
    """Keeps every call until the test answers it."""

    def __init__(self) -> None:
        self.calls: list[tuple[Future[Any], Callable[[], Any]]] = []

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Notes the call."""
        future: Future[Any] = Future()
        self.calls.append((future, lambda: fn(*args, **kwargs)))
        return future

    def answer(self) -> None:
        """Does the oldest call."""
        future, call = self.calls.pop(0)
        future.set_result(call())

    def fail(self, error: Exception) -> None:
        """Lets the oldest call fail."""
        self.calls.pop(0)[0].set_exception(error)


class AtOnce(Executor):
    """Answers before ``submit`` returns, as a very fast worker, or one that fails at once, may do."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Calls, and returns a future that is done."""
        future: Future[Any] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:
            future.set_exception(error)
        return future


@pytest.fixture
def hand(monkeypatch: pytest.MonkeyPatch) -> ByHand:
    """A pool that waits for the test; a piece is as short as a piece can be."""
    monkeypatch.setattr(module, "PIECE", 0.0)
    monkeypatch.setattr(module, "FIRST", 0.0)
    return ByHand()


@pytest.fixture
def two_workers() -> Iterator[ResilientPool]:
    """A real pool of processes."""
    pool = ResilientPool(2)
    yield pool
    pool.shutdown(wait=True, cancel_futures=True)


def same(one: core.Run, other: core.Run) -> bool:
    """Bit for bit the same training."""
    return (
        (one.step, one.loss, one.trouble) == (other.step, other.loss, other.trouble)
        and all(np.array_equal(one.parameters[name], other.parameters[name]) for name in other.parameters)
        and len(one.film) == len(other.film)
        and all(
            (a.step, a.accuracy, a.loss) == (b.step, b.accuracy, b.loss)
            and np.array_equal(a.log_norm, b.log_norm)
            and np.array_equal(a.probability, b.probability)
            for a, b in zip(one.film, other.film, strict=True)
        )
    )


def finished() -> core.Run:
    """What SMALL's training must come to."""
    return core.advance(core.start(SMALL), SMALL.training.steps)


def test_a_piece_gets_somewhere_however_short() -> None:
    """At least some steps, and never beyond the end."""
    assert 0 < advance_for(core.start(SMALL), 0.0).step < SMALL.training.steps
    assert same(advance_for(core.start(SMALL), 1e9), finished())


def test_equal_experiments_share_one_job(hand: ByHand, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many people watch; another seed is another job."""
    monkeypatch.setattr(module, "local_pool", lambda: hand)
    collection = Jobs()
    twin = core.Experiment(core.Recurrent(hidden=4, embedding=2), core.France(gap=2), SMALL.training)
    assert collection.job(SMALL) is collection.job(twin)
    assert collection.job(core.Experiment(seed=1)) is not collection.job(core.Experiment(seed=2))
    for _ in range(5):
        collection.job(twin).look()
    assert len(hand.calls) == 1


def test_old_jobs_are_forgotten_first(hand: ByHand, monkeypatch: pytest.MonkeyPatch) -> None:
    """Those that nobody asked for longest."""
    monkeypatch.setattr(module, "local_pool", lambda: hand)
    monkeypatch.setattr(module, "REMEMBERED", 3)
    collection = Jobs()
    each = [core.Experiment(core.Recurrent(hidden=2), core.France(gap=1), seed=seed) for seed in range(4)]
    first, second = collection.job(each[0]), collection.job(each[1])
    collection.job(each[2])
    assert collection.job(each[0]) is first
    collection.job(each[3])
    assert collection.job(each[0]) is first
    assert collection.job(each[1]) is not second


def test_a_watched_job_goes_on_to_the_end(hand: ByHand) -> None:
    """Piece by piece, with the result of one long training."""
    job = Job(SMALL, hand)
    assert not job.finished
    job.look()
    pieces = 0
    while hand.calls:
        assert len(hand.calls) == 1
        hand.answer()
        pieces += 1
    assert job.finished and pieces > 1
    assert same(job.run, finished())
    job.look()
    assert not hand.calls


def test_nobody_looks_nobody_works(hand: ByHand, monkeypatch: pytest.MonkeyPatch) -> None:
    """The job stops after the piece under way, keeps what it has, and goes on from there."""
    monkeypatch.setattr(module, "PATIENCE", 0.0)
    job = Job(SMALL, hand)
    job.look()
    hand.answer()
    assert not hand.calls and not job.finished
    assert job.run.step > 0
    parked = job.run.step
    assert job.look().step == parked
    assert len(hand.calls) == 1
    hand.answer()
    assert job.run.step > parked
    monkeypatch.setattr(module, "PATIENCE", 1e9)
    job.look()
    while hand.calls:
        hand.answer()
    assert same(job.run, finished())


def test_a_failing_piece_is_said(hand: ByHand, caplog: pytest.LogCaptureFixture) -> None:
    """The job ends with a message and what it had; it does not ask again by itself. The log has the details."""
    job = Job(SMALL, hand)
    job.look()
    hand.answer()
    reached = job.run.step
    error = MemoryError("no more")
    error.add_note("in the worker, line 3")
    hand.fail(error)
    assert job.finished
    assert "MemoryError" in job.problem and "Train" in job.problem
    assert job.look().step == reached
    assert not hand.calls
    assert "no more" in caplog.text and "line 3" in caplog.text


def test_a_run_that_blows_up_is_finished(hand: ByHand) -> None:
    """Nothing more is asked for."""
    wild = core.Training(optimiser="sgd", learning_rate=10.0, clip=0.0, steps=400)
    job = Job(core.Experiment(core.Recurrent(cell="relu", gain=10.0), core.France(gap=30), wild), hand)
    job.look()
    while hand.calls:
        hand.answer()
    assert job.finished and not job.problem
    assert "blew up" in job.run.trouble


def test_an_answer_may_come_before_the_question_is_over() -> None:
    """A worker that is done (or broken) before ``submit`` returns calls back in the same thread: no deadlock."""
    job = Job(SMALL, AtOnce())
    thread = threading.Thread(target=job.look, daemon=True)
    thread.start()
    thread.join(WAIT / 12)
    assert not thread.is_alive(), "look() waits for itself"
    assert same(job.run, finished())


class Closed(Executor):
    """A pool that takes nothing any more."""

    def __init__(self, error: Exception) -> None:
        self.error = error

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Refuses, as a pool does that was shut down, or that can't start a thread or a process."""
        raise self.error


@pytest.mark.parametrize("error", [RuntimeError("shut down"), OSError("too many open files")])
def test_a_pool_that_takes_nothing_is_a_problem_not_an_exception(error: Exception) -> None:
    """The page says so."""
    job = Job(SMALL, Closed(error))
    job.look()
    assert job.finished and type(error).__name__ in job.problem


def test_a_pool_that_takes_nothing_any_more_is_a_problem_too(hand: ByHand) -> None:
    """In the middle of a training, when nobody is there to catch what ``submit`` raises."""
    job = Job(SMALL, hand)
    job.look()
    hand.submit = Closed(OSError("too many open files")).submit  # type: ignore[method-assign]
    hand.answer()
    assert job.finished and "OSError" in job.problem
    assert job.look().step > 0


def test_a_killed_worker_costs_only_time(two_workers: ResilientPool) -> None:
    """SIGKILL in the middle of a training: the result is the same to the last bit."""
    own = core.Experiment(SMALL.network, SMALL.task, core.Training(steps=300, film_every=50, batch=8))
    job = Job(own, two_workers)
    job.look()
    wait_for(lambda: job.run.step > 0, "the first piece")
    victims = {process.pid for process in multiprocessing.active_children()}
    for pid in victims:
        os.kill(pid, signal.SIGKILL)
    wait_for(lambda: job.look() and job.finished, "the end")
    assert not job.problem
    assert victims.isdisjoint(process.pid for process in multiprocessing.active_children())
    assert same(job.run, core.advance(core.start(own), own.training.steps))


def test_many_watch_at_once(two_workers: ResilientPool) -> None:
    """Threads that look all the time neither double the work nor lose any."""
    job = Job(SMALL, two_workers)

    def watch() -> None:
        wait_for(lambda: job.look().done, "the end")

    threads = [threading.Thread(target=watch) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(WAIT)
    assert same(job.run, finished())
