"""How many pages may be open at a time, and what a visitor sees who comes when the room is full."""

import threading
from uuid import uuid4

import streamlit as st

RETRY = 10.0  # seconds until a waiting visitor's page knocks again


class Full(Exception):
    """No seat is free."""


class Room:
    """Seats of open pages. ``capacity`` 0: no limit, as long as no server sets one (tests and notebooks have none)."""

    def __init__(self) -> None:
        self.capacity = 0
        self.refused = 0
        self._lock = threading.Lock()
        self._seats: set[str] = set()

    @property
    def taken(self) -> int:
        """How many are in."""
        return len(self._seats)

    def enter(self) -> str:
        """A seat. Raises Full if there is none."""
        with self._lock:
            if self.capacity and len(self._seats) >= self.capacity:
                self.refused += 1
                raise Full
            seat = uuid4().hex
            self._seats.add(seat)
            return seat

    def leave(self, seat: str) -> None:
        """The seat is free again."""
        with self._lock:
            self._seats.discard(seat)


ROOM = Room()


@st.cache_resource(scope="session", on_release=ROOM.leave, show_spinner=False)
def _seat() -> str:
    """This session's seat, until its connection ends; a refusal is not remembered."""
    return ROOM.enter()


def admitted() -> bool:
    """Whether the visitor has a seat, or gets one now."""
    try:
        _seat()
    except Full:
        return False
    return True


def full() -> None:
    """What is shown instead of the page, which opens by itself as soon as somebody leaves."""
    st.title("The room is full", anchor=False)
    st.markdown(
        f"{ROOM.taken} pages are open at the moment, as many as this server can serve well. **Leave this page open**: it tries "
        "again by itself and opens what you asked for as soon as a seat is free. Your settings are in the address."
    )
    st.markdown(
        "In a hurry? The lab runs on your own computer, too: `make run` in its folder (see the README), without a network."
    )
    _knock()


@st.fragment(run_every=RETRY)
def _knock() -> None:
    if admitted():
        st.rerun()
    st.caption("Waiting for a free seat …")
