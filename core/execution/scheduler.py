"""Who gets a worker next: trainings of many students take turns, piece by piece, on any executor.

Equal experiments are one run, however many people watch it. A student waits for what he looks at: ``watch`` says so, and has
to be said again every few seconds. What nobody looks at is parked, in memory and on disk, and goes on from there when somebody
does. A piece that is lost is asked for again: it is a pure function, so nothing else happens.
"""

import logging
import math
import threading
import time
from collections import Counter, OrderedDict
from collections.abc import Callable, Hashable, Sequence
from concurrent.futures import BrokenExecutor, CancelledError, Future
from functools import partial
from typing import Any

from core.execution.executors import Workers
from core.execution.forecast import forecast
from core.execution.jobs import PIECE, Answer, CallJob, Job, Progress, TrainingJob
from core.execution.pool import WorkerDied
from core.execution.shelf import Shelf
from core.execution.turns import Turns
from core.fields import SpecError
from core.specs import Experiment
from core.training import start

RETRIES = 3  # times that a piece is asked for again when what works on it is lost
SAVE_AFTER = 10.0  # seconds until a training under way is saved again
FRESH = 0.25  # seconds that a forecast is good for
_LOST = (WorkerDied, BrokenExecutor, CancelledError, OSError, TimeoutError)  # the worker's fault, not the call's
LOG = logging.getLogger(__name__)


