"""The log: plain text for people, or one JSON object a line for machines. One line per noteworthy event."""

import logging

from pythonjsonlogger.json import JsonFormatter

EVENTS = logging.getLogger("gdl")
_OURS = ("gdl", "core", "pages")


def begin(kind: str) -> None:
    """Sends our events to standard error; with ``kind`` "json" everybody else's lines, too, get that form."""
    handler: logging.Handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    handlers = {handler}
    for name in _OURS:
        logger = logging.getLogger(name)
        logger.addHandler(handler)
        logger.setLevel(logging.INFO)
        logger.propagate = False
    if kind == "json":
        known = [logging.getLogger(name) for name in list(logging.root.manager.loggerDict)]
        handlers |= {each for logger in (logging.root, *known) for each in logger.handlers}
        form = JsonFormatter("%(asctime)s %(levelname)s %(name)s %(message)s", rename_fields={"levelname": "level"})
        for each in handlers:
            each.setFormatter(form)


def note(event: str, **details: object) -> None:
    """One event with its details: as text behind it, and as fields of its own in JSON."""
    said = ", ".join(f"{name}={value}" for name, value in details.items())
    EVENTS.info(f"{event}: {said}" if said else event, extra={"event": event, **details})


def script_failed(error: Exception) -> bool:
    """Notes that a page failed (Streamlit's own logger has said where, just before); the visitor sees words only."""
    import streamlit as st

    EVENTS.error(f"a page failed: {error!r}", extra={"event": "page failed"})
    st.error(
        "Something went wrong on this page; it is written in the server's log. Reload it: your settings are in the address. "
        "If it happens again, press Reset, or open the page from the menu.",
        icon=":material/error:",
    )
    return True
