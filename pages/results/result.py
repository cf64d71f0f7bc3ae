"""What a page measures: here and now, or on a worker, for everybody who asks the same."""

import math
import time
from collections.abc import Callable
from functools import partial
from typing import Any

import streamlit as st

from core import Experiment, SpecError
from core.execution.jobs import Answer
from pages.frame.question_page import Exhibit
from pages.results.jobs import jobs, limits, student

PATIENCE = 0.25  # seconds that a page stands still for a worker: a quick answer comes without a word about waiting
LOOK = 0.01  # seconds between two looks meanwhile
EVERY = 0.5  # seconds between two looks when it takes longer


def result(exhibit: Exhibit, experiment: Experiment, patience: float = PATIENCE) -> Answer:
    """What the exhibit's instrument measures, or what is known of it so far; ``problem`` says what can't be measured."""
    if exhibit.waits(experiment):
        return there(lambda: jobs().ask(student(), exhibit.measure, experiment), patience)
    return here(partial(_here, exhibit.row, exhibit.measure, experiment))


def here(measure: Callable[[], Any]) -> Answer:
    """What is quickly measured. Never raises SpecError: ``problem`` says it."""
    try:
        return Answer(measure(), finished=True)
    except SpecError as error:
        return Answer(problem=f"{error}.", finished=True)


def there(ask: Callable[[], Answer], patience: float) -> Answer:
    """What a worker has found within ``patience`` seconds, or what is known of it so far."""
    until = time.monotonic() + patience
    while not (answer := ask()).finished and time.monotonic() < until:
        time.sleep(LOOK)
    return answer


@st.cache_resource(max_entries=limits().measurements, show_spinner=False)
def _here(row: str, _measure: Any, experiment: Experiment) -> Any:
    return _measure(experiment)


def so_far(answer: Answer) -> str:
    """How long a worker has been at it, for the words meanwhile."""
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
