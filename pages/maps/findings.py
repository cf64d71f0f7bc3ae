"""What is known of a map so far: readings a row at a time and trainings a cell at a time, from the scheduler that all share.

Whatever has come is kept for the visit, so that looking again asks only for what is missing.
"""

import math
import time
from collections import OrderedDict
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field

import streamlit as st

from core import Experiment
from core.execution.jobs import Progress
from core.maps.surveys import Reading, read_row, untrained
from core.maps.sweeps import Sweep
from pages.results.jobs import jobs, student
from pages.results.progress import OFTEN, interval

KEPT = 12  # maps whose numbers are kept for a visit
LATELY, WHILE = 20.0, 3.0  # seconds that a pace is taken from, at most and at least
GOLDEN = 0.618034  # steps of this size around a circle never come near an old place soon: partial maps show all of it

Place = tuple[int, int]  # column, row


@dataclass(frozen=True)
class Outcome:
    """A training so far: accuracy (NaN: not looked at yet), steps, whether it is over, and why it ended early."""

    accuracy: float
    step: int
    done: bool
    trouble: str = ""


@dataclass
class Findings:
    """Of one sweep. readings: row → its readings; outcomes: cells that have been begun; problems: what could not be done."""

    readings: dict[int, tuple[Reading | None, ...]] = field(default_factory=dict)
    outcomes: dict[Place, Outcome] = field(default_factory=dict)
    problems: dict[Hashable, str] = field(default_factory=dict)
    looked: bool = False  # for trainings that were there before
    marks: list[tuple[float, float]] = field(default_factory=list)  # when which share of all steps was done, of late

    def remaining(self) -> float:
        """Seconds until all is trained, at the pace of late; NaN when there is none."""
        (begin, first), (end, last) = self.marks[0], self.marks[-1]
        return (1 - last) * (end - begin) / (last - first) if last > first and end - begin > WHILE else math.nan

    def reading(self, place: Place) -> Reading | None:
        """Of one cell; None where there is none, or not yet."""
        row = self.readings.get(place[1])
        return row[place[0]] if row else None


@dataclass(frozen=True)
class MapState:
    """One look. quick: readings; known: trainings; work: those not finished, if they were looked at; missing: rows; left: cells;
    share: of all training steps, done; every: seconds until it is worth while to look again (None: nothing comes by itself);
    remaining: seconds until all is trained, about (NaN: not known).
    """

    quick: Findings
    known: Findings
    work: list[Progress]
    missing: int
    left: int
    share: float
    every: float | None
    remaining: float = math.nan


def state_of(sweep: Sweep, shown: str, train: bool, reads: bool, every: float | None = None) -> MapState:
    """What is known by now, having asked for the rest. reads: whether there are readings; every: as in ``MapState``, so far."""
    quick, missing = read(sweep) if reads else (Findings(), 0)
    if shown != "learned":
        jobs().watch(student(), ())
        return MapState(quick, Findings(), [], missing, 0, 0.0, OFTEN if missing else None)
    known, work = trained(sweep, train)
    cells, steps = len(sweep.experiments()) - len(known.problems), sweep.base.training.steps
    over = [each for each in known.outcomes.values() if each.done]
    done = len(over) * steps + sum(each.step for each in known.outcomes.values() if not each.done)
    share, soon = done / max(1, cells * steps), interval(work, every) if train else None
    now = time.monotonic()
    known.marks = [*(mark for mark in known.marks if train and now - mark[0] < LATELY), (now, share)]
    soon = OFTEN if missing else soon
    return MapState(quick, known, work, missing, cells - len(over), share, soon, known.remaining())


def read(sweep: Sweep) -> tuple[Findings, int]:
    """What is known, having asked for the rows that are missing, and how many those are."""
    quick = untrained(sweep)
    known = _known(quick)
    missing = 0
    for row in range(len(sweep.y.stops)):
        if row in known.readings or row in known.problems:
            continue
        answer = jobs().ask(student(), read_row, quick, row)
        if answer.problem:
            known.problems[row] = answer.problem
        elif answer.finished:
            known.readings[row] = answer.value
        else:
            missing += 1
    return known, missing


def trained(sweep: Sweep, going: bool) -> tuple[Findings, list[Progress]]:
    """What is known, and those trainings that are not finished. ``going``: the visitor waits for all of these, and no others."""
    known = _known(sweep)
    ahead = {
        place: experiment
        for place, experiment in _spread(sweep.experiments())
        if place not in known.problems and not (place in known.outcomes and known.outcomes[place].done)
    }
    if going:
        work = jobs().watch(student(), list(ahead.values()))
    else:
        jobs().watch(student(), ())
        work = [] if known.looked else [jobs().seen(each) for each in ahead.values()]
    known.looked = True
    for place, progress in zip(ahead, work, strict=False):
        run = progress.run
        if progress.problem:
            known.problems[place] = progress.problem
        elif run.step or run.done:
            known.outcomes[place] = Outcome(run.accuracy, run.step, run.done, run.trouble)
    return known, [progress for progress in work if not progress.finished]


def again(sweep: Sweep) -> None:
    """What could not be done is tried again when it is next asked for."""
    quick = untrained(sweep)
    for row in _known(quick).problems:
        jobs().renew((read_row, quick, row))
    experiments = sweep.experiments()
    for place in _known(sweep).problems:
        if place in experiments:
            jobs().renew(experiments[place])
    _known(quick).problems.clear()
    _known(sweep).problems.clear()


def _spread(cells: dict[Place, Experiment]) -> Sequence[tuple[Place, Experiment]]:
    """In an order in which any beginning is spread over the whole map."""
    listed = list(enumerate(cells.items()))
    return [cell for _, cell in sorted(listed, key=lambda each: each[0] * GOLDEN % 1)]


def _known(sweep: Sweep) -> Findings:
    memory: OrderedDict[Sweep, Findings] = st.session_state.setdefault("known sweeps", OrderedDict())
    found = memory.setdefault(sweep, Findings())
    memory.move_to_end(sweep)
    while len(memory) > KEPT:
        memory.popitem(last=False)
    return found
