"""The scheduler with real processes: killed, out of memory, closed; the results are what one quiet training gives."""

import multiprocessing
import os
import random
import signal
import threading
from collections.abc import Callable, Hashable, Iterator
from dataclasses import replace
from multiprocessing import forkserver
from pathlib import Path

import pytest

import core
from core.execution.jobs import Answer
from core.execution.pool import ResilientPool
from core.execution.saved_runs import SavedRuns
from core.execution.scheduler import RETRIES, Scheduler
from core.execution.store import Store
from tests.core.execution.by_hand import SMALL, same, trained, wait_for
from tests.core.execution.test_pool import die_always, die_when_packed, half_an_answer, slow_at_first

LONG = replace(SMALL, training=replace(SMALL.training, steps=400, film_every=70))
EACH = [replace(LONG, seed=seed) for seed in range(8)]
Start = Callable[..., Scheduler]


@pytest.fixture
def started(tmp_path: Path) -> Iterator[Start]:
    """``started()``: a scheduler with two processes (of so many MB) and a store, always the same one."""
    pools: list[ResilientPool] = []
    all_of_them: list[Scheduler] = []

    def one(workers: int = 2, megabytes: int = 0) -> Scheduler:
        pools.append(ResilientPool(workers, megabytes))
        all_of_them.append(Scheduler(pools[-1], SavedRuns(Store(tmp_path, 10**7))))
        return all_of_them[-1]

    yield one
    for each in all_of_them:
        each.close()
    for pool in pools:
        pool.shutdown(wait=True, cancel_futures=True)


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    """An empty file that workers leave notes in."""
    path = tmp_path / "attempts"
    path.write_text("")
    return path


def attempts(notes: Path) -> list[int]:
    """The process ids of the workers that took the call up."""
    return [int(pid) for pid in notes.read_text().splitlines()]


def workers() -> list[int]:
    """Process ids of this program's workers."""
    return [pid for process in multiprocessing.active_children() if (pid := process.pid)]


def test_workers_are_killed_again_and_again(started: Start) -> None:
    """SIGKILL during eight trainings, of a piece up to as often as it is repeated: none is lost, each has the same bits."""
    scheduler, dice, killed = started(), random.Random(0), set[int]()

    def done() -> bool:
        work = scheduler.watch("ada", EACH)
        assert not any(each.problem for each in work)
        steps = sum(each.run.step for each in work)
        spared = any(job.failures >= RETRIES for job in scheduler._memory.jobs)
        if steps > 150 * (len(killed) + 1) and not spared and (alive := sorted(set(workers()) - killed)):
            victim = dice.choice(alive)
            killed.add(victim)
            os.kill(victim, signal.SIGKILL)
        return all(each.finished for each in work)

    wait_for(done, "the end")
    assert len(killed) >= 5
    assert all(same(scheduler.seen(each).run, trained(each)) for each in EACH)
    assert scheduler.counts()["worker_restarts_total"] >= 5
    assert scheduler.counts()["steps_total"] == 8 * 400


def asked(scheduler: Scheduler, fn: Callable[..., object], *args: Hashable) -> Answer:
    """The answer to a call, once it is there."""
    wait_for(lambda: scheduler.ask("ada", fn, *args).finished, "the answer")
    return scheduler.ask("ada", fn, *args)


def test_a_killed_worker_costs_only_time(started: Start, notes: Path) -> None:
    """The call is repeated, here twice, and returns what it should."""
    scheduler = started(1)
    scheduler.ask("ada", slow_at_first, str(notes), 2)
    for death in range(2):
        wait_for(lambda: scheduler.ask("ada", slow_at_first, str(notes), 2) and attempts(notes)[death:], "it")  # noqa: B023
        os.kill(attempts(notes)[death], signal.SIGKILL)
    assert asked(scheduler, slow_at_first, str(notes), 2).value == "done"
    assert len(set(attempts(notes))) == 3


@pytest.mark.parametrize("dies", [half_an_answer, die_when_packed])
def test_death_in_the_middle_of_an_answer(started: Start, notes: Path, dies: Callable[[str], object]) -> None:
    """Nobody waits for the other half: the call is repeated."""
    assert asked(started(1), dies, str(notes)).value
    assert len(attempts(notes)) == 2


