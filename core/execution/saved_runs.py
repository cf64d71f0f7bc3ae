"""Runs in the store: which key a run has, and writing that makes nobody wait."""

import hashlib
import json
import platform
import threading
from contextlib import suppress
from functools import cache
from pathlib import Path

from ..experiment.specs import Experiment
from ..training.run import Run
from .codec import Corrupt, decode, encode
from .edition import edition
from .store import Store

MOST = 200  # runs that wait to be written; more only if the disk hangs
PATIENCE = 20.0  # seconds that the end of the program waits for the disk


@cache
def fingerprint() -> str:
    """Names what decides a run's bits besides its experiment: this code, the libraries, the kind of processor."""
    return " ".join([edition(), platform.machine(), _processor()])


def _processor() -> str:
    with suppress(OSError):
        lines = Path("/proc/cpuinfo").read_text().splitlines()
        return next((line for line in lines if line.startswith("model name")), "")
    return platform.processor()


def key_of(experiment: Experiment) -> str:
    """Makes the same key for equal experiments, on equal machines with equal code."""
    query = json.dumps(experiment.to_query(), sort_keys=True)
    return hashlib.sha256(f"{fingerprint()}\0{query}".encode()).hexdigest()


class SavedRuns:
    """Keeps runs in a store. ``keep`` returns at once; a thread of its own encodes and writes the newest state of each run."""

    def __init__(self, store: Store) -> None:
        self.hits = self.misses = 0
        self._store = store
        self._waiting: dict[Experiment, Run] = {}
        self._changed = threading.Condition()
        self._closed = False
        self._writer = threading.Thread(target=self._write, daemon=True, name="saved runs")
        self._writer.start()

    @property
    def errors(self) -> int:
        """Counts how often the disk did not play along."""
        return self._store.errors

    @property
    def size(self) -> int:
        """Counts the bytes on disk."""
        return self._store.size

    def find(self, experiment: Experiment) -> Run | None:
        """Returns the run as far as it is known; None if it is not."""
        with self._changed:
            if experiment in self._waiting:
                return self._waiting[experiment]
        data = self._store.get(key_of(experiment))
        run = None
        if data is not None:
            try:
                run = decode(data, experiment)
            except Corrupt as error:
                self._store.forget(key_of(experiment), str(error))
        with self._changed:
            self.hits += run is not None
            self.misses += run is None
        return run

    def keep(self, run: Run) -> None:
        """Has the run written soon, if the disk plays along."""
        with self._changed:
            if self._closed:
                return
            self._waiting[run.experiment] = run
            if len(self._waiting) > MOST:
                del self._waiting[next(iter(self._waiting))]
            self._changed.notify_all()

    def close(self) -> None:
        """Writes what is waiting, and ends."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        self._writer.join(PATIENCE)
        if not self._writer.is_alive():
            self._store.close()

    def _write(self) -> None:
        while True:
            with self._changed:
                while not self._waiting and not self._closed:
                    self._changed.wait()
                if not self._waiting:
                    return
                experiment, run = next(iter(self._waiting.items()))
            try:
                self._store.put(key_of(experiment), encode(run), run.step)
            except Exception as error:  # for one, no memory left: this one is not kept, others may be
                self._store.complain(repr(error))
            with self._changed:
                newest = self._waiting.pop(experiment, run)
                if newest is not run:  # to the end of the queue
                    self._waiting[experiment] = newest
