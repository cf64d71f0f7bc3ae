"""The server: ``streamlit run server.py``. It puts app.py behind health checks, counters, logs and a limit on open pages."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict
from typing import Any

import streamlit as st
from starlette.middleware import Middleware

from core.fields import SpecError
from pages.results.jobs import jobs, limits
from pages.server.doors import Doors
from pages.server.life import STATE, at_signal, become_ready, report_restarts
from pages.server.logs import begin, note, script_failed
from pages.server.metrics import follow
from pages.server.room import ROOM
from pages.server.routes import ROUTES


@asynccontextmanager
async def lifespan(_app: st.App) -> AsyncIterator[dict[str, Any]]:
    """From the first worker to the last."""
    own = limits()
    note("start", **{name: value for name, value in asdict(own).items() if name != "admin"})
    scheduler = await asyncio.to_thread(jobs)
    follow(scheduler.counts)
    ROOM.capacity = own.sessions
    tasks = [asyncio.create_task(become_ready(scheduler)), asyncio.create_task(report_restarts(scheduler.counts))]
    tasks[0].add_done_callback(lambda _: begin(own.log))  # by now everything that logs has been loaded
    closing: list[asyncio.Task[None]] = []

    def close() -> None:
        if not closing:
            STATE.reason = "shutting down"
            note("stop")
            for task in tasks:
                task.cancel()
            closing.append(asyncio.create_task(asyncio.to_thread(scheduler.close)))

    at_signal(close)
    yield {}
    close()
    await closing[0]


try:
    begin(limits().log)
    if limits().scheduler:
        jobs()  # a cluster that does not answer is a wrong setting, too
except (SpecError, ConnectionError, ModuleNotFoundError) as error:
    sys.exit(f"Gradient Decay Lab can't start: {error}.")

app = st.App("app.py", lifespan=lifespan, routes=ROUTES, middleware=[Middleware(Doors)], on_script_error=script_failed)