def test_a_call_that_kills_every_worker_is_given_up(started: Start, notes: Path) -> None:
    """After so many attempts in all; and the next call has a worker again."""
    scheduler = started(1)
    assert "WorkerDied" in asked(scheduler, die_always, str(notes)).problem
    assert len(set(attempts(notes))) == 1 + RETRIES
    assert asked(scheduler, abs, -3).value == 3


def test_the_server_that_forks_workers_may_die_too(started: Start, notes: Path) -> None:
    """It and the worker: both come back."""
    scheduler = started(1)
    scheduler.ask("ada", slow_at_first, str(notes), 1)
    wait_for(lambda: attempts(notes), "the worker's note")
    os.kill(forkserver._forkserver._forkserver_pid, signal.SIGKILL)  # type: ignore[attr-defined]
    os.kill(attempts(notes)[0], signal.SIGKILL)
    assert asked(scheduler, slow_at_first, str(notes), 1).value == "done"


def test_forty_watch_at_once(started: Start) -> None:
    """From as many threads, some of them the same, some their own: nothing is doubled, nothing lost, nobody's is mixed up."""
    scheduler, gate = started(), threading.Barrier(40)
    wrong: list[object] = []

    def student(number: int) -> None:
        mine = [EACH[0], EACH[1 + number % 3]]
        gate.wait()
        try:
            wait_for(lambda: all(each.finished for each in scheduler.watch(f"student {number}", mine)), "the end")
            for each, work in zip(mine, scheduler.watch(f"student {number}", mine), strict=True):
                assert same(work.run, expected[each]) and not work.problem
        except BaseException as error:
            wrong.append(error)

    expected = {each: trained(each) for each in EACH[:4]}
    threads = [threading.Thread(target=student, args=(number,)) for number in range(40)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong
    assert scheduler.counts()["steps_total"] == 4 * 400


def test_a_new_server_goes_on(started: Start) -> None:
    """Closed while pieces come back; the next one begins where that one was, and ends with the same bits."""
    first = started()
    first.watch("ada", EACH[:4])
    wait_for(lambda: sum(each.run.step for each in first.watch("ada", EACH[:4])) > 100, "some steps")
    first.close()
    reached = [first.seen(each).run.step for each in EACH[:4]]
    second = started()
    assert [second.seen(each).run.step for each in EACH[:4]] == reached
    wait_for(lambda: all(each.finished for each in second.watch("ada", EACH[:4])), "the end")
    assert all(same(second.seen(each).run, trained(each)) for each in EACH[:4])
    assert second.counts()["steps_total"] == 4 * 400 - sum(reached)


HOARD: list[bytes] = []


def fill_up(_number: int) -> int:
    """Keeps all the memory that the worker may have."""
    try:
        while True:
            HOARD.append(bytes(2**17) + b"!")
    except MemoryError:
        HOARD.pop()
        return len(HOARD)


def test_a_worker_that_is_full_is_replaced(started: Start) -> None:
    """The run goes on in a new one, and nobody notices."""
    scheduler = started(1, 256)
    wide = core.Experiment(core.Recurrent(cell="lstm"), core.France(gap=20), core.Training(steps=10))
    wait_for(lambda: scheduler.ask("ada", fill_up, 1).finished, "the worker's end")
    assert scheduler.ask("ada", fill_up, 1).value > 500
    wait_for(lambda: scheduler.watch("ada", [wide])[0].finished, "the end")
    assert not scheduler.seen(wide).problem and same(scheduler.seen(wide).run, trained(wide))
    assert scheduler.counts()["worker_restarts_total"] == 1


@pytest.mark.parametrize(
    ("network", "task"),
    [
        (core.Recurrent(cell="lstm", hidden=128, layers=4), core.France(gap=200)),
        (core.Attention(layers=4, heads=8, head_width=32), core.France(gap=200)),
    ],
    ids=["numpy", "torch"],
)
def test_what_is_too_large_is_said(started: Start, network: core.Recurrent, task: core.France) -> None:
    """In words, whoever complains in the worker, NumPy or torch; and the next training has a worker."""
    scheduler = started(1, 256)
    large = core.Experiment(network, task, core.Training(batch=512))
    wait_for(lambda: scheduler.watch("ada", [large])[0].finished, "the end")
    assert "more memory than a worker" in scheduler.seen(large).problem
    wait_for(lambda: scheduler.watch("ada", [SMALL])[0].finished, "the end")
    assert same(scheduler.seen(SMALL).run, trained())
