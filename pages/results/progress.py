"""How long it will take: progress, remaining time, place in the queue, in words under a bar."""

import math
from collections.abc import Sequence

import streamlit as st

from core.execution.jobs import Progress

OFTEN, SELDOM = 0.4, 4.0  # seconds between two looks at a training
SCRUB = "Drag the slider to see any moment again."


def progress_bar(work: Sequence[Progress], going: bool, after: str = SCRUB) -> None:
    """Draws one bar for all the trainings of a page; always there, so that nothing jumps when they begin or end.

    after: what to do then.
    """
    steps = [(training.run.step, training.run.experiment.training.steps) for training in work if not training.problem]
    done = sum(step for step, _ in steps) / max(1, sum(most for _, most in steps))
    st.progress(min(done, 1.0), text=expected(work) if going else rest(work, after))


def rest(work: Sequence[Progress], after: str = SCRUB) -> str:
    """Says what can be done when nothing goes on."""
    if all(training.finished for training in work):
        return f"Done. {after}"
    if any(training.run.step for training in work):
        return "Stopped. *Train* goes on from here."
    return "Not trained yet. *Train* starts it."


def expected(work: Sequence[Progress]) -> str:
    """Says what a visitor wants to know while it goes on."""
    ahead = [training for training in work if not training.finished]
    if not ahead:
        return "Done."
    place = min(training.place for training in ahead)
    if place:
        wait = min((training.wait for training in ahead if math.isfinite(training.wait)), default=math.nan)
        turn = f"; its turn comes in about {seconds(wait)}" if math.isfinite(wait) else ""
        return f"Many people train at the moment. Place {place} in the queue{turn}."
    left = max((training.remaining for training in ahead), default=math.nan)
    if not math.isfinite(left):
        return "Waiting for the first steps …"
    wait = min(training.wait for training in ahead)
    pace = f", moving on about every {seconds(wait)}" if wait > 1.5 else ""
    return f"About {seconds(left)} to go{pace}."


def seconds(number: float) -> str:
    """Says a duration as people do: "3 s", "2 min"."""
    return f"{max(1, round(number))} s" if number < 90 else f"{round(number / 60)} min"


def interval(work: Sequence[Progress], now: float | None = None) -> float | None:
    """Returns the seconds until it is worth while to look again; None when all is done. ``now`` is kept unless it is off by far.

    When many people train, each run moves on less often, and looking more often than that only takes the workers' time.
    """
    ahead = [training for training in work if not training.finished]
    if not ahead:
        return None
    wait = min((training.wait for training in ahead if math.isfinite(training.wait)), default=OFTEN)
    best = min(max(wait, OFTEN), SELDOM)
    return now if now and best / 2 <= now <= 2 * best else best