class Scheduler:
    """runs: how many trainings take turns, per_student: of one student (others queue); kept: how many are kept in memory.

    on_piece is told the seconds of every piece. Safe to use from any thread; no method waits for a worker.
    """

    def __init__(
        self,
        executor: Workers,
        shelf: Shelf | None = None,
        *,
        runs: int = 0,
        per_student: int = 8,
        kept: int = 200,
        on_piece: Callable[[float], None] | None = None,
    ) -> None:
        self._executor = executor
        self._shelf = shelf
        self._kept = kept
        self._turns = Turns(runs, per_student, self._save)
        self._on_piece = on_piece
        self._lock = threading.RLock()  # an answer may come, in the same thread, before the question is over
        self._jobs: OrderedDict[Hashable, Job] = (
            OrderedDict()
        )  # all that are known, the one asked for longest ago first
        self._in_flight: list[Job] = []
        self._dispatching = self._closed = False
        self._counts: Counter[str] = Counter()
        self._forecast: tuple[float, dict[Job, tuple[int, float, float]]] = (-math.inf, {})

    # --- what pages ask

    def watch(self, student: str, experiments: Sequence[Experiment]) -> list[Progress]:
        """Says that the student waits for these trainings and no others, and how far they are."""
        jobs = [self._training(each) for each in experiments]
        with self._lock:
            self._turns.drop(student, TrainingJob, but=jobs)
            for experiment, job in zip(experiments, jobs, strict=True):
                self._turns.want(student, experiment, job)
            self._dispatch()
            return [self._progress(job) for job in jobs]

    def seen(self, experiment: Experiment) -> Progress:
        """How far a training is; asks for nothing."""
        job = self._training(experiment)
        with self._lock:
            return self._progress(job)

    def ask(self, student: str, fn: Callable[..., Any], *args: Hashable) -> Answer:
        """Says that the student waits for ``fn(*args)``, a pure function that can be pickled, and what has come of it."""
        with self._lock:
            key = (fn, *args)
            job = self._known(key)
            if job is None:
                job = self._remember(key, CallJob(fn, args))
            else:
                self._counts["memory_hits_total"] += 1
            assert isinstance(job, CallJob)
            self._turns.want(student, key, job)
            self._dispatch()
            return Answer(job.value, job.problem, job.finished, time.monotonic() - job.since)

    def leave(self, student: str) -> None:
        """The student waits for nothing any more."""
        with self._lock:
            self._turns.forget(student)

    def renew(self, key: Hashable) -> None:
        """Forgets what could not go on, so that it can be tried again. key: the experiment, or (function, *arguments)."""
        with self._lock:
            if (job := self._jobs.get(key)) and job.problem:
                job.problem, job.failures = "", 0

    def counts(self) -> dict[str, float]:
        """What is going on and what has happened so far, by name; names that end with ``_total`` only grow."""
        with self._lock:
            now = time.monotonic()
            active, queue = self._turns.split(self._executor.workers)
            trainings = [job for job in self._jobs.values() if isinstance(job, TrainingJob)]
            waiting = {student for job in (*active, *queue) for student in job.waiting(now)}
            parked = [job for job in trainings if not job.finished and job.run.step and not job.waiting(now)]
            found: dict[str, float] = dict.fromkeys(_COUNTED, 0.0) | dict(self._counts)
        found |= {"students": len(waiting), "runs_active": len(active), "runs_waiting": len(queue)}
        found |= {"runs_parked": len(parked), "workers": self._executor.workers}
        found |= {"worker_restarts_total": self._executor.restarts}
        if self._shelf:
            found |= {"store_hits_total": self._shelf.hits, "store_misses_total": self._shelf.misses}
            found |= {"store_errors_total": self._shelf.errors, "store_bytes": self._shelf.size}
        return found

    def close(self) -> None:
        """Takes no more work, saves what there is, and ends the workers."""
        with self._lock:
            self._closed = True
            for job in self._jobs.values():
                self._save(job)
        if self._shelf:
            self._shelf.close()
        self._executor.shutdown(wait=False, cancel_futures=True)

    # --- jobs

    def _training(self, experiment: Experiment) -> TrainingJob:
        with self._lock:
            if job := self._known(experiment):
                assert isinstance(job, TrainingJob)
                self._counts["memory_hits_total"] += 1
                return job
        run = self._shelf.find(experiment) if self._shelf else None
        fresh = TrainingJob(run or start(experiment), run.step if run else 0)
        with self._lock:  # somebody else may have been quicker
            job = self._known(experiment) or self._remember(experiment, fresh)
            assert isinstance(job, TrainingJob)
            return job

    def _known(self, key: Hashable) -> Job | None:
        if key in self._jobs:
            self._jobs.move_to_end(key)
        return self._jobs.get(key)

    def _remember(self, key: Hashable, job: Job) -> Job:
        self._jobs[key] = job
        spare = [old for old in self._jobs if old not in self._turns and not self._jobs[old].busy and old != key]
        for old in spare[: max(0, len(self._jobs) - self._kept)]:
            self._save(self._jobs.pop(old))
        return job

    def _save(self, job: Job) -> None:
        if isinstance(job, TrainingJob) and self._shelf and job.run.step > job.saved:
            job.saved, job.saved_at = job.run.step, time.monotonic()
            self._shelf.keep(job.run)

    # --- turns

    def _next(self) -> Job | None:
        """What a worker is to do next, if there is one to do it: one job under way and one at hand for each."""
        workers = self._executor.workers
        if self._closed or len(self._in_flight) >= 2 * workers:
            return None
        long = sum(job.long for job in self._in_flight) < max(1, workers - 1)  # leaves a worker to the trainings
        return self._turns.next(workers, long)

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
                before = job.run.step if isinstance(job, TrainingJob) else 0
                seconds = job.take(future.result())
            except (Exception, CancelledError) as error:
                self._failed(job, error)
            else:
                job.failures = 0
                self._counts["pieces_total" if isinstance(job, TrainingJob) else "answers_total"] += 1
                if isinstance(job, TrainingJob):
                    self._counts["steps_total"] += job.run.step - before
                    idle = not job.waiting(time.monotonic())
                    if job.run.done or idle or time.monotonic() - job.saved_at > SAVE_AFTER:
                        self._save(job)
                if self._on_piece:
                    self._on_piece(seconds)
            self._dispatch()

    def _failed(self, job: Job, error: BaseException) -> None:
        self._counts["pieces_failed_total"] += 1
        job.failures += 1
        if isinstance(error, _LOST) and not isinstance(error, MemoryError) and job.failures <= RETRIES:
            job.not_before = time.monotonic() + 0.2 * 2**job.failures
            return
        job.problem = _said(error)
        notes = getattr(error, "__notes__", ())  # for one, where in the worker it happened
        if not isinstance(error, SpecError):
            LOG.warning("\n".join([f"Could not go on: {error!r}", *notes]))

    def _progress(self, job: TrainingJob) -> Progress:
        if job.finished or not job.watchers:
            return Progress(job.run, job.problem)
        now = time.monotonic()
        if now - self._forecast[0] > FRESH:
            self._forecast = now, self._look_ahead()
        place, wait, remaining = self._forecast[1].get(job, (0, math.nan, math.nan))
        return Progress(job.run, "", place, wait, remaining)

    def _look_ahead(self) -> dict[Job, tuple[int, float, float]]:
        """Place, seconds until it moves and seconds until it is done, of every training that somebody waits for."""
        active, queue = self._turns.split(self._executor.workers)
        jobs = [job for job in (*active, *queue) if isinstance(job, TrainingJob)]
        known = [job.left for job in jobs if math.isfinite(job.left)]
        if not known:
            return {job: (max(0, i - len(active) + 1), math.nan, math.nan) for i, job in enumerate(jobs)}
        workers = self._executor.workers
        left = [job.left if math.isfinite(job.left) else sum(known) / len(known) for job in jobs]
        ahead = forecast(left, workers, len(active))
        cycle = max(1.0, len(active) / workers) * PIECE
        return {
            job: (max(0, i - len(active) + 1), start + cycle, end)
            for i, (job, (start, end)) in enumerate(zip(jobs, ahead, strict=True))
        }


_COUNTED = (
    *("pieces_total", "pieces_failed_total", "steps_total", "answers_total", "memory_hits_total"),
    *("store_hits_total", "store_misses_total", "store_errors_total", "store_bytes"),
)


def _said(error: BaseException) -> str:
    """What a page says of a failure."""
    if isinstance(error, SpecError):
        return f"{error}."
    if isinstance(error, MemoryError):
        return "This needs more memory than a worker of this server may take: choose fewer units, steps or examples."
    return f"It could not go on ({type(error).__name__}). Press the button to try again."
