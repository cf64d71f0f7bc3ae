"""Who gets a worker next: trainings of many students take turns, piece by piece, on any executor.

Equal experiments are one run, however many people watch it. A student waits for what they look at: ``watch`` says so, and has
to be said again every few seconds. What nobody looks at is parked, in memory and on disk, and goes on from there when somebody
does. A piece that is lost is asked for again: it is a pure function, so nothing else happens. Executors ask once; all asking
again is done here, one lost piece at a time, so that one that kills its workers takes no other with it for long.
"""

import logging
import math
import threading
import time
from collections import Counter
from collections.abc import Callable, Hashable, Sequence
from concurrent.futures import BrokenExecutor, CancelledError, Future
from functools import partial
from typing import Any

from ..experiment.specs import Experiment
from ..fields import SpecError
from ..training.run import start
from .executors import Workers
from .forecast import UNKNOWN, Forecast, forecast
from .jobs import Answer, Call, CallJob, Job, Progress, SeriesJob, TrainingJob
from .jobs_in_memory import JobsInMemory
from .pool import WorkerDied
from .saved_runs import SavedRuns
from .turns import Turns

RETRIES = 3  # times that a piece is asked for again when what works on it is lost
SAVE_AFTER = 10.0  # seconds until a training under way is saved again
FRESH = 0.25  # seconds that a forecast is good for
_WORKERS_FAULT = (WorkerDied, BrokenExecutor, CancelledError, OSError, TimeoutError)
LOG = logging.getLogger(__name__)


