"""How long it will take: trainings that share workers in turn, each on one worker at a time, with a queue behind them."""

import math
from collections.abc import Sequence
from heapq import heapify, heappop, heappush

from .jobs import TrainingJob

Forecast = dict[TrainingJob, tuple[int, float, float]]  # place, seconds until it moves on, seconds until it is done
UNKNOWN = (0, math.nan, math.nan)


def schedule(left: Sequence[float], workers: int, turns: int) -> list[tuple[float, float]]:
    """Returns (start, end) of each training in seconds from now, in the order of the queue.

    left: seconds of work that each still needs. The first ``turns`` share ``workers`` evenly (processor sharing); whenever one
    is done the next one in the queue takes its turn.
    """
    turns = max(1, turns)
    times = [(math.nan, math.nan)] * len(left)
    # (share of work by which it is done, which, start)
    active = [(work, i, 0.0) for i, work in enumerate(left[:turns])]
    heapify(active)
    queue, now, share = len(active), 0.0, 0.0  # share: work that each of those that take turns has got so far
    while active:
        rate = min(1.0, workers / len(active))
        end, i, start = heappop(active)
        now, share = now + (end - share) / rate, end
        times[i] = (start, now)
        if queue < len(left):
            heappush(active, (share + left[queue], queue, now))
            queue += 1
    return times


def forecast(active: Sequence[TrainingJob], queue: Sequence[TrainingJob], workers: int) -> Forecast:
    """Returns what to tell those who wait (see ``Progress``). What a new training needs is guessed from the others."""
    jobs = [*active, *queue]
    places = [max(0, i - len(active) + 1) for i in range(len(jobs))]
    known = [job.left for job in jobs if math.isfinite(job.left)]
    if not known:
        return {job: (place, math.nan, math.nan) for job, place in zip(jobs, places, strict=True)}
    left = [job.left if math.isfinite(job.left) else sum(known) / len(known) for job in jobs]
    cycle = sum(job.piece for job in active) / workers
    return {
        job: (place, begin + max(job.piece, cycle), end)
        for job, place, (begin, end) in zip(jobs, places, schedule(left, workers, len(active)), strict=True)
    }
