"""Whose turn it is: students in turn, each with a few jobs at a time, and a queue behind them."""

import time
from collections import Counter
from collections.abc import Callable, Collection, Hashable

from .jobs import Job


class Turns:
    """Keeps the jobs that somebody waits for. Not safe by itself: the scheduler's lock guards it.

    runs: how many jobs take turns, 0: ``PER_WORKER`` for each worker; per_student: how many of one student. parked is told of
    each job that nobody waits for any more.
    """

    PER_WORKER = 24  # with pieces of a fifth of a second, each then moves on within 5 seconds

    def __init__(self, runs: int, per_student: int, parked: Callable[[Job], None]) -> None:
        self._runs = runs
        self._per_student = per_student
        self._parked = parked
        self._open: dict[Hashable, Job] = {}  # in the order of the queue
        self._served: dict[str, int] = {}  # student → when a worker last did something for them, as counted here
        self._clock = 0

    def want(self, student: str, key: Hashable, job: Job) -> None:
        """Notes that the student waits for a job."""
        if job.finished:
            return
        now = time.monotonic()
        if not job.waiting(now) and (old := self._open.pop(key, None)):  # it has been parked: to the end of the queue
            old.open = False
        self._open.setdefault(key, job).open = True
        job.watchers[student] = now

    def drop(self, student: str, kind: type[Job] = Job, but: Collection[Job] = ()) -> None:
        """Notes that the student waits for no job of this kind any more, but for those given."""
        for job in self._open.values():
            if isinstance(job, kind) and job not in but:
                job.watchers.pop(student, None)

    def forget(self, student: str) -> None:
        """Forgets a student who is gone."""
        self.drop(student)
        self._served.pop(student, None)

    def split(self, workers: int) -> tuple[list[Job], list[Job]]:
        """Returns those that take turns, and the queue behind them."""
        now = time.monotonic()
        active: list[Job] = []
        queue: list[Job] = []
        taken = Counter[str]()
        for key, job in list(self._open.items()):
            waiting = job.waiting(now)
            if job.finished or not (waiting or job.busy):
                del self._open[key]
                job.watchers.clear()
                job.open = False
                self._parked(job)
            elif waiting:
                room = len(active) < (self._runs or self.PER_WORKER * workers)
                if room and any(taken[student] < self._per_student for student in waiting):
                    active.append(job)
                    taken.update(waiting)
                else:
                    queue.append(job)
        return active, queue

    def next(self, workers: int, may_begin: Callable[[Job], bool]) -> Job | None:
        """Picks, of the student who has waited longest, the job that has waited longest, among those that may begin.

        It counts as served, and so do all whose turn it would have been as well. Who merely shares it keeps their own turn:
        otherwise many shared jobs could put off somebody's own one for ever.
        """
        now = time.monotonic()
        active, _ = self.split(workers)
        ready = [job for job in active if not job.busy and job.not_before <= now and may_begin(job)]
        longest: dict[str, Job] = {}  # student → the job of theirs that has waited longest
        for job in sorted(ready, key=lambda job: job.served):
            for student in job.waiting(now):
                longest.setdefault(student, job)
        if not longest:
            return None
        first = min(longest, key=lambda student: (self._served.get(student, -1), longest[student].served))
        job = longest[first]
        self._clock += 1
        job.served = self._clock
        self._served.update({student: self._clock for student, other in longest.items() if other is job})
        return job
