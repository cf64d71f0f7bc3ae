"""The workers of a Dask cluster, behind the same interface as the pool of processes on this machine.

Every call is a coroutine in a thread of its own. If its worker dies or the connection is lost, it says so; whoever asked may ask
again, because calls are pure functions.
"""

import asyncio
import atexit
import logging
import pickle
import threading
from collections.abc import Callable
from concurrent.futures import CancelledError, Executor, Future
from contextlib import suppress
from typing import Any

from .link import CONNECT, KilledWorker, Link
from .pool import WorkerDied
from .remote import RemoteCall, digits

AWAY = 60.0  # seconds that calls wait for a scheduler, or for a first worker, to come back
LOG = logging.getLogger(__name__)


class ClusterExecutor(Executor):
    """Has the workers of the cluster whose scheduler is at ``address``. Raises ConnectionError where there is none."""

    def __init__(self, address: str, away: float = AWAY) -> None:
        self._link = Link(address, away)
        self._digits = {digits()}
        self._lock = threading.Lock()
        self._closed = False
        self._open: set[Future[Any]] = set()
        self._ready: Future[None] = Future()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._live()), name="cluster", daemon=True)
        self._thread.start()
        if trouble := self._ready.exception():
            self._thread.join()
            raise trouble
        atexit.register(self._at_exit)

    @property
    def workers(self) -> int:
        """How many calls the cluster works on at a time, at least 1; counted once a second."""
        return max(1, sum(self._link.threads.values()))

    @property
    def restarts(self) -> int:
        """How many workers have gone away so far."""
        return self._link.lost

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> "Future[Any]":
        """Works like ``Executor.submit``. A call can be cancelled until it is done; one that has begun then ends unheard."""
        with self._lock:
            if self._closed:
                raise RuntimeError("the connection to the cluster has been shut down")
            future = asyncio.run_coroutine_threadsafe(self._call(fn, args, kwargs), self._loop)
            self._open.add(future)
        future.add_done_callback(self._open.discard)
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Leaves the cluster, which goes on, once all calls are done or (``cancel_futures``) cancelled."""
        with self._lock:
            self._closed = True
        for future in list(self._open) if cancel_futures else ():
            future.cancel()
        with suppress(RuntimeError):  # it has ended before
            self._loop.call_soon_threadsafe(self._ending.set)
        if wait and threading.current_thread() is not self._thread:
            self._thread.join()

    def _at_exit(self) -> None:
        self.shutdown(wait=False, cancel_futures=True)
        self._thread.join(CONNECT)

    async def _live(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._ending = asyncio.Event()
        try:
            await self._link.open()
        except Exception as error:
            self._ready.set_exception(error)
            return
        self._ready.set_result(None)
        await self._ending.wait()
        await asyncio.gather(*map(asyncio.wrap_future, list(self._open)), return_exceptions=True)
        await self._link.close()
        atexit.unregister(self._at_exit)

    async def _call(self, fn: Callable[..., Any], args: Any, kwargs: Any) -> Any:
        """Returns what the call returns, or raises what it raises."""
        message = pickle.dumps(RemoteCall(fn, args, kwargs))
        try:
            answer, digits = await self._link.ask(message)
        except KilledWorker as error:
            raise WorkerDied("a worker of the cluster did not finish this call") from error
        except ConnectionError:
            raise
        except (CancelledError, OSError) as error:
            why = "has no workers" if self._link.deserted else "was away for a moment"
            raise WorkerDied(f"the Dask scheduler at {self._link.address} {why}") from error
        except ModuleNotFoundError as error:
            error.add_note("A worker of the cluster does not find this app's code: PYTHONPATH is for that.")
            raise
        if digits not in self._digits:
            self._digits.add(digits)
            LOG.warning(
                "A worker of the cluster has another kind of processor: the last digits of its results may differ."
            )
        good, value = pickle.loads(answer)
        if good:
            return value
        raise value


def cluster(address: str) -> ClusterExecutor:
    """Returns the workers of the Dask scheduler at ``address``, such as tcp://10.0.0.5:8786."""
    return ClusterExecutor(address)
