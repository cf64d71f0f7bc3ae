"""The pool of processes: work is done elsewhere, and a worker that dies takes nothing with it but its call."""

import gc
import os
import signal
import struct
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import Future
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import pytest

import core
from core.execution.pool import ResilientPool, WorkerDied, default_workers

ROOT = Path(__file__).parents[3]
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


def half_an_answer(notes: str) -> str:
    """The first time, it dies when it has written the beginning of a long answer into the worker's pipe."""
    if attempt(notes) == 1:
        (pipe,) = (each for each in gc.get_objects() if type(each) is Connection)
        os.write(pipe.fileno(), struct.pack("!i", 10**6) + b"half of it")
        os.kill(os.getpid(), signal.SIGKILL)
    return "done"


def die_when_packed(notes: str) -> "Deadly":
    """The first time, the worker dies while it packs the result up."""
    return Deadly(attempt(notes) == 1)


class Deadly:
    """Can be pickled, or kills whoever tries."""

    def __init__(self, deadly: bool) -> None:
        self.deadly = deadly

    def __reduce__(self) -> Any:
        if self.deadly:
            os.kill(os.getpid(), signal.SIGKILL)
        return Deadly, (False,)


def attempt(notes: str) -> int:
    """Counts its calls in a file: 1 for the first."""
    with Path(notes).open("a") as file:
        file.write(f"{os.getpid()}\n")
    return len(Path(notes).read_text().split())


def die_always(notes: str) -> None:
    """Takes the worker with it."""
    attempt(notes)
    os._exit(1)


def until_there(notes: str, sign: str) -> str:
    """Notes its process id and waits for a file."""
    attempt(notes)
    wait_for(lambda: Path(sign).exists(), "the sign")
    return "done"


def strange_result() -> object:
    """Nothing that could be sent on."""
    return lambda: 0


class WriteOnlyError(Exception):
    """Can be pickled, but not unpickled: it wants two arguments and keeps one."""

    def __init__(self, one: str, two: str) -> None:
        super().__init__(one)


class UnwritableError(Exception):
    """Can't be pickled."""

    def __reduce__(self) -> Any:
        raise TypeError("not this one")


def fail_strangely(kind: str) -> None:
    """An exception that can't be sent on."""
    raise WriteOnlyError("odd", "even") if kind == "unreadable" else UnwritableError("odd")


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
    assert "in fail" in "".join(pool.submit(fail, "?").exception(PATIENCE).__notes__), "where it happened"
    assert pool.submit(abs, -3).result(PATIENCE) == 3


def test_a_killed_worker_loses_its_call_only(pool: ResilientPool, notes: Path) -> None:
    """The call says so, at once; everything in the queue when the worker died is done by the next one."""
    first = pool.submit(slow_at_first, str(notes), 1)
    others = [pool.submit(abs, -i) for i in range(20)]
    kill_attempts(first, notes, 1)
    with pytest.raises(WorkerDied, match="did not finish this call"):
        first.result(PATIENCE)
    assert len(notes.read_text().split()) == 1, "who asks again is the scheduler"
    assert [other.result(PATIENCE) for other in others] == list(range(20))
    assert pool.restarts == 1


@pytest.mark.parametrize("dies", [half_an_answer, die_when_packed])
def test_death_in_the_middle_of_an_answer(pool: ResilientPool, notes: Path, dies: Any) -> None:
    """Nobody waits for the other half; asked again, the call is done."""
    with pytest.raises(WorkerDied):
        pool.submit(dies, str(notes)).result(PATIENCE)
    assert pool.submit(dies, str(notes)).result(PATIENCE)


def test_a_death_is_no_concern_of_the_other_workers(notes: Path, tmp_path: Path) -> None:
    """What they are busy with goes on, and is done once."""
    pool, sign, deaths = ResilientPool(2), tmp_path / "sign", tmp_path / "deaths"
    other = pool.submit(until_there, str(notes), str(sign))
    wait_for(notes.read_text, "its beginning")
    with pytest.raises(WorkerDied):
        pool.submit(half_an_answer, str(deaths)).result(PATIENCE)
    sign.touch()
    assert other.result(PATIENCE) == "done"
    assert len(notes.read_text().split()) == 1
    pool.shutdown()


