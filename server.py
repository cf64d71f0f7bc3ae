"""The server: ``streamlit run server.py``. It puts app.py behind health checks, counters, logs and a limit on open pages."""

import asyncio
import sys
import time
import urllib.request
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict
from typing import Any

import streamlit as st

from core.fields import SpecError
from pages.ui.jobs import jobs, limits
from pages.ui.server.logs import begin, note, script_failed
from pages.ui.server.metrics import follow
from pages.ui.server.room import ROOM
from pages.ui.server.routes import ROUTES, STATE

PATIENCE = 120  # seconds for the first run of app.py, and for its workers


@asynccontextmanager
async def lifespan(_app: st.App) -> AsyncIterator[dict[str, Any]]:
    """From the first worker to the last."""
    own = limits()
    begin(own.log)
    note("start", **{name: value for name, value in asdict(own).items() if name != "admin"})
    scheduler = await asyncio.to_thread(jobs)
    follow(scheduler.counts)
    ROOM.capacity = own.sessions
    warming = asyncio.create_task(asyncio.to_thread(warm_up))
    yield {}
    STATE.reason = "shutting down"
    note("stop")
    warming.cancel()
    await asyncio.to_thread(scheduler.close)


def warm_up() -> None:
    """Runs app.py once before any visitor comes: one whose first address is an inner page would otherwise meet Streamlit's
    old way of treating pages/. And whatever is slow the first time is then behind us.
    """
    host = st.get_option("server.address") or "127.0.0.1"
    base = (st.get_option("server.baseUrlPath") or "").strip("/")
    address = f"http://{host}:{st.get_option('server.port')}/{base}/_stcore/script-health-check".replace("//_", "/_")
    for _ in range(PATIENCE):
        try:
            urllib.request.urlopen(address, timeout=PATIENCE).close()
        except OSError:  # not listening yet
            if STATE.reason != "starting":
                return
            time.sleep(0.5)
        else:
            STATE.reason = ""
            note("ready")
            return
    STATE.reason = "app.py does not run: see the log"


try:
    limits()
except SpecError as error:
    sys.exit(f"Gradient Decay Lab can't start: {error}.")

app = st.App("app.py", lifespan=lifespan, routes=ROUTES, on_script_error=script_failed)
