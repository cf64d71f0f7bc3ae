"""Results by experiment: equal experiments are measured once, whoever asks; large ones on a worker."""

import gc
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import streamlit as st

from core import Blobs, Experiment, FeedForward, GradientProfile, measure, measure_many, predict
from core.execution.effort import multiplications
from core.execution.jobs import Answer, Call
from core.execution.memory import keep_freed_memory
from core.execution.threads import one_thread
from core.experiment.specs import next_seed
from pages.results.jobs import jobs, limits, student
from pages.results.result import PATIENCE, here, there

HEAVY = 2_300_000_000  # multiplications that take about a quarter of a second, and are left to a worker


def measured(experiment: Experiment, seeds: int = 1, patience: float = PATIENCE) -> Answer:
    """A list: the untrained network's profile with theory beside it, then those of ``seeds`` − 1 other random starts."""
    if multiplications(experiment, seeds + 1) <= HEAVY:
        return here(partial(_measured, experiment, seeds))
    answer = there(lambda: jobs().ask_series(student(), [_series(experiment, seeds)])[0], patience)
    return replace(answer, value=_joined(*answer.value)) if answer.value else answer


def profile_of(experiment: Experiment, seeds: int = 1) -> GradientProfile | None:
    """The first of them; None as long as it is not known."""
    found: Sequence[GradientProfile] | None = measured(experiment, seeds, patience=0).value
    return found[0] if found else None


def glimpsed(experiments: Sequence[Experiment]) -> list[Answer]:
    """The profiles alone, for curves in the background; together they take no longer than one measurement may."""
    large = [each for each in experiments if multiplications(each, len(experiments)) > HEAVY]
    asked = jobs().ask_series(student(), [(_alone(each),) for each in large]) if large else []
    far = {
        each: replace(answer, value=answer.value and answer.value[0][0])
        for each, answer in zip(large, asked, strict=True)
    }
    return [far[each] if each in far else here(partial(_glimpsed, each)) for each in experiments]


def again(experiment: Experiment, seeds: int) -> None:
    """What a worker could not measure is tried again when it is next asked for; for use in a callback."""
    jobs().renew(_series(experiment, seeds))


@st.cache_resource(max_entries=limits().measurements, show_spinner=False)
def _measured(experiment: Experiment, seeds: int) -> list[GradientProfile]:
    _one_thread()
    profile, *band = measure_many(_starts(experiment, seeds))
    return [profile.with_predictions(*predict(experiment)), *band]


@st.cache_resource(max_entries=limits().measurements, show_spinner=False)
def _glimpsed(experiment: Experiment) -> GradientProfile:
    _one_thread()
    return measure_many([experiment])[0]


def _starts(experiment: Experiment, seeds: int) -> list[Experiment]:
    return [experiment, *(replace(experiment, seed=next_seed(experiment.seed, i)) for i in range(1, seeds))]


def _series(experiment: Experiment, seeds: int) -> tuple[Call, ...]:
    """The same numbers network by network: that takes less memory, and can be given up after each."""
    return ((predict, (experiment,)), *(_alone(each) for each in _starts(experiment, seeds)))


def _alone(experiment: Experiment) -> Call:
    return measure_many, ((experiment,),)


def _joined(theory: Any, first: list[GradientProfile], *others: list[GradientProfile]) -> list[GradientProfile]:
    return [first[0].with_predictions(*theory), *(each[0] for each in others)]


@st.cache_resource(show_spinner=False)
def warm_up() -> None:
    """Once per server: starts the workers, settles how memory is kept, and does what is slow the first time."""
    _one_thread()
    keep_freed_memory()
    jobs()
    measure(Experiment())
    measure(Experiment(network=FeedForward(), task=Blobs()))
    gc.collect()
    gc.freeze()  # what is there by now stays: later collections need not walk through torch again and again


def _one_thread() -> None:
    """Small matrices gain nothing from threads, and every run of a page is a new thread: left alone, torch would start a
    pool of helpers in each of them, at 0.2 s a time."""
    one_thread()
