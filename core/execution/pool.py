"""Where long computations run: a pool of processes, so that training never holds up the pages.

Workers are forked from a server process that has torch loaded (ready in hundredths of a second), use one thread each and
give way to the pages (nice 10). Each has a pipe of its own, and a thread on this side that hands it one call at a time.
Workers share nothing, so one that dies, even half-way through its answer, can't block another: its thread meets the end
of the pipe, says that the call is lost, and starts a new worker for the next one. Whoever asked may ask again: calls are pure
functions.
"""

import atexit
import os
import pickle
import threading
from collections.abc import Callable
from concurrent.futures import Executor, Future
from contextlib import suppress
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from queue import Empty, SimpleQueue
from typing import Any

from .worker import work

PRELOAD = [work.__module__]  # what the server imports before it forks

# Processes are started one at a time. At the program's end the lock is taken for good: what dies then is not replaced.
_starting = threading.Lock()
atexit.register(_starting.acquire, timeout=10)


class WorkerDied(RuntimeError):
    """A worker died under a call, or none could be started. The call can be asked for again."""


class ResilientPool(Executor):
    """An executor of processes that survives their death. They are started right away."""

    def __init__(self, workers: int, worker_mb: int = 0) -> None:
        self.workers = workers
        self.worker_mb = worker_mb  # that a worker may take for itself; 0: no limit
        self._lock = threading.Lock()
        self._closed = False
        self._calls: SimpleQueue[tuple[Future[Any], Any] | None] = SimpleQueue()  # None: no more will come
        self._workers = [_Worker(worker_mb) for _ in range(workers)]
        self._threads = [threading.Thread(target=self._serve, args=(worker,), daemon=True) for worker in self._workers]
        for thread in self._threads:
            thread.start()

    @property
    def restarts(self) -> int:
        """How many processes have been started in place of dead ones."""
        return sum(max(0, worker.started - 1) for worker in self._workers)

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> "Future[Any]":
        """Works like ``Executor.submit``; the call raises WorkerDied if its worker dies under it."""
        future: Future[Any] = Future()
        with self._lock:
            if self._closed:
                raise RuntimeError("the pool has been shut down")
            self._calls.put((future, (fn, args, kwargs)))
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Ends the workers, once they have done all that they were asked to or (``cancel_futures``) what they have begun."""
        with self._lock:
            self._closed = True
        with suppress(Empty):
            while cancel_futures:
                if waiting := self._calls.get_nowait():
                    waiting[0].cancel()
        for _ in self._threads:
            self._calls.put(None)
        for thread in self._threads if wait else ():
            thread.join()

    def _serve(self, worker: "_Worker") -> None:
        with suppress(Exception):  # the first call will meet the same trouble, and can report it
            worker.ready()
        while item := self._calls.get():
            future, call = item
            if future.set_running_or_notify_cancel():
                try:
                    future.set_result(worker.ask(call))
                except Exception as error:
                    future.set_exception(error)
            del item, future, call  # nothing is kept while this waits for the next
        worker.end()


class _Worker:
    """A process to ask, and another one in its place when it has died."""

    def __init__(self, megabytes: int) -> None:
        self.started = 0
        self._megabytes = megabytes
        self._pipe: Connection | None = None
        self._process: BaseProcess | None = None

    def ready(self) -> Connection:
        """Returns the pipe to a living process, which is started if need be."""
        if self._pipe and not self._pipe.poll():  # an idle worker says nothing: what could be read is the pipe's end
            return self._pipe
        with _starting:
            context = get_context("forkserver")
            context.set_forkserver_preload(PRELOAD)
            self._pipe, theirs = context.Pipe()
            with theirs:  # closed here once the worker has it: as nobody else holds it, it ends with the worker
                process = context.Process(target=work, args=(theirs, self._megabytes), daemon=True)
                process.start()
            self._process = process
            self.started += 1
        return self._pipe

    def ask(self, call: Any) -> Any:
        """Returns what the call returns, or raises what it raises."""
        message = pickle.dumps(call)
        good, value = self._answer(message)
        if not good and isinstance(value, MemoryError):
            self.end()  # earlier calls may have left too little: a new one has it all
            good, value = self._answer(message)
        if good:
            return value
        raise value

    def _answer(self, message: bytes) -> tuple[bool, Any]:
        """Returns what ``reply`` makes of the message. Raises WorkerDied."""
        try:
            pipe = self.ready()
            pipe.send_bytes(message)
            answer = pipe.recv_bytes()
        except Exception as error:
            if self._pipe:
                self._pipe.close()
            self._pipe = None
            raise WorkerDied(f"a worker process did not finish this call: {error!r}") from error
        result: tuple[bool, Any] = pickle.loads(answer)
        return result

    def end(self) -> None:
        """Lets the process go, and waits until it has gone."""
        if self._pipe and self._process:
            self._pipe.close()
            self._process.join()
            self._pipe = None


def default_workers() -> int:
    """Counts one per core of this machine, at least one."""
    return max(1, len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1)


def local_pool(workers: int | None = None, worker_mb: int = 0) -> ResilientPool:
    """Makes a pool that ends with this process. ``worker_mb``: MB that each worker may take for itself (0: any)."""
    pool = ResilientPool(workers or default_workers(), worker_mb)
    atexit.register(pool.shutdown, wait=False, cancel_futures=True)
    return pool
