"""A real Dask cluster behaves as the pool of processes does, whatever dies.

The functions that workers run are in test_pool.py: found by name in a fresh process.
"""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import test_pool
from daskers import ROOT, Cluster, copied, free_port
from distributed import Client
from test_pool import PATIENCE, alive, attempt, wait_for

import core
from core.execution import cluster as module
from core.execution import link, remote
from core.execution.cluster import ClusterExecutor, cluster
from core.execution.edition import edition
from core.execution.pool import WorkerDied
from core.execution.scheduler import RETRIES, Scheduler

EXPERIMENT = core.Experiment(core.Recurrent(hidden=128), core.France(gap=5), core.Training(steps=30, film_every=7))


@pytest.fixture(scope="module")
def code(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the workers have of this app."""
    return copied(tmp_path_factory.mktemp("code"))


@pytest.fixture(autouse=True)
def as_the_workers(code: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """This process counts as the same edition, whatever somebody is writing in this folder just now."""
    there = edition(code / "core")
    monkeypatch.setattr(remote, "edition", lambda: there)


@pytest.fixture(scope="module")
def dask(tmp_path_factory: pytest.TempPathFactory, code: Path) -> Iterator[Cluster]:
    """A scheduler and two workers. Who kills any of them starts others in their place."""
    cluster = Cluster(tmp_path_factory.mktemp("dask"), code)
    cluster.start_worker()
    cluster.start_worker()
    yield cluster
    cluster.close()


@pytest.fixture
def own(tmp_path: Path, code: Path) -> Iterator[Cluster]:
    """A scheduler for one test, without workers."""
    cluster = Cluster(tmp_path, code)
    yield cluster
    cluster.close()


@pytest.fixture
def executor(dask: Cluster) -> Iterator[ClusterExecutor]:
    """Has two workers."""
    executor = cluster(dask.address)
    wait_for(lambda: executor.workers == 2, "two workers")
    yield executor
    executor.shutdown(cancel_futures=True)


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    """An empty file that workers leave notes in."""
    path = tmp_path / "attempts"
    path.write_text("")
    return path


def bits(run: core.Run) -> list[Any]:
    """All of a run, to the last bit."""
    frames = [(each.step, each.accuracy, each.loss, each.radius, each.log_norm.tobytes()) for each in run.film]
    shown = [(each.probability.tobytes(), *each.movement.items()) for each in run.film]
    arrays = [{name: values.tobytes() for name, values in each.items()} for each in (run.parameters, run.optimiser)]
    return [run.experiment, run.step, *arrays, run.loss, run.reach, repr(frames), repr(shown), run.trouble]


def settings() -> tuple[int, list[int]]:
    """The worker's process id, and the threads that torch and BLAS use there."""
    from threadpoolctl import threadpool_info

    threads = [each["num_threads"] for each in threadpool_info() if each["user_api"] == "blas"]
    return os.getpid(), [test_pool.settings()[1], *threads]


def fill(megabytes: int) -> int:
    """Uses memory for a moment."""
    return len(np.ones(megabytes * 2**20, np.uint8))


def kill(pid: int) -> None:
    """SIGKILL, and gone."""
    os.kill(pid, signal.SIGKILL)
    wait_for(lambda: not alive(pid), "its end")


def occupy(executor: ClusterExecutor, folder: Path) -> tuple["list[Future[str]]", Path, set[int]]:
    """A call for each worker that ends when there is a file; the file, and the workers' process ids."""
    paths = [folder / f"busy-{i}" for i in range(executor.workers)]
    calls = [executor.submit(test_pool.until_there, str(path), str(folder / "sign")) for path in paths]
    wait_for(lambda: all(path.exists() and path.read_text().endswith("\n") for path in paths), "their beginning")
    return calls, folder / "sign", {int(path.read_text()) for path in paths}


# --- as in the pool


def test_a_training_is_the_same_there_as_here(executor: ClusterExecutor) -> None:
    """To the last bit, in pieces that go to either worker."""
    here = core.advance(core.start(EXPERIMENT), 30)
    there = core.start(EXPERIMENT)
    for _ in range(6):
        there = executor.submit(core.advance, there, steps=5).result(PATIENCE)
    assert there.done
    assert bits(there) == bits(here)


def test_workers_use_one_thread(executor: ClusterExecutor) -> None:
    """Of torch and of BLAS, in processes of their own."""
    for pid, threads in [call.result(PATIENCE) for call in [executor.submit(settings) for _ in range(4)]]:
        assert pid != os.getpid()
        assert len(threads) > 1
        assert set(threads) == {1}


def test_many_small_calls(executor: ClusterExecutor) -> None:
    """Each has its own answer, and both workers take part."""
    calls = [executor.submit(abs, -i) for i in range(300)]
    assert [call.result(PATIENCE) for call in calls] == list(range(300))
    assert len({call.result(PATIENCE) for call in [executor.submit(os.getpid) for _ in range(40)]}) == 2


def test_an_exception_comes_back_as_itself(executor: ClusterExecutor) -> None:
    """Its type, its words, and where it happened."""
    with pytest.raises(core.SpecError, match="no such thing") as caught:
        executor.submit(test_pool.fail, "no such thing").result(PATIENCE)
    assert "in fail" in "".join(caught.value.__notes__)
    assert executor.submit(abs, -3).result(PATIENCE) == 3


def test_what_can_not_be_sent_is_an_error(executor: ClusterExecutor) -> None:
    """Arguments, results, exceptions: the future says so, and nothing hangs."""
    for future in (executor.submit(abs, lambda: 0), executor.submit(test_pool.strange_result)):
        with pytest.raises(Exception, match="pickle"):
            future.result(PATIENCE)
    for kind in ("unreadable", "unwritable"):
        with pytest.raises(RuntimeError, match=r"(?s)can not be sent.*Error: odd"):
            executor.submit(test_pool.fail_strangely, kind).result(PATIENCE)


def under_way(dask: Cluster) -> int:
    """How many calls Dask's scheduler has given to workers."""
    with Client(dask.address, set_as_default=False) as client:
        return sum(len(calls) for calls in client.processing().values())


def test_a_call_nobody_wants_any_more(dask: Cluster, executor: ClusterExecutor, notes: Path, tmp_path: Path) -> None:
    """Cancelled while it waits, it is never begun."""
    busy, sign, _ = occupy(executor, tmp_path)
    waiting = [executor.submit(attempt, str(notes)) for _ in range(5)]
    wait_for(lambda: under_way(dask) > 2, "the calls at Dask's scheduler")
    assert all(each.cancel() for each in waiting)
    wait_for(lambda: under_way(dask) == 2, "the calls' disappearance")
    last = executor.submit(abs, -4)
    sign.touch()
    assert [call.result(PATIENCE) for call in busy] == ["done", "done"]
    assert last.result(PATIENCE) == 4
    assert [executor.submit(abs, -i).result(PATIENCE) for i in range(4)] == [0, 1, 2, 3]
    assert notes.read_text() == ""


def test_too_much_memory_is_an_error_of_the_call(dask: Cluster, executor: ClusterExecutor) -> None:
    """The worker lives on, and what fits is done."""
    small = dask.start_worker("--memory-limit", "1GiB", "--resources", "small=1")
    wait_for(lambda: executor.workers == 3, "the small worker")
    calls = [executor.submit(fill, 900) for _ in range(12)]
    problems = [call.exception(PATIENCE) for call in calls]
    assert any(isinstance(each, MemoryError) for each in problems)
    assert {type(each) for each in problems} <= {MemoryError, type(None)}
    assert alive(small.pid)
    dask.stop(small)
    wait_for(lambda: executor.workers == 2, "its end")


def test_shutdown_waits_or_cancels(dask: Cluster, tmp_path: Path) -> None:
    """Nobody is left waiting; no thread is left; the cluster goes on."""
    before = set(threading.enumerate())
    first = cluster(dask.address)
    calls = [first.submit(abs, -i) for i in range(20)]
    first.shutdown()
    assert [call.result(0) for call in calls] == list(range(20))
    second = cluster(dask.address)
    wait_for(lambda: second.workers == 2, "two workers")
    busy, sign, _ = occupy(second, tmp_path)
    waiting = second.submit(abs, 1)
    second.shutdown(cancel_futures=True)
    sign.touch()
    assert all(call.cancelled() for call in (*busy, waiting))
    for each in (first, second):
        each.shutdown()
        with pytest.raises(RuntimeError, match="shut down"):
            each.submit(abs, 1)
    assert {each.name for each in set(threading.enumerate()) - before} <= {"Dask-Offload_0"}


# --- what is not as it should be


def test_no_scheduler_at_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody there, somebody who is silent, no address at all: the error says where and what to do."""
    monkeypatch.setattr(link, "CONNECT", 1.0)
    before = set(threading.enumerate())
    with socket.create_server(("127.0.0.1", 0)) as silent:
        places = [f"tcp://127.0.0.1:{free_port()}", f"tcp://127.0.0.1:{silent.getsockname()[1]}", "no address: at all"]
        for place in places:
            with pytest.raises(ConnectionError, match=f"at {place}.*GDL_SCHEDULER"):
                cluster(place)
    assert {each.name for each in set(threading.enumerate()) - before} == set()


def test_without_dask_the_error_says_what_to_install() -> None:
    """And only those who ask for a cluster meet it."""
    program = (
        "import sys; sys.modules['distributed'] = None\n"
        "from core.execution.executors import open_executor\nfrom core.execution.limits import Limits\n"
        "open_executor(Limits(scheduler='tcp://127.0.0.1:1'))"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, timeout=PATIENCE)
    assert done.returncode == 1
    assert "pip install -r requirements-cluster.txt" in done.stderr.splitlines()[-1]


def test_a_worker_with_other_code_is_not_believed(executor: ClusterExecutor, monkeypatch: pytest.MonkeyPatch) -> None:
    """An edition of the app that differs might give other numbers."""
    monkeypatch.setattr(remote, "edition", lambda: "another")
    with pytest.raises(RuntimeError, match="another version"):
        executor.submit(abs, -3).result(PATIENCE)


def test_other_last_digits_are_reported_once(
    dask: Cluster, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The results are used all the same."""
    monkeypatch.setattr(module, "digits", lambda: "of another processor")
    executor = cluster(dask.address)
    assert [executor.submit(abs, -i).result(PATIENCE) for i in range(3)] == [0, 1, 2]
    executor.shutdown()
    assert [record.message for record in caplog.records if "processor" in record.message] == [
        "A worker of the cluster has another kind of processor: the last digits of its results may differ."
    ]


def test_the_scheduler_has_no_torch(dask: Cluster, executor: ClusterExecutor) -> None:
    """It hands calls on without looking into them."""
    assert executor.submit(core.advance, core.start(EXPERIMENT), 1).result(PATIENCE).step == 1
    assert "torch" not in Path(f"/proc/{dask.scheduler.pid}/maps").read_text()


# --- deaths


def insist(call: "Future[Any]", executor: ClusterExecutor, *what: Any) -> Any:
    """What the call, or the same asked for again, comes to: at most as often as a scheduler would ask."""
    for _ in range(RETRIES):
        try:
            return call.result(PATIENCE)
        except WorkerDied:
            time.sleep(0.4)
            call = executor.submit(*what)
    return call.result(PATIENCE)


def again(executor: ClusterExecutor, folder: Path, calls: "list[Future[str]]") -> list[str]:
    """What the calls of ``occupy`` come to, asked for again where their worker died."""
    signs = [(test_pool.until_there, str(folder / f"busy-{i}"), str(folder / "sign")) for i in range(len(calls))]
    return [insist(call, executor, *sign) for call, sign in zip(calls, signs, strict=True)]


def test_a_killed_worker_loses_nothing(dask: Cluster, executor: ClusterExecutor) -> None:
    """Trainings of two students are watched until they are done; a worker dies under them."""
    experiments = [core.Experiment(training=core.Training(steps=400, film_every=100), seed=seed) for seed in range(4)]
    victim = executor.submit(os.getpid).result(PATIENCE)
    scheduler = Scheduler(executor)

    def seen() -> list[core.Run]:
        progress = [*scheduler.watch("one", experiments[:2]), *scheduler.watch("other", experiments[2:])]
        assert [each.problem for each in progress] == [""] * 4
        return [each.run for each in progress]

    wait_for(lambda: all(run.step for run in seen()), "the first pieces")
    kill(victim)
    assert not all(run.done for run in seen()), "it died too late for this test"
    wait_for(lambda: all(run.done for run in seen()), "the trainings")
    for run, experiment in zip(seen(), experiments, strict=True):
        assert bits(run) == bits(core.advance(core.start(experiment), 400))
    wait_for(lambda: executor.restarts == 1, "the count")
    assert 1 <= scheduler.counts()["pieces_failed_total"] <= 2, "what it had under way and at hand"
    dask.start_worker()
    wait_for(lambda: executor.workers == 2, "another worker")


def test_all_workers_killed_and_others_started(dask: Cluster, executor: ClusterExecutor, tmp_path: Path) -> None:
    """What they did is lost, and said so; asked for again, it waits for the new ones, as does what was waiting."""
    busy, sign, pids = occupy(executor, tmp_path)
    for pid in pids:
        kill(pid)
    wait_for(lambda: executor.restarts == 2, "the count")
    assert executor.workers == 1, "at least, even with none"
    assert all(isinstance(call.exception(PATIENCE), WorkerDied) for call in busy)
    waiting = [executor.submit(abs, -i) for i in range(10)]
    sign.touch()
    dask.start_worker()
    dask.start_worker()
    assert again(executor, tmp_path, busy) == ["done", "done"]
    assert [call.result(PATIENCE) for call in waiting] == [*range(10)]


def test_a_call_that_kills_every_worker_is_given_up(own: Cluster, notes: Path) -> None:
    """Trainings that were waiting beside it are done. (A nanny starts a worker anew when it has died.)"""
    own.start_worker("--nanny")
    executor = cluster(own.address)
    scheduler = Scheduler(executor)
    experiments = [core.Experiment(training=core.Training(steps=200, film_every=100), seed=seed) for seed in range(3)]

    def over() -> bool:
        deadly = scheduler.ask("one", test_pool.die_always, str(notes))
        return all(each.finished for each in (deadly, *scheduler.watch("other", experiments)))

    wait_for(over, "the end")
    assert "WorkerDied" in scheduler.ask("one", test_pool.die_always, str(notes)).problem
    assert len(set(notes.read_text().split())) == 1 + RETRIES
    assert [work.problem for work in scheduler.watch("other", experiments)] == [""] * 3
    executor.shutdown()


@pytest.mark.parametrize("noticed", [False, True])
def test_the_scheduler_restarts(
    dask: Cluster, executor: ClusterExecutor, tmp_path: Path, caplog: pytest.LogCaptureFixture, noticed: bool
) -> None:
    """And its workers, which end with it. Calls under way are lost, later ones wait, and the executor goes on."""
    busy, sign, _ = occupy(executor, tmp_path)
    waiting = [(executor.submit(abs, -i), abs, -i) for i in range(10)]
    dask.stop(dask.scheduler)
    if noticed:
        wait_for(lambda: "has gone away" in caplog.text, "the executor to notice")
        waiting.append((executor.submit(abs, -10), abs, -10))
    sign.touch()
    dask.start_scheduler()
    dask.start_worker()
    dask.start_worker()
    assert again(executor, tmp_path, busy) == ["done", "done"]
    assert [insist(call, executor, *what) for call, *what in waiting] == [*range(len(waiting))]
    assert executor.submit(abs, -3).result(PATIENCE) == 3
    wait_for(lambda: executor.workers == 2, "both workers")


@pytest.mark.parametrize("blow", [signal.SIGKILL, signal.SIGSTOP], ids=["killed", "silent"])
def test_a_scheduler_that_stays_away_is_an_error(
    own: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, blow: signal.Signals
) -> None:
    """Calls under way are lost, later ones say why."""
    own.start_worker()
    patient = cluster(own.address)
    assert patient.submit(abs, -3).result(PATIENCE) == 3
    patient.shutdown()
    executor = ClusterExecutor(own.address, away=1)
    monkeypatch.setattr(link, "CONNECT", 1.0)
    busy, _, _ = occupy(executor, tmp_path)
    own.scheduler.send_signal(blow)
    for call in busy:
        with pytest.raises(WorkerDied, match="was away for a moment"):
            call.result(PATIENCE)
    with pytest.raises(ConnectionError, match=r"scheduler at .* has gone away"):
        insist(executor.submit(abs, -3), executor, abs, -3)
    executor.shutdown()


def test_a_silent_scheduler_counts_as_away(
    dask: Cluster, executor: ClusterExecutor, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """It may stand still with its connections open; when it goes on, so do the calls."""
    monkeypatch.setattr(link, "CONNECT", 1.0)
    os.kill(dask.scheduler.pid, signal.SIGSTOP)
    calls = [executor.submit(len, bytes(10**6)) for _ in range(10)]
    wait_for(lambda: "is silent" in caplog.text, "the executor to notice")
    last = executor.submit(len, b"")
    os.kill(dask.scheduler.pid, signal.SIGCONT)
    assert [insist(call, executor, len, bytes(10**6)) for call in calls] == [10**6] * 10
    assert insist(last, executor, len, b"") == 0


def test_workers_that_stay_away_are_an_error(own: Cluster) -> None:
    """Nobody waits for ever."""
    executor = ClusterExecutor(own.address, away=1)
    for call in (executor.submit(abs, -3), executor.submit(abs, -3)):
        with pytest.raises(WorkerDied, match="has no workers"):
            call.result(PATIENCE)
    executor.shutdown()
