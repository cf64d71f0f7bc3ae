"""Trainings in the background: one job per experiment, however many people watch it.

A job asks the pool for one short piece at a time and hands each result to whoever looks. When nobody has looked for a few
seconds it stops asking; looking again goes on where it was.
"""

import logging
import threading
import time
from collections import OrderedDict
from concurrent.futures import Executor, Future

import streamlit as st

from core import Experiment, Run, advance, start
from core.execution.pool import local_pool

PIECE = 0.25  # seconds of work per piece
FIRST = 0.05  # of the first one, so that something is seen at once
PATIENCE = 5.0  # seconds without a look until a job is parked
REMEMBERED = 200  # jobs kept, finished or parked
LOG = logging.getLogger(__name__)


def advance_for(run: Run, seconds: float) -> Run:
    """As many steps as fit into ``seconds`` (at least a few); how many does not change the result."""
    end = time.monotonic() + seconds
    while not run.done:
        run = advance(run, 10)
        if time.monotonic() >= end:
            break
    return run


class Job:
    """One training: ``run`` is its newest state, ``problem`` a message if it can't go on."""

    def __init__(self, experiment: Experiment, pool: Executor) -> None:
        self.run = start(experiment)
        self.problem = ""
        self._pool = pool
        self._lock = threading.RLock()  # an answer may come, in the same thread, before the question is over
        self._asking = False
        self._looked = 0.0

    @property
    def finished(self) -> bool:
        """Nothing more will come: done, or can't go on."""
        return self.run.done or bool(self.problem)

    def look(self) -> Run:
        """The newest state; keeps the job going."""
        self._looked = time.monotonic()
        with self._lock:
            if not self._asking and not self.finished:
                self._asking = True
                self._ask()
        return self.run

    def _ask(self) -> None:
        try:
            future = self._pool.submit(advance_for, self.run, PIECE if self.run.film else FIRST)
        except Exception as error:  # for one, the pool has been shut down
            self._give_up(error)
        else:
            future.add_done_callback(self._came)

    def _came(self, future: "Future[Run]") -> None:
        with self._lock:
            try:
                self.run = future.result()
            except Exception as error:  # whatever a worker died of, the page says so instead of waiting for ever
                self._give_up(error)
            watched = time.monotonic() - self._looked < PATIENCE
            self._asking = watched and not self.finished
            if self._asking:
                self._ask()

    def _give_up(self, error: Exception) -> None:
        self.problem = f"The training could not go on ({type(error).__name__}). Press Train to try again."
        self._asking = False
        details = getattr(error, "__notes__", ())  # for one, where in the worker it happened
        LOG.warning("\n".join([f"A training could not go on: {error!r}", *details]))


class Jobs:
    """All jobs of this server, by experiment."""

    def __init__(self) -> None:
        self._pool = local_pool()
        self._lock = threading.Lock()
        self._jobs: OrderedDict[Experiment, Job] = OrderedDict()

    def job(self, experiment: Experiment) -> Job:
        """The job of an experiment, made if there is none."""
        with self._lock:
            found = self._jobs.pop(experiment, None)
            if found is None:
                found = Job(experiment, self._pool)
            self._jobs[experiment] = found
            while len(self._jobs) > REMEMBERED:
                self._jobs.popitem(last=False)
            return found

    def renew(self, experiment: Experiment) -> None:
        """Forgets a job that could not go on, so that it can be tried again."""
        with self._lock:
            if experiment in self._jobs and self._jobs[experiment].problem:
                del self._jobs[experiment]


@st.cache_resource(show_spinner=False)
def jobs() -> Jobs:
    """The one collection of this server; the first call starts the workers."""
    return Jobs()
