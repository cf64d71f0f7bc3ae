"""How long it will take: progress, remaining time, place in the queue, in words under a bar."""

import math
from collections.abc import Sequence

import streamlit as st

from core.execution.jobs import Progress

OFTEN, SELDOM = 0.4, 4.0  # seconds between two looks at a training
SCRUB = "Drag the slider to see any moment again."


def outlook(work: Sequence[Progress], going: bool, after: str = SCRUB) -> None:
    """One bar for all the trainings of a page; always there, so that nothing jumps when they begin or end. after: what to do
    then."""
    steps = [(each.run.step, each.run.experiment.training.steps) for each in work if not each.problem]
    done = sum(step for step, _ in steps) / max(1, sum(most for _, most in steps))
    st.progress(min(done, 1.0), text=expected(work) if going else rest(work, after))


def rest(work: Sequence[Progress], after: str = SCRUB) -> str:
    """What can be done when nothing goes on."""
    if all(each.finished for each in work):
        return f"Done. {after}"
    if any(each.run.step for each in work):
        return "Stopped. *Train* goes on from here."
    return "Not trained yet. *Train* starts it."


def expected(work: Sequence[Progress]) -> str:
    """What a visitor wants to know while it goes on."""
    ahead = [each for each in work if not each.finished]
    if not ahead:
        return "Done."
    place = min(each.place for each in ahead)
    if place:
        wait = min((each.wait for each in ahead if math.isfinite(each.wait)), default=math.nan)
        turn = f"; its turn comes in about {seconds(wait)}" if math.isfinite(wait) else ""
        return f"Many people train at the moment. Place {place} in the queue{turn}."
    left = max((each.remaining for each in ahead), default=math.nan)
    if not math.isfinite(left):
        return "Waiting for the first steps …"
    wait = min(each.wait for each in ahead)
    pace = f", moving on about every {seconds(wait)}" if wait > 1.5 else ""
    return f"About {seconds(left)} to go{pace}."


def seconds(number: float) -> str:
    """A duration as people say it: "3 s", "2 min"."""
    return f"{max(1, round(number))} s" if number < 90 else f"{round(number / 60)} min"


def interval(work: Sequence[Progress], now: float | None = None) -> float | None:
    """Seconds until it is worth while to look again; None when all is done. ``now`` is kept unless it is off by far.

    When many people train, each run moves on less often, and looking more often than that only takes the workers' time.
    """
    ahead = [each for each in work if not each.finished]
    if not ahead:
        return None
    wait = min((each.wait for each in ahead if math.isfinite(each.wait)), default=OFTEN)
    best = min(max(wait, OFTEN), SELDOM)
    return now if now and best / 2 <= now <= 2 * best else best
