"""Which executor: processes on this machine, or a Dask cluster. Both survive dead workers and can be counted."""

from concurrent.futures import Executor, Future
from typing import Any, Protocol

from .limits import Limits
from .pool import local_pool


class Workers(Protocol):
    """What the scheduler needs of an executor."""

    @property
    def workers(self) -> int:
        """How many calls it works on at a time, at least 1."""

    @property
    def restarts(self) -> int:
        """How many workers have died so far."""

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> "Future[Any]":
        """Works as ``concurrent.futures.Executor.submit``."""

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Works as ``concurrent.futures.Executor.shutdown``."""


def open_executor(limits: Limits) -> Workers:
    """Opens the executor that the limits ask for. Raises OSError when the cluster's scheduler does not answer."""
    if limits.scheduler:
        from .cluster import cluster  # only where it is installed

        executor: Executor = cluster(limits.scheduler)
        return executor  # type: ignore[return-value]
    return local_pool(limits.workers or None, limits.worker_mb)
