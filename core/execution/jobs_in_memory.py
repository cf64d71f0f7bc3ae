"""All jobs that are in memory: those that somebody waits for, and as many others as there is room for."""

from collections.abc import Callable, Collection, Hashable
from typing import TypeVar

from .jobs import Job

MEMORY = 512 * 2**20  # bytes of all jobs beyond which those that nobody waits for are forgotten
Kind = TypeVar("Kind", bound=Job)


class JobsInMemory:
    """Keeps jobs by key. Not safe by itself: the scheduler's lock guards it.

    most: how many; forgotten is told of each that goes. hits: how often somebody began to wait for what had been begun before.
    """

    def __init__(self, most: int, forgotten: Callable[[Job], None]) -> None:
        self.hits = 0
        self._most = most
        self._forgotten = forgotten
        self._jobs: dict[Hashable, Job] = {}  # that asked for longest ago first

    @property
    def jobs(self) -> Collection[Job]:
        """All jobs, that asked for longest ago first."""
        return self._jobs.values()

    def get(self, key: Hashable) -> Job | None:
        """Returns the job, if it is known."""
        return self._jobs.get(key)

    def adopt(self, key: Hashable, job: Kind, new: bool = False) -> Kind:
        """Returns the job that is known by this key; if there is none (any more), this one from now on. new: to whoever asks."""
        known = self._jobs[key] = self._jobs.pop(key, job)
        assert isinstance(known, type(job))
        if new and (known.watchers or known.served >= 0 or known.finished):
            self.hits += 1
        return known

    def drop(self, key: Hashable) -> None:
        """Forgets a job, whatever its state; one that is being worked on ends unseen."""
        self._jobs.pop(key, None)

    def make_room(self, asked: Collection[Job]) -> None:
        """Forgets those asked for longest ago, until the rest fits; but none that takes turns, and none of ``asked``."""
        size = sum(job.size for job in self._jobs.values())
        for key, job in list(self._jobs.items()):
            if len(self._jobs) <= self._most and size <= MEMORY:
                return
            if not (job.open or job.busy or job in asked):
                del self._jobs[key]
                size -= job.size
                self._forgotten(job)
