"""The side of a worker process: it settles in, and answers calls until its pipe is closed."""

import os
import pickle
import resource
import signal
import sys
import traceback
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path

from ..experiment.specs import Experiment, Training
from ..training.run import advance, start
from .memory import keep_freed_memory
from .threads import one_thread

NO_MEMORY = pickle.dumps((False, MemoryError("the worker has no memory left")))


def work(pipe: Connection, megabytes: int) -> None:
    """Lives a worker's life: answers until the other end of its pipe is closed, or gone with the whole program."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is for the program; its workers end with it
    os.nice(10)
    settle_in()
    if megabytes:
        limit_memory(megabytes)
    with suppress(EOFError, OSError, MemoryError):
        while True:
            pipe.send_bytes(reply(pipe.recv_bytes()))


def reply(message: bytes) -> bytes:
    """Returns (True, what the pickled call (function, args, kwargs) returns) or (False, what it raises), pickled."""
    try:
        fn, args, kwargs = pickle.loads(message)
        return pickle.dumps((True, fn(*args, **kwargs)))
    except Exception as error:
        if isinstance(error, MemoryError) or "can't allocate memory" in str(error):  # NumPy's way, and torch's
            return NO_MEMORY  # nothing is left to say more
        where = traceback.format_exc()
        with suppress(Exception):
            error.add_note(where)
            answer = pickle.dumps((False, error))
            pickle.loads(answer)  # some exceptions can be written but not read again
            return answer
        return pickle.dumps((False, RuntimeError(f"the call raised an error that can not be sent on:\n{where}")))


def settle_in() -> None:
    """Takes one thread, keeps freed memory, and does one tiny training, because first steps take longer."""
    one_thread()
    keep_freed_memory()
    advance(start(Experiment(training=Training(steps=2, batch=2))), 2)


def limit_memory(megabytes: int) -> None:
    """Makes what goes beyond a MemoryError in this process instead of a machine that stands still. (Linux only.)"""
    if not sys.platform.startswith("linux"):
        return
    inherited = int(Path("/proc/self/statm").read_text().split()[5]) * resource.getpagesize()  # it was forked with that
    most = inherited + megabytes * 2**20
    resource.setrlimit(resource.RLIMIT_DATA, (most, most))
