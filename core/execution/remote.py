"""The worker's side of a cluster.

A call travels as a pickle that does its work when it is unpickled: Dask's scheduler looks into what it hands on as far as
“unpickle these bytes”, so it needs neither torch nor this code. Workers that start with

    dask worker … --preload core.execution.remote

take no calls before they are warm.
"""

import hashlib
import pickle
import platform
from collections.abc import Callable
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

import core

from ..experiment.specs import Experiment, Training
from ..training.run import advance, start
from .pool import limit_memory, reply, settle_in
from .threads import one_thread

SHARE = 0.9  # of a Dask worker's memory limit; at .95 its nanny would kill it
LEAST = 64  # MB that a worker may take for itself, however low its limit is


class Errand:
    """A call on its way: ``pickle.loads(pickle.dumps(Errand(fn, args, kwargs)))`` is what ``run`` returns."""

    def __init__(self, fn: Callable[..., Any], args: Any, kwargs: Any) -> None:
        self.call = pickle.dumps((fn, args, kwargs))

    def __reduce__(self) -> Any:
        return run, (self.call, edition())


def run(call: bytes, wanted: str) -> tuple[bytes, str]:
    """Does a pickled call; its answer as in the pool (``reply``), and this worker's ``digits``.

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
    """What Dask runs before the worker takes calls, if it was told to (``--preload``)."""
    _settle(worker)


@cache
def _settle(worker: Any) -> None:
    """As a worker of the pool does; memory beyond the worker's limit is a MemoryError of the call, not the worker's end."""
    settle_in()
    if limit := worker.memory_manager.memory_limit:
        limit_memory(max(LEAST, int(SHARE * limit - worker.monitor.get_process_memory()) // 2**20))


@cache
def edition(folder: Path = Path(core.__file__).parent) -> str:
    """A digest of all that decides what a call means: the code in the folder, and the versions that it runs with."""
    found = hashlib.sha256(repr((platform.python_version_tuple()[:2], *map(version, ("numpy", "torch")))).encode())
    for path in sorted(folder.rglob("*.py")):
        found.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes())
    return found.hexdigest()


@cache
def digits() -> str:
    """A digest of a small training. Other kinds of processors add in another order: theirs differs."""
    done = advance(start(Experiment(training=Training(steps=2, batch=16))), 2)
    return hashlib.sha256(b"".join(values.tobytes() for values in done.parameters.values())).hexdigest()
