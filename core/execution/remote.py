"""The worker's side of a cluster.

A call travels as a pickle that does its work when it is unpickled: Dask's scheduler looks into what it hands on as far as
“unpickle these bytes”, so it needs neither torch nor this code. Workers that start with

    dask worker … --preload core.execution.remote

take no calls before they are warm.
"""

import hashlib
import pickle
from collections.abc import Callable
from functools import cache
from typing import Any

from ..experiment.specs import Experiment, Training
from ..training.run import advance, start
from .edition import edition
from .threads import one_thread
from .worker import limit_memory, reply, settle_in

SHARE = 0.9  # of a Dask worker's memory limit; at .95 its nanny would kill it
LEAST = 64  # MB that a worker may take for itself, however low its limit is


class RemoteCall:
    """A call on its way: ``pickle.loads(pickle.dumps(RemoteCall(fn, args, kwargs)))`` is what ``run`` returns."""

    def __init__(self, fn: Callable[..., Any], args: Any, kwargs: Any) -> None:
        self.call = pickle.dumps((fn, args, kwargs))

    def __reduce__(self) -> Any:
        return run, (self.call, edition())


def run(call: bytes, wanted: str) -> tuple[bytes, str]:
    """Does a pickled call, and returns its answer as in the pool (``reply``) with this worker's ``digits``.

    Raises RuntimeError where this is not the wanted ``edition``, because the numbers might be others.
    """
    if edition() != wanted:
        raise RuntimeError(
            "a worker of the cluster has another version of this app, of NumPy or of torch than the app itself"
        )
    from distributed import get_worker

    _settle(get_worker())
    one_thread()  # torch counts per thread, and Dask may have several
    return reply(call), digits()


def dask_setup(worker: Any) -> None:
    """Warms the worker up. Dask calls this before the worker takes calls, if it was told to (``--preload``)."""
    _settle(worker)


@cache
def _settle(worker: Any) -> None:
    """Settles in as a worker of the pool does. Memory beyond its limit is a MemoryError of the call, not the worker's end."""
    settle_in()
    if limit := worker.memory_manager.memory_limit:
        limit_memory(max(LEAST, int(SHARE * limit - worker.monitor.get_process_memory()) // 2**20))


@cache
def digits() -> str:
    """Digests a small training. Other kinds of processors add in another order: theirs differs."""
    done = advance(start(Experiment(training=Training(steps=2, batch=16))), 2)
    return hashlib.sha256(b"".join(values.tobytes() for values in done.parameters.values())).hexdigest()
