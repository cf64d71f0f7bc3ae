"""The log: plain text for people, or one JSON object a line for machines. One line per noteworthy event."""

import logging

from pythonjsonlogger.json import JsonFormatter

EVENTS = logging.getLogger("gdl")
_OURS = ("gdl", "core", "pages", "py.warnings")
_FIELDS = "%(levelname)s %(name)s %(message)s"


def begin(kind: str) -> None:
    """Sends our events to standard error; with ``kind`` "json" everybody else's lines get that form, too.

    To be called again when more has been loaded that writes lines of its own.
    """
    handler: logging.Handler = next(iter(EVENTS.handlers), logging.StreamHandler())
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    for name in _OURS:
        logger = logging.getLogger(name)
        if handler not in logger.handlers:
            logger.addHandler(handler)
        logger.setLevel(logging.INFO)
        logger.propagate = False
    if kind == "json":
        logging.captureWarnings(True)
        form = JsonFormatter(_FIELDS, rename_fields={"levelname": "level", "name": "logger"}, timestamp=True)
        loggers = (logging.root, *map(logging.getLogger, list(logging.root.manager.loggerDict)))
        handlers = [handler for logger in loggers for handler in logger.handlers]
        for one in (*handlers, logging.lastResort):  # the last is of those who have none, such as uvicorn.error
            if one:
                one.setFormatter(form)


def note(event: str, **details: object) -> None:
    """Logs one event with its details: as text behind it, and as fields of its own in JSON."""
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
