"""Where long computations run: a pool of processes, so that training never holds up the pages.

Workers are forked from a server process that has torch loaded (ready in hundredths of a second), use one thread each and
give way to the pages (nice 10). A worker that dies breaks the whole pool; the pool is then made anew and every piece of
work that was under way is simply asked for again, which is safe because pieces are pure functions.
"""

import atexit
import os
import threading
from collections.abc import Callable
from concurrent.futures import CancelledError, Executor, Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from typing import Any

import torch

from core.specs import Experiment, Training
from core.training import advance, start

RETRIES = 3


class ResilientPool(Executor):
    """A ``ProcessPoolExecutor`` that survives the death of its workers."""

    def __init__(self, workers: int) -> None:
        self._workers = workers
        self._lock = threading.Lock()
        self._pool = self._fresh()

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> "Future[Any]":
        """Like ``Executor.submit``; repeats the call up to ``RETRIES`` times if workers die under it."""
        outer: Future[Any] = Future()
        self._attempt(outer, RETRIES, fn, args, kwargs)
        return outer

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Ends the workers."""
        self._pool.shutdown(wait, cancel_futures=cancel_futures)

    def _fresh(self) -> ProcessPoolExecutor:
        context = get_context("forkserver")
        context.set_forkserver_preload(["core.execution"])
        return ProcessPoolExecutor(self._workers, context, initializer=_settle_in)

    def _attempt(self, outer: "Future[Any]", left: int, fn: Callable[..., Any], args: Any, kwargs: Any) -> None:
        pool = self._pool
        try:
            inner = pool.submit(fn, *args, **kwargs)
        except BrokenProcessPool as error:
            self._again(pool, outer, left, error, fn, args, kwargs)
            return
        except RuntimeError as error:  # shut down
            if left == RETRIES:
                raise
            _settle(outer, error)
            return

        def finished(future: "Future[Any]") -> None:
            error = CancelledError() if future.cancelled() else future.exception()
            if isinstance(error, BrokenProcessPool):
                self._again(pool, outer, left, error, fn, args, kwargs)
            else:
                _settle(outer, error, None if error else future.result())

        inner.add_done_callback(finished)

    def _again(
        self, broken: ProcessPoolExecutor, outer: "Future[Any]", left: int, error: Exception, *call: Any
    ) -> None:
        with self._lock:
            if self._pool is broken:
                self._pool = self._fresh()
        if left:
            self._attempt(outer, left - 1, *call)
        else:
            _settle(outer, error)


def _settle(outer: "Future[Any]", error: BaseException | None, result: Any = None) -> None:
    """Hands over what came out, unless nobody waits for it any more."""
    if isinstance(error, CancelledError):
        outer.cancel()
    if not outer.set_running_or_notify_cancel():
        return
    if error is not None:
        outer.set_exception(error)
    else:
        outer.set_result(result)


def _settle_in() -> None:
    """One thread, low priority, and one tiny training, because torch's first steps in a process take a second."""
    torch.set_num_threads(1)
    os.nice(10)
    advance(start(Experiment(training=Training(steps=2, batch=2))), 2)


def default_workers() -> int:
    """One per core of this machine, at least one."""
    return max(1, len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1)


def local_pool(workers: int | None = None) -> ResilientPool:
    """A pool on this machine that ends with the process; its workers are started right away."""
    workers = workers or default_workers()
    pool = ResilientPool(workers)
    atexit.register(pool.shutdown, wait=False, cancel_futures=True)
    for _ in range(workers):
        pool.submit(os.getpid)
    return pool
