"""The server's life: what must be true before visitors are welcome, and an end that waits for nobody."""

import asyncio
import os
import signal
import threading
from collections.abc import Callable
from dataclasses import dataclass
from types import FrameType

import uvicorn
from streamlit.runtime import get_instance

from core.execution.scheduler import Scheduler
from pages.server.logs import note

GRACE = 3  # seconds that open pages and downloads have when the server ends
LOOK = 0.2  # seconds between two looks for a first worker
AGAIN = 5.0  # seconds until app.py is tried again, and between two counts of the workers that died
NAME = "the server itself"  # as the scheduler knows who asks


@dataclass
class Readiness:
    """``reason``: why visitors should not come yet, or any more; "" when they should."""

    reason: str = "starting"


STATE = Readiness()


async def become_ready(scheduler: Scheduler) -> None:
    """Waits until app.py has run once and a worker has answered.

    The run, of which nobody sees anything, keeps the first visitor from meeting Streamlit's old way of treating pages/ if they
    come by a link to an inner page; and whatever is slow the first time is then behind us.
    """
    STATE.reason = "app.py is running for the first time"
    while not (await get_instance().does_script_run_without_error())[0]:
        STATE.reason = "app.py does not run: see the log"
        await asyncio.sleep(AGAIN)
    STATE.reason = "no worker has answered yet"
    while not (answer := scheduler.ask(NAME, os.getpid)).finished or answer.problem:
        scheduler.renew((os.getpid,))
        await asyncio.sleep(LOOK)
    scheduler.leave(NAME)
    scheduler.forget(os.getpid)
    STATE.reason = ""
    note("ready")


async def report_restarts(counts: Callable[[], dict[str, float]]) -> None:
    """Notes in the log, as long as it is not cancelled, when workers have died."""
    known = 0.0
    while True:
        now = (await asyncio.to_thread(counts))["worker_restarts_total"]
        if now > known:
            note("workers died", restarts_total=int(now))
        known = now
        await asyncio.sleep(AGAIN)


def at_signal(then: Callable[[], None]) -> None:
    """Has ``then`` called in this event loop as soon as the process is asked to end, by SIGTERM or Ctrl+C.

    Otherwise uvicorn would first wait until the last connection is closed, and one that belongs to a sleeping laptop never is.
    """
    if threading.current_thread() is not threading.main_thread():
        return  # no signals arrive here
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        theirs = signal.getsignal(number)
        if not callable(theirs):
            continue
        if isinstance(server := getattr(theirs, "__self__", None), uvicorn.Server):
            server.config.timeout_graceful_shutdown = GRACE

        def handle(number: int, frame: FrameType | None, theirs: Callable[..., object] = theirs) -> None:
            loop.call_soon_threadsafe(then)
            theirs(number, frame)

        signal.signal(number, handle)