def test_death_between_calls_does_not_count(pool: ResilientPool) -> None:
    """However many idle workers have been killed, the next call has a living one."""
    for _ in range(5):
        pid = pool.submit(os.getpid).result(PATIENCE)
        os.kill(pid, signal.SIGKILL)
        wait_for(lambda: not Path(f"/proc/{pid}").exists(), "the end of all its threads")  # noqa: B023
    assert pool.submit(abs, -3).result(PATIENCE) == 3


def test_what_can_not_be_sent_is_an_error(pool: ResilientPool) -> None:
    """Arguments, results, exceptions: the future says so, nothing hangs, and the worker lives on."""
    worker = pool.submit(os.getpid).result(PATIENCE)
    for future in (pool.submit(abs, lambda: 0), pool.submit(strange_result)):
        with pytest.raises(Exception, match="pickle"):
            future.result(PATIENCE)
    for kind in ("unreadable", "unwritable"):
        with pytest.raises(RuntimeError, match=r"(?s)can not be sent.*Error: odd"):
            pool.submit(fail_strangely, kind).result(PATIENCE)
    assert pool.submit(os.getpid).result(PATIENCE) == worker


def test_no_process_is_left_after_shutdown(notes: Path) -> None:
    """Neither those of the pool nor those of a pool that was broken before."""
    pool = ResilientPool(2)
    future = pool.submit(slow_at_first, str(notes), 1)
    kill_attempts(future, notes, 1)
    assert isinstance(future.exception(PATIENCE), WorkerDied)
    pids = {int(pid) for pid in notes.read_text().split()}
    pids |= {future.result(PATIENCE)[0] for future in [pool.submit(settings) for _ in range(20)]}
    assert any(alive(pid) for pid in pids)
    pool.shutdown(wait=True)
    wait_for(lambda: not any(alive(pid) for pid in pids), "the workers' end")


def test_shutdown_leaves_nobody_waiting(notes: Path, tmp_path: Path) -> None:
    """A call that has begun is finished; one that never got its turn is cancelled, not forgotten."""
    pool, sign = ResilientPool(1), tmp_path / "sign"
    first = pool.submit(until_there, str(notes), str(sign))
    waiting = [pool.submit(abs, -i) for i in range(20)]
    wait_for(notes.read_text, "its beginning")
    pool.shutdown(wait=False, cancel_futures=True)
    assert all(future.cancelled() for future in waiting)
    with pytest.raises(RuntimeError):
        pool.submit(abs, 1)
    sign.touch()
    pool.shutdown(wait=True)
    assert first.result(0) == "done"


def test_shutdown_lets_waiting_calls_be_done(notes: Path) -> None:
    """Unless told otherwise, even if a worker dies meanwhile."""
    pool = ResilientPool(1)
    calls = [pool.submit(half_an_answer, str(notes)), *(pool.submit(abs, -i) for i in range(5))]
    pool.shutdown(wait=True)
    assert isinstance(calls[0].exception(0), WorkerDied)
    assert [call.result(0) for call in calls[1:]] == [*range(5)]


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


def test_workers_end_with_the_program() -> None:
    """Even if they are busy, and (then at the end of their call) if it is killed."""
    program = (
        "import os, sys, time; from core.execution.pool import local_pool; pool = local_pool(1);"
        "print(pool.submit(os.getpid).result(), flush=True); pool.submit(time.sleep, "
    )
    ways = [program + "60); sys.exit()", program + "0.1); os.kill(os.getpid(), 9)"]
    ended = [
        subprocess.Popen([sys.executable, "-c", way], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        for way in ways
    ]
    said = [each.communicate(timeout=PATIENCE) for each in ended]
    wait_for(lambda: not any(alive(int(pid)) for pid, _ in said), "the workers' end")
    assert [complaint for _, complaint in said] == [b"", b""]


def test_the_default_is_one_worker_per_core() -> None:
    """At least one."""
    assert 1 <= default_workers() <= (os.cpu_count() or 1)
