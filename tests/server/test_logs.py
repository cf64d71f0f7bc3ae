"""The log: events with fields, everybody's lines in one form, and failures that are said once."""

import asyncio
import json
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from pages.server import logs
from tests.load.student import Student
from tests.server.conftest import Start, wait_for

SERVER = """
import logging, warnings
import streamlit as st
from contextlib import asynccontextmanager
from pages.server.logs import begin, script_failed

@asynccontextmanager
async def lifespan(app):
    warnings.warn("said by warnings")
    logging.getLogger("nobody").warning("said by somebody else")
    yield {}

begin("json")
app = st.App("page.py", lifespan=lifespan, on_script_error=script_failed)
"""
PAGE = """
import streamlit as st
st.write("Still there.")

@st.fragment
def part():
    raise ValueError("secret of the part")

if "part" in st.query_params:
    part()
raise KeyError("secret of the page")
"""


@pytest.fixture
def unchanged() -> Iterator[None]:
    """Handlers and their forms are put back afterwards."""
    loggers = [
        logging.root,
        *map(logging.getLogger, ["gdl", "core", "pages", "py.warnings", *logging.root.manager.loggerDict]),
    ]
    before = [(each, list(each.handlers), each.propagate, each.level) for each in loggers]
    forms = [(each, each.formatter) for logger in loggers for each in (*logger.handlers, logging.lastResort) if each]
    yield
    logging.captureWarnings(False)
    for logger, handlers, propagate, level in before:
        logger.handlers[:], logger.propagate, logger.level = handlers, propagate, level
    for handler, form in forms:
        handler.setFormatter(form)


def test_events_have_fields(unchanged: None, capsys: pytest.CaptureFixture[str]) -> None:
    """In JSON each detail is a field of its own; as text it follows the event; said once, however often it begins."""
    logs.begin("text")
    logs.note("tried", number=3)
    assert capsys.readouterr().err.rstrip().endswith("INFO gdl: tried: number=3")
    logs.begin("json")
    logs.begin("json")
    logs.note("tried", number=3)
    logging.getLogger("core.execution.scheduler").warning("Could\nnot go on")
    event, warning = [json.loads(each) for each in capsys.readouterr().err.splitlines()]
    assert (event["event"], event["number"], event["level"], event["logger"]) == ("tried", 3, "INFO", "gdl")
    assert (warning["message"], warning["level"]) == ("Could\nnot go on", "WARNING")
    assert event["timestamp"].startswith("20")


async def look(host: str, path: str) -> str:
    """What a visitor of the failing page reads."""
    student = Student(host)
    await student.open(path)
    await student.close()
    return "\n".join([student.screen.text(), *student.errors])


def test_a_failing_page(start: Start, tmp_path: Path) -> None:
    """Its visitor reads words; the log has each traceback once; and every line, whosever it is, is JSON."""
    (tmp_path / "server.py").write_text(SERVER)
    (tmp_path / "page.py").write_text(PAGE)
    server = start(script=str(tmp_path / "server.py")).ready("/_stcore/health")
    for path in ("/", "/?part=1"):
        read = asyncio.run(look(server.host, path))
        assert "Still there." in read and "written in the server's log" in read and "secret" not in read
    wait_for(lambda: "secret of the part" in server.said(), "the log")
    server.end()
    lines = [json.loads(each) for each in server.said().splitlines()]
    said = [each["message"] + each.get("exc_info", "") for each in lines]
    for secret in ("ValueError: secret of the part", "KeyError: 'secret of the page'"):
        assert sum("Traceback" in each and secret in each for each in said) == 1
    assert [each["event"] for each in lines if "event" in each] == ["page failed"] * 2
    assert any("said by somebody else" in each for each in said) and any("said by warnings" in each for each in said)


def test_a_failing_page_is_said_in_words(caplog: pytest.LogCaptureFixture) -> None:
    """No traceback for the visitor, one event in the log."""

    def page() -> None:
        from pages.server.logs import script_failed

        assert script_failed(ValueError("secret detail"))

    with caplog.at_level("ERROR", logger="gdl"):
        app = AppTest.from_function(page).run()
    assert not app.exception
    (error,) = app.error
    assert "secret detail" not in error.value and "Reload" in error.value
    assert "secret detail" in caplog.text
