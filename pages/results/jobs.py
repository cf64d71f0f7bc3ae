"""Long computations of this server's visitors: one scheduler for all, and who is asking."""

import atexit
import threading
from functools import cache
from pathlib import Path
from uuid import uuid4

import streamlit as st

from core.execution.executors import open_executor
from core.execution.limits import Limits, limits_from
from core.execution.saved_runs import SavedRuns
from core.execution.scheduler import Scheduler
from core.execution.store import Store, default_folder
from pages.server.metrics import observe_piece

_opening = threading.Lock()


@cache
def limits() -> Limits:
    """What this server allows. Raises SpecError when the environment asks for something that can't be."""
    return limits_from()


def jobs() -> Scheduler:
    """The one scheduler of this server; the first call starts the workers."""
    with _opening:
        return _open()


@cache
def _open() -> Scheduler:
    allowed = limits()
    folder = Path(allowed.store) if allowed.store else default_folder()
    scheduler = Scheduler(
        open_executor(allowed),
        SavedRuns(Store(folder, allowed.store_mb * 2**20)) if allowed.store_mb else None,
        runs=allowed.runs,
        per_student=allowed.runs_per_student,
        kept=allowed.kept_runs,
        on_piece=observe_piece,
    )
    atexit.register(scheduler.close)
    return scheduler


@st.cache_resource(scope="session", on_release=lambda name: jobs().leave(name), show_spinner=False)
def student() -> str:
    """A name for whoever sits before this page; what they wait for is dropped when the page is closed."""
    return uuid4().hex
