"""Results by experiment: equal experiments are measured once, whoever asks."""

import gc
from dataclasses import replace

import streamlit as st

from core import Blobs, Experiment, FeedForward, GradientProfile, measure, measure_many, predict
from core.memory import keep_freed_memory
from core.specs import next_seed
from core.threads import one_thread
from pages.ui.jobs import jobs, limits


@st.cache_resource(max_entries=limits().measurements, show_spinner=False)
def measured(experiment: Experiment, seeds: int = 1) -> list[GradientProfile]:
    """The untrained network's profile with theory beside it, then those of ``seeds`` − 1 other random starts."""
    _one_thread()
    others = [replace(experiment, seed=next_seed(experiment.seed, i)) for i in range(1, seeds)]
    profile, *band = measure_many([experiment, *others])
    return [profile.with_predictions(*predict(experiment)), *band]


@st.cache_resource(max_entries=limits().measurements, show_spinner=False)
def glimpsed(experiment: Experiment) -> GradientProfile:
    """The profile alone, for a curve in the background."""
    _one_thread()
    return measure_many([experiment])[0]


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
