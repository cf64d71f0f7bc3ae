"""What is done once per server, before the first visitor would have to wait for it."""

import gc

import streamlit as st

from core import Blobs, Experiment, FeedForward, measure
from core.execution.memory import keep_freed_memory
from core.execution.threads import one_thread
from pages.results.jobs import jobs


@st.cache_resource(show_spinner=False)
def warm_up() -> None:
    """Starts the workers, settles how memory is kept, and does what is slow the first time."""
    one_thread()
    keep_freed_memory()
    jobs()
    measure(Experiment())
    measure(Experiment(network=FeedForward(), task=Blobs()))
    gc.collect()
    gc.freeze()  # what is there by now stays: later collections need not walk through torch again and again
