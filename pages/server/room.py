"""How many pages may be open at a time, and what a visitor sees who comes when the room is full."""

import threading
import time

import streamlit as st
from streamlit import runtime
from streamlit.runtime.scriptrunner import get_script_run_ctx

from pages.server.logs import note

RETRY = 10.0  # seconds until a waiting visitor's page knocks again
RETURN = 120.0  # seconds in which who lost their connection may come back, as long as Streamlit keeps the session


class Full(Exception):
    """No seat is free. ``first``: nobody else has been refused since the room became full."""

    def __init__(self, first: bool) -> None:
        self.first = first


class Room:
    """Seats of open pages. ``capacity`` 0: no limit, as long as no server sets one (tests and notebooks have none)."""

    def __init__(self) -> None:
        self.capacity = 0
        self.refused = 0
        self._lock = threading.Lock()
        self._seats: set[str] = set()
        self._left: dict[str, float] = {}  # who was in, and when they left
        self._closed = False

    @property
    def taken(self) -> int:
        """How many are in."""
        return len(self._seats)

    def enter(self, who: str) -> str:
        """Gives ``who`` a seat, which is then called so. Raises Full if there is none; who has just left always gets one."""
        with self._lock:
            back = time.monotonic() - self._left.pop(who, -RETURN) < RETURN
            if self.capacity and len(self._seats | {who}) > self.capacity and not back:
                self.refused += 1
                first, self._closed = not self._closed, True
                raise Full(first)
            self._seats.add(who)
            return who

    def leave(self, who: str) -> None:
        """Frees the seat."""
        with self._lock:
            now = time.monotonic()
            self._left = {person: when for person, when in self._left.items() if now - when < RETURN}
            if who in self._seats:
                self._seats.remove(who)
                self._left[who] = now
            self._closed = bool(self.capacity) and len(self._seats) >= self.capacity


ROOM = Room()


@st.cache_resource(scope="session", on_release=ROOM.leave, show_spinner=False)
def _seat() -> str:
    """Takes this session's seat, until its connection ends; a refusal is not remembered."""
    context = get_script_run_ctx()
    who = ROOM.enter(context.session_id if context else "")
    if runtime.exists() and not runtime.get_instance().is_active_session(who):
        ROOM.leave(who)  # they left while their page was being drawn: nobody would tell us once more
    return who


def admitted() -> bool:
    """Tells whether the visitor has a seat, or gets one now."""
    try:
        _seat()
    except Full as full:
        if full.first:
            note("room full", open_pages=ROOM.taken)
        return False
    return True


def full() -> None:
    """Draws what is shown instead of the page, which opens by itself as soon as somebody leaves."""
    st.title("The room is full", anchor=False)
    st.markdown(
        "As many pages are open at the moment as this server can serve well. **Leave this page open**: "
        "it tries again by itself and opens what you asked for as soon as a seat is free. Your settings are in the address."
    )
    st.markdown(
        "In a hurry? It runs on your own computer, too: `make run` in its folder (see the README), without a network."
    )
    _knock()


@st.fragment(run_every=RETRY)
def _knock() -> None:
    if admitted():
        st.rerun()
    st.caption(f"{ROOM.taken} pages are open. Trying again every {RETRY:.0f} seconds …")
