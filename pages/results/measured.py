"""What a page measures: here and now, or on a worker, for everybody who asks the same."""

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import streamlit as st

from core import Experiment, SpecError
from core.execution.jobs import Answer
from core.execution.threads import one_thread
from core.instruments.starts import Fan
from core.questions.base import Instrument
from pages.results.jobs import jobs, limits, student

PATIENCE = 0.25  # seconds that a page stands still for a worker: a quick answer comes without a word about waiting
LOOK = 0.01  # seconds between two looks meanwhile
EVERY = 0.5  # seconds between two looks when it takes longer

Slow = Callable[[Experiment], bool]  # whether measuring this takes too long to be done while a slider moves


def result(instrument: Instrument, experiment: Experiment, slow: Slow, patience: float = PATIENCE) -> Answer:
    """Returns what the instrument measures, or what is known so far; ``problem`` says what can't be measured."""
    return _within(lambda: results(instrument, [experiment], slow)[0], patience)


def results(instrument: Instrument, experiments: Sequence[Experiment], slow: Slow) -> list[Answer]:
    """Returns the same for several experiments; what of an earlier series is not asked for any more is given up."""
    far = [experiment for experiment in experiments if slow(experiment)]
    if isinstance(instrument, Fan):
        series = jobs().ask_series(student(), [instrument.calls(experiment) for experiment in far]) if far else []
        asked = [_joined(instrument, answer) for answer in series]
    else:
        asked = [jobs().ask(student(), instrument, experiment) for experiment in far]
    known = dict(zip(far, asked, strict=True))
    return [
        known[each] if each in known else here(partial(_here, _name(instrument), instrument, each))
        for each in experiments
    ]


def again(instrument: Instrument, experiment: Experiment) -> None:
    """Tries again, when it is next asked for, what a worker could not measure; for use in a callback."""
    jobs().renew(instrument.calls(experiment) if isinstance(instrument, Fan) else (instrument, experiment))


def here(measure: Callable[[], Any]) -> Answer:
    """Measures at once. Never raises SpecError: ``problem`` says it."""
    try:
        return Answer(measure(), finished=True)
    except SpecError as error:
        return Answer(problem=f"{error}.", finished=True)


def _within(ask: Callable[[], Answer], patience: float) -> Answer:
    until = time.monotonic() + patience
    while not (answer := ask()).finished and time.monotonic() < until:
        time.sleep(LOOK)
    return answer


@st.cache_resource(max_entries=limits().measurements, show_spinner=False)
def _here(name: str, _instrument: Instrument, experiment: Experiment) -> Any:
    # Small matrices gain nothing from threads, and every run of a page is a new thread: left alone, torch would start a
    # pool of helpers in each of them, at 0.2 s a time.
    one_thread()
    return _instrument(experiment)


def _name(instrument: Instrument) -> str:
    return f"{instrument.__module__}.{getattr(instrument, '__qualname__', instrument)}"


def _joined(instrument: Fan, answer: Answer) -> Answer:
    return replace(answer, value=instrument.joined(answer.value)) if answer.value else answer


def so_far(answer: Answer) -> str:
    """Says how long a worker has been at it, for the words meanwhile."""
    return "waiting for its turn" if math.isnan(answer.since) else f"{answer.since:.0f} s so far"


def wait(ask: Callable[[], Answer], words: Callable[[Answer], None]) -> None:
    """Draws words about an answer that is not there yet, and the whole page anew once it is."""
    began = False

    def look() -> None:
        nonlocal began
        answer = ask()
        if began and answer.finished:  # not at once: a page that is drawn twice in a moment loses its sliders' values
            st.rerun()
        began = True
        words(answer)

    st.fragment(look, run_every=EVERY)()
