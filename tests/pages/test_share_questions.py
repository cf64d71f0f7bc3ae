"""Every question can be carried away: its box has files for each chart, and a hand-out that says what the page says."""

import io
import json
import xml.etree.ElementTree as ET
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pandas as pd
import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest
from test_questions import QUICK, until, visit
from visiting import healthy

from pages.questions import QUESTION_PAGES

Files = dict[str, Callable[[], Any]]


def opened(row: str, monkeypatch: pytest.MonkeyPatch) -> tuple[AppTest, Files]:
    """The question with its box open: file name → what makes it."""
    found: Files = {}
    monkeypatch.setattr(
        "pages.share.box.st.download_button", lambda label, data, name, *_, **__: bool(found.update({name: data}))
    )
    app = until(visit(row), lambda app: app.get("vega_lite_chart"), "the picture")  # some come from a worker
    app.button(key=f"{row}-share-open").click()
    return healthy(app.run()), found


@pytest.mark.parametrize("row", QUICK)
def test_a_question_is_carried_away(row: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each chart in four ways, and the hand-out with question, sentence and sources."""
    app, files = opened(row, monkeypatch)
    drawn = len(app.get("vega_lite_chart"))
    assert drawn >= 1
    for ending in ("csv", "json", "svg", "png"):
        assert len([name for name in files if name.endswith(ending)]) == drawn
    for name, make in files.items():
        made = make()
        if name.endswith(".csv"):
            assert len(pd.read_csv(io.BytesIO(made))) >= 1
        elif name.endswith(".json"):
            assert json.loads(made)["rows"]
        elif name.endswith(".svg"):
            assert "".join(ET.fromstring(made).itertext()).strip()
        elif name.endswith(".png"):
            assert Image.open(io.BytesIO(made)).convert("L").getextrema()[0] < 200  # something is drawn
        elif name.endswith(".html"):
            assert len(made.encode()) < 3_000_000
            assert QUESTION_PAGES[row].texts.question in made
            assert all(source in made.replace("&amp;", "&") for source in QUESTION_PAGES[row].question.sources)


@pytest.mark.parametrize("row", QUICK[:2])
def test_a_questions_link_leads_back_to_it(row: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The topic's address with the row in it."""
    app, _ = opened(row, monkeypatch)
    link = urlsplit(app.code[0].value)
    assert link.path == f"/{QUESTION_PAGES[row].topic}"
    assert dict(parse_qsl(link.query))["row"] == row