class Scheduler:
    """runs: how many trainings take turns, per_student: of one student (others queue); kept: how many are kept in memory.

    on_piece is told the seconds of every piece. Safe to use from any thread; no method waits for a worker.
    """

    def __init__(
        self,
        executor: Workers,
        saved_runs: SavedRuns | None = None,
        *,
        runs: int = 0,
        per_student: int = 8,
        kept: int = 200,
        on_piece: Callable[[float], None] | None = None,
    ) -> None:
        self._executor = executor
        self._saved_runs = saved_runs
        self._turns = Turns(runs, per_student, self._save)
        self._on_piece = on_piece
        self._lock = threading.RLock()  # an answer may come, in the same thread, before the question is over
        self._memory = JobsInMemory(kept, self._save)
        self._wishes: dict[str, tuple[Experiment, ...]] = {}  # student → what they watch
        self._in_flight: list[Job] = []
        self._dispatching = self._closed = False
        self._counts: Counter[str] = Counter()
        self._forecast: tuple[float, int, Forecast] = (-math.inf, 0, {})  # when, after how many pieces, what

    # --- what pages ask

    def watch(self, student: str, experiments: Sequence[Experiment]) -> list[Progress]:
        """Says that the student waits for these trainings and no others, and how far they are."""
        known = [
            self._training(experiment) for experiment in experiments
        ]  # before the lock is taken: it may read the disk
        with self._lock:
            before = self._wishes.pop(student, ())
            jobs = [self._memory.adopt(e, job, e not in before) for e, job in zip(experiments, known, strict=True)]
            if jobs:
                self._wishes[student] = tuple(experiments)
            self._turns.drop(student, TrainingJob, but=jobs)
            for experiment, job in zip(experiments, jobs, strict=True):
                self._turns.want(student, experiment, job)
            self._memory.make_room(jobs)
            self._dispatch()
            return [self._progress(job) for job in jobs]

    def seen(self, experiment: Experiment) -> Progress:
        """Says how far a training is; asks for nothing."""
        known = self._training(experiment)
        with self._lock:
            job = self._memory.adopt(experiment, known)
            self._memory.make_room([job])
            return self._progress(job)

    def ask(self, student: str, fn: Callable[..., Any], *args: Hashable) -> Answer:
        """Says that the student waits for ``fn(*args)``, a pure function that can be pickled, and what has come of it."""
        key = (fn, *args)
        with self._lock:
            job = self._memory.adopt(key, CallJob((fn, args)))
            self._turns.want(student, key, job)
            self._memory.make_room([job])
            self._dispatch()
            return _answer(job)

    def ask_series(self, student: str, wanted: Sequence[tuple[Call, ...]]) -> list[Answer]:
        """Says that the student waits for these series of calls and for no others, and what has come of each.

        The calls of a series are made one after the other. What they do not ask for any more is given up after the one under way.
        """
        with self._lock:
            jobs = [self._memory.adopt(calls, SeriesJob(*calls)) for calls in wanted]
            self._turns.drop(student, SeriesJob, but=jobs)
            for calls, job in zip(wanted, jobs, strict=True):
                self._turns.want(student, calls, job)
            self._memory.make_room(jobs)
            self._dispatch()
            return [_answer(job) for job in jobs]

    def known(self, fn: Callable[..., Any], *args: Hashable) -> Answer | None:
        """Returns what is known of ``fn(*args)``; None if nobody has asked for it. Asks for nothing."""
        with self._lock:
            job = self._memory.get((fn, *args))
            if not isinstance(job, CallJob):
                return None
            return _answer(job)

    def leave(self, student: str) -> None:
        """Notes that the student waits for nothing any more."""
        with self._lock:
            self._turns.forget(student)
            self._wishes.pop(student, None)
            self._dispatch()  # for those who waited behind them

    def renew(self, key: Hashable) -> None:
        """Forgets what could not go on, so that it can be tried again.

        key: the experiment, (function, *arguments), or a series' calls.
        """
        with self._lock:
            if (job := self._memory.get(key)) and job.problem:
                job.problem, job.failures = "", 0

    def forget(self, fn: Callable[..., Any], *args: Hashable) -> None:
        """Forgets ``fn(*args)`` at once, arguments and answer: what somebody has brought along is nobody else's business."""
        with self._lock:
            self._memory.drop((fn, *args))

    def counts(self) -> dict[str, float]:
        """Counts what is going on and what has happened so far, by name; names that end with ``_total`` only grow."""
        with self._lock:
            now = time.monotonic()
            active, queue = self._split()
            trainings = [job for job in self._memory.jobs if isinstance(job, TrainingJob)]
            waiting = {student for job in (*active, *queue) for student in job.waiting(now)}
            parked = [job for job in trainings if not job.finished and job.run.step and not job.waiting(now)]
            counts = dict.fromkeys(_COUNTED, 0.0) | dict(self._counts) | {"memory_hits_total": self._memory.hits}
        counts |= {"students": len(waiting), "runs_active": len(active), "runs_waiting": len(queue)}
        counts |= {"runs_parked": len(parked), "workers": self._executor.workers}
        counts |= {"worker_restarts_total": self._executor.restarts}
        if self._saved_runs:
            counts |= {"store_hits_total": self._saved_runs.hits, "store_misses_total": self._saved_runs.misses}
            counts |= {"store_errors_total": self._saved_runs.errors, "store_bytes": self._saved_runs.size}
        return counts

    def close(self) -> None:
        """Takes no more work, saves what there is, and ends the workers."""
        with self._lock:
            self._closed = True
            for job in self._memory.jobs:
                self._save(job)
        if self._saved_runs:
            self._saved_runs.close()
        self._executor.shutdown(wait=False, cancel_futures=True)

    # --- jobs

    def _training(self, experiment: Experiment) -> TrainingJob:
        """Returns the training as it is known in memory, on disk, or not at all."""
        with self._lock:
            job = self._memory.get(experiment)
        if isinstance(job, TrainingJob):
            return job
        run = self._saved_runs.find(experiment) if self._saved_runs else None
        return TrainingJob(run or start(experiment), run.step if run else 0)

    def _save(self, job: Job) -> None:
        if isinstance(job, TrainingJob) and self._saved_runs and job.run.step > job.saved:
            job.saved, job.saved_at = job.run.step, time.monotonic()
            self._saved_runs.keep(job.run)

    # --- turns

    def _next(self) -> Job | None:
        """Picks what a worker is to do next, if one is free: each has one job under way and one at hand."""
        workers = self._executor.workers
        if self._closed or len(self._in_flight) >= 2 * workers:
            return None
        long = sum(job.long for job in self._in_flight) < max(1, workers - 1)  # leaves a worker to the trainings
        lost = any(job.failures for job in self._in_flight)  # one that kills its worker would take others along, again
        return self._turns.next(workers, lambda job: (long or not job.long) and not (lost and job.failures))

    def _dispatch(self) -> None:
        if self._dispatching:  # further up in this thread: it goes on there
            return
        self._dispatching = True
        try:
            while job := self._next():
                job.busy = True
                self._in_flight.append(job)
                self._submit(job)
        finally:
            self._dispatching = False

    def _submit(self, job: Job) -> None:
        fn, args = job.call()
        try:
            future = self._executor.submit(fn, *args)
        except Exception as error:  # for one, the executor has been shut down
            self._in_flight.remove(job)
            job.busy = False
            self._failed(job, error)
        else:
            future.add_done_callback(partial(self._came, job))

    def _came(self, job: Job, future: "Future[Any]") -> None:
        with self._lock:
            self._in_flight.remove(job)
            job.busy = False
            if self._closed:
                return
            try:
                before, seconds = job.run.step if isinstance(job, TrainingJob) else 0, job.take(future.result())
            except BaseException as error:  # whatever an executor calls it
                self._failed(job, error)
                seconds = math.nan
            else:
                self._took(job, before)
            self._dispatch()
        if self._on_piece and math.isfinite(seconds):
            self._on_piece(seconds)  # outside the lock: it may have one of its own

    def _took(self, job: Job, before: int) -> None:
        job.failures = 0
        if not isinstance(job, TrainingJob):
            self._counts["answers_total"] += job.finished
            return
        self._counts["pieces_total"] += 1
        self._counts["steps_total"] += job.run.step - before
        if job.run.done or time.monotonic() - job.saved_at > SAVE_AFTER:  # or when it is parked: see Turns
            self._save(job)

    def _failed(self, job: Job, error: BaseException) -> None:
        self._counts["pieces_failed_total"] += 1
        job.failures += 1
        if (
            isinstance(error, _WORKERS_FAULT) and job.failures <= RETRIES
        ):  # whoever waits for it looks again, and wakes it
            job.not_before = time.monotonic() + 0.2 * 2**job.failures
            return
        job.problem = _said(error)
        notes = getattr(error, "__notes__", ())  # for one, where in the worker it happened
        if not isinstance(error, SpecError):
            LOG.warning("\n".join([f"Could not go on: {error!r}", *notes]))

    def _progress(self, job: TrainingJob) -> Progress:
        now = time.monotonic()
        if job.finished or not job.waiting(now):
            return Progress(job.run, job.problem)
        made, pieces, known = self._forecast
        news = self._counts["pieces_total"] != pieces and math.isnan(known.get(job, UNKNOWN)[-1])
        if now - made > FRESH or job not in known or news:  # hundreds may be unknown: not once for each of them
            known = self._look_ahead()
            self._forecast = now, self._counts["pieces_total"], known
        return Progress(job.run, "", *known.get(job, UNKNOWN))

    def _look_ahead(self) -> Forecast:
        active, queue = ([job for job in jobs if isinstance(job, TrainingJob)] for jobs in self._split())
        return forecast(active, queue, max(1, self._executor.workers - sum(job.long for job in self._in_flight)))

    def _split(self) -> tuple[list[Job], list[Job]]:
        return self._turns.split(self._executor.workers)


_COUNTED = (
    *("pieces_total", "pieces_failed_total", "steps_total", "answers_total", "memory_hits_total"),
    *("store_hits_total", "store_misses_total", "store_errors_total", "store_bytes"),
)


def _answer(job: CallJob) -> Answer:
    return Answer(job.value, job.problem, job.finished, time.monotonic() - job.began)


def _said(error: BaseException) -> str:
    """Says what a page says of a failure."""
    if isinstance(error, SpecError):
        return f"{error}."
    if isinstance(error, MemoryError):
        return "This needs more memory than a worker of this server may take: choose fewer units, steps or examples."
    return f"It could not go on ({type(error).__name__}). Press the button to try again."
