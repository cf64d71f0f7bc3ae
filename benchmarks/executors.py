"""What a cluster costs: Dask with two workers on this machine beside the pool of two processes, in one run.

    PYTHONPATH=. python benchmarks/executors.py          (part of make bench)

Round trips take turns, so that a noisy moment hits both. A piece is .2 s of training, with the weights both ways; “busy” is the
share of two workers' time that is spent training when four trainings take turns, as the scheduler does it.
"""

import os
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Executor, wait
from contextlib import ExitStack
from pathlib import Path

from core import Experiment, France, Recurrent, Training, start
from core.execution.cluster import ClusterExecutor, cluster
from core.execution.pieces import bare, work
from core.execution.pool import ResilientPool

ROOT = Path(__file__).resolve().parent.parent
ROUNDS, PIECES = 200, 60
WIDTHS = (8, 128)


def main() -> None:
    """A table of milliseconds, and two shares."""
    with ExitStack() as ends:
        pool, far = ResilientPool(2), started(ends)
        ends.callback(pool.shutdown)
        runs = [start(Experiment(Recurrent("lstm", hidden=each), France(gap=5), Training())) for each in WIDTHS]
        calls = {"nothing": (abs, -1)}
        calls |= {f"weights of {each} units": (bare, run) for each, run in zip(WIDTHS, runs, strict=True)}
        print(f"{'round trip, ms':24s}{'pool':>8s}{'Dask':>8s}{'ratio':>8s}")
        for name, (fn, argument) in calls.items():
            rounds = [[trip(each, fn, argument) for each in (pool, far)] for _ in range(ROUNDS)][ROUNDS // 10 :]
            near, distant = (statistics.median(times) * 1e3 for times in zip(*rounds, strict=True))
            print(f"{name:24s}{near:8.2f}{distant:8.2f}{distant / near:8.1f}")
        shares = [busy(each) for each in (pool, far)]
        print(f"{'busy, of two workers':24s}{shares[0]:8.2f}{shares[1]:8.2f}{shares[1] / shares[0]:8.2f}")


def trip(executor: Executor, fn: Callable[..., object], argument: object) -> float:
    """Seconds from a call to its answer."""
    begin = time.perf_counter()
    executor.submit(fn, argument).result(60)
    return time.perf_counter() - begin


def busy(executor: Executor) -> float:
    """Seconds of training per second and worker: four trainings, a piece of each at a time."""
    experiments = [Experiment(training=Training(steps=5000), seed=seed) for seed in range(4)]
    waiting = {executor.submit(work, start(each), 0.2) for each in experiments}
    begin, trained = time.perf_counter(), 0.0
    for _ in range(PIECES):
        done, waiting = wait(waiting, return_when=FIRST_COMPLETED)
        for future in done:
            run, seconds = future.result()
            trained += seconds
            waiting.add(executor.submit(work, run, 0.2))
    taken = time.perf_counter() - begin
    wait(waiting)
    return trained / taken / 2


def started(ends: ExitStack) -> ClusterExecutor:
    """A Dask scheduler and two workers, ready when this returns."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"tcp://127.0.0.1:{free.getsockname()[1]}"
    folder = ends.enter_context(tempfile.TemporaryDirectory())
    port = address.rpartition(":")[2]
    dask("dask_scheduler", ends, "--host", "127.0.0.1", "--port", port, "--dashboard-address", "127.0.0.1:0")
    executor = ends.enter_context(cluster(address))
    place = ("--nthreads", "1", "--no-nanny", "--no-dashboard", "--local-directory", folder)
    for _ in range(2):
        dask("dask_worker", ends, address, *place)
    while executor.workers < 2:
        time.sleep(0.1)
    return executor


def dask(module: str, ends: ExitStack, *words: str) -> None:
    """A process of the cluster, which ends with this one."""
    settings = {"PYTHONPATH": str(ROOT), "DASK_DISTRIBUTED__WORKER__PRELOAD": "core.execution.remote"}
    process = subprocess.Popen(
        [sys.executable, "-m", f"distributed.cli.{module}", *words],
        env=os.environ | settings,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    ends.callback(process.wait)
    ends.callback(process.send_signal, signal.SIGKILL)


if __name__ == "__main__":
    main()
