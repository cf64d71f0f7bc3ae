"""A piece of a training: what travels to a worker and back, and nothing else.

A run's history (film, losses) grows with it and stays at home; a piece carries the weights, the optimiser's state and the newest
frame, and brings back what it added. Cutting a run into pieces, of whatever size and wherever they are worked on, does not
change a bit of it (see ``core.training.run``).
"""

import time
from dataclasses import replace

from ..training.run import Run, advance

LEAP = 32  # most steps between two looks at the clock


def bare(run: Run) -> Run:
    """Returns the run without its history, but for the newest frame, which tells ``advance`` what has been filmed."""
    return replace(run, film=run.film[-1:], loss=(), reach=())


def joined(before: Run, piece: Run) -> Run:
    """Brings ``before`` up to the state of a piece that started from it."""
    return replace(
        piece,
        film=before.film[:-1] + piece.film,  # the piece's first frame is the last that was there
        loss=before.loss + piece.loss,
        reach=before.reach + piece.reach,
    )


def size(run: Run) -> int:
    """Counts the bytes that it takes in memory, about."""
    arrays = sum(values.nbytes for values in (*run.parameters.values(), *run.optimiser.values()))
    frames = sum(2000 + shot.log_norm.nbytes + shot.probability.nbytes for shot in run.film[-1:]) * len(run.film)
    return arrays + frames + 64 * len(run.loss)


def work(run: Run, seconds: float) -> tuple[Run, float]:
    """Does as many steps as fit into ``seconds`` (at least one); returns the run, and the seconds that they took."""
    begin = now = time.monotonic()
    steps = 1
    while not run.done:
        before = now
        run = advance(run, steps)
        now = time.monotonic()
        room = (begin + seconds - now) * steps / max(now - before, 1e-9)  # in steps
        if room < 1:
            break
        steps = min(int(room), 2 * steps, LEAP)
    return run, now - begin
