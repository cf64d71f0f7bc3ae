"""The pool of processes: work is done elsewhere, and survives the death of the worker that does it."""

import contextlib
import os
import signal
import time
from collections.abc import Iterator
from concurrent.futures import CancelledError, Future
from pathlib import Path

import pytest

import core
from core.execution import RETRIES, ResilientPool, default_workers

PATIENCE = 60  # seconds until a test gives up; nothing is timed


@pytest.fixture
def pool() -> Iterator[ResilientPool]:
    """One worker."""
    pool = ResilientPool(1)
    yield pool
    pool.shutdown(wait=True, cancel_futures=True)


# --- what the workers run: found by name in a fresh process, so at the top level ------------------------------------


def fail(message: str) -> None:
    """An error of our own."""
    raise core.SpecError(message)


def settings() -> tuple[int, int, int]:
    """The worker's process id, torch threads and niceness."""
    import torch

    return os.getpid(), torch.get_num_threads(), os.nice(0)


def slow_at_first(notes: str, survivable: int) -> str:
    """Writes its process id and waits to be killed; from attempt ``survivable`` + 1 on, answers at once."""
    attempts = Path(notes)
    attempts.write_text(attempts.read_text() + f"{os.getpid()}\n")
    if len(attempts.read_text().split()) <= survivable:
        time.sleep(PATIENCE)
    return "done"


def wait_for(condition: object, what: str) -> None:
    """Polls until ``condition()`` is true."""
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, f"waited in vain for {what}"
        time.sleep(0.01)


def alive(pid: int) -> bool:
    """The process exists and is not merely waiting to be collected."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state not in "ZX"


def kill_attempts(future: "Future[str]", notes: Path, kills: int) -> None:
    """SIGKILL for each worker that takes the call up, ``kills`` times."""
    for attempt in range(kills):
        wait_for(lambda: len(notes.read_text().splitlines()) > attempt or future.done(), "the worker's note")  # noqa: B023
        os.kill(int(notes.read_text().split()[attempt]), signal.SIGKILL)


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    """An empty file that workers leave notes in."""
    path = tmp_path / "attempts"
    path.write_text("")
    return path


def test_calls_run_in_another_process(pool: ResilientPool) -> None:
    """With one torch thread, giving way to the pages."""
    pid, threads, nice = pool.submit(settings).result(PATIENCE)
    assert pid != os.getpid()
    assert threads == 1
    assert nice == min(19, os.nice(0) + 10)


def test_arguments_and_results_travel(pool: ResilientPool) -> None:
    """A piece of training gives the same bits there as here."""
    run = core.start(core.Experiment(core.Recurrent(hidden=4), core.France(gap=2)))
    there, here = pool.submit(core.advance, run, steps=3).result(PATIENCE), core.advance(run, 3)
    assert there.loss == here.loss
    assert all((there.parameters[name] == here.parameters[name]).all() for name in here.parameters)


def test_an_exception_comes_back_as_itself(pool: ResilientPool) -> None:
    """Its type and its words; the pool goes on."""
    with pytest.raises(core.SpecError, match="no such thing"):
        pool.submit(fail, "no such thing").result(PATIENCE)
    assert pool.submit(abs, -3).result(PATIENCE) == 3


def test_a_killed_worker_costs_only_time(pool: ResilientPool, notes: Path) -> None:
    """The call is repeated, here twice, and returns what it should."""
    future = pool.submit(slow_at_first, str(notes), 2)
    kill_attempts(future, notes, 2)
    assert future.result(PATIENCE) == "done"
    assert len(set(notes.read_text().split())) == 3
    assert pool.submit(abs, -3).result(PATIENCE) == 3


def test_calls_that_were_waiting_are_repeated_too(pool: ResilientPool, notes: Path) -> None:
    """Everything in the queue when the worker died."""
    first = pool.submit(slow_at_first, str(notes), 1)
    others = [pool.submit(abs, -i) for i in range(20)]
    kill_attempts(first, notes, 1)
    assert first.result(PATIENCE) == "done"
    assert [other.result(PATIENCE) for other in others] == list(range(20))


def test_a_call_that_kills_every_worker_is_given_up(pool: ResilientPool) -> None:
    """After some attempts it fails, and the next call has a pool to run in."""
    assert RETRIES < 10
    with pytest.raises(Exception, match="process pool"):
        pool.submit(os._exit, 1).result(PATIENCE)
    assert pool.submit(abs, -3).result(PATIENCE) == 3


def test_no_process_is_left_after_shutdown(notes: Path) -> None:
    """Neither those of the pool nor those of a pool that was broken before."""
    pool = ResilientPool(2)
    future = pool.submit(slow_at_first, str(notes), 1)
    kill_attempts(future, notes, 1)
    assert future.result(PATIENCE) == "done"
    pids = {int(pid) for pid in notes.read_text().split()}
    pids |= {future.result(PATIENCE)[0] for future in [pool.submit(settings) for _ in range(20)]}
    assert any(alive(pid) for pid in pids)
    pool.shutdown(wait=True)
    wait_for(lambda: not any(alive(pid) for pid in pids), "the workers' end")


def test_shutdown_leaves_nobody_waiting(notes: Path) -> None:
    """A call that never got its turn is cancelled, not forgotten."""
    pool = ResilientPool(1)
    first = pool.submit(slow_at_first, str(notes), 0)
    waiting = [pool.submit(slow_at_first, str(notes), 0) for _ in range(20)]
    pool.shutdown(wait=True, cancel_futures=True)
    assert first.result(5) == "done"
    for future in waiting:
        with contextlib.suppress(CancelledError):
            assert future.result(timeout=5) == "done"
    with pytest.raises(RuntimeError):
        pool.submit(abs, 1)


def test_a_call_nobody_wants_any_more(pool: ResilientPool, notes: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Cancelling a waiting call succeeds, and disturbs neither the pool nor the log."""
    first = pool.submit(slow_at_first, str(notes), 0)
    waiting = [pool.submit(abs, -i) for i in range(5)]
    cancelled = [future.cancel() for future in waiting]
    assert first.result(PATIENCE) == "done"
    assert pool.submit(abs, -3).result(PATIENCE) == 3
    for future, was in zip(waiting, cancelled, strict=True):
        assert future.cancelled() == was
    assert caplog.records == []


def test_the_default_is_one_worker_per_core() -> None:
    """At least one."""
    assert 1 <= default_workers() <= (os.cpu_count() or 1)
