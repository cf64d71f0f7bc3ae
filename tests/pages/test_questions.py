"""Every question, found by itself: it opens, shows what core measures, is judged, and can be overturned."""

import io
import time
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pytest
from streamlit.testing.v1 import AppTest
from visiting import APP, HOST, experiment, healthy

import core
from core.execution.jobs import Answer
from core.fields import rules
from core.questions import QUESTIONS, VERDICTS
from core.questions.base import measured
from pages.frame.question_page import Seen
from pages.questions import QUESTION_PAGES
from pages.results.jobs import jobs
from pages.results.verdicts import known

ROOT = Path(__file__).parents[2]
WAIT = 120  # seconds until a test gives up; nothing is timed
QUICK = [row for row, entry in QUESTION_PAGES.items() if not entry.trains]


def visit(row: str, **query: str) -> AppTest:
    """A first visit to the question's address."""
    topic = QUESTION_PAGES[row].topic
    app = AppTest.from_file(APP, default_timeout=WAIT)
    app.context["url"] = f"{HOST}/{topic}"
    app.switch_page(f"pages/{topic}.py")
    app.query_params.update({"row": row, **query})
    return healthy(app.run())


def until(app: AppTest, condition: Callable[[AppTest], object], what: str) -> AppTest:
    """Runs the page again and again, as its own timer would."""
    deadline = time.monotonic() + WAIT
    while not condition(app):
        assert time.monotonic() < deadline, f"waited in vain for {what}"
        time.sleep(0.05)
        healthy(app.run())
    return app


def tables(app: AppTest) -> list[pd.DataFrame]:
    """The tables behind the charts, in order."""
    return [pa.ipc.open_stream(io.BytesIO(each.proto.data.data)).read_pandas() for each in app.get("vega_lite_chart")]


def plain(table: pd.DataFrame) -> list[list[str]]:
    """Rows as texts, for comparing."""
    return [[f"{value:.9g}" if isinstance(value, float) else str(value) for value in row] for row in table.to_numpy()]


def test_every_question_has_one_name_everywhere() -> None:
    """A file in core and one in pages, its texts beside it, a line in both lists; nothing else is there."""
    core_files, page_files = (
        {path.stem for path in (ROOT / room / "questions").glob("[a-e][0-9]_*.py")} for room in ("core", "pages")
    )
    texts = {path.stem for path in (ROOT / "pages" / "questions").glob("*.md")}
    names = [question.name for question in QUESTIONS.values()]
    assert names == sorted(names)
    assert core_files == page_files == texts == set(names)
    assert [entry.question for entry in QUESTION_PAGES.values()] == list(QUESTIONS.values())


@pytest.mark.parametrize("row", QUESTION_PAGES)
def test_settings_are_known(row: str) -> None:
    """At most five controls are in view, and every setting named exists."""
    entry = QUESTION_PAGES[row]
    known = {name for spec in (*entry.base.specs().values(), entry.base) for name in rules(spec)}
    assert {*entry.controls, *entry.more, *entry.highs} <= known and len(entry.controls) <= 5
    assert entry.texts.question.endswith("?") and entry.turns and entry.question.claim


@pytest.mark.parametrize("row", QUESTION_PAGES)
def test_the_picture_is_what_core_measures(row: str) -> None:
    """Charts with data; the tables are those made from the question's own result, the sentence too."""
    entry = QUESTION_PAGES[row]
    app = until(visit(row), lambda app: app.get("vega_lite_chart"), "the picture")
    answer = jobs().known(entry.question.measure, entry.base)  # a worker's, where it trains: not trained once more
    seen = Seen(
        entry.base, answer.value if answer and answer.finished else measured(entry.question.measure, entry.base)
    )
    wanted, shown = entry.pictures(seen), tables(app)
    assert len(shown) == len(wanted) > 0
    for table, picture in zip(shown, wanted, strict=True):
        assert len(table) and plain(table) == plain(picture.table)
    assert entry.said(seen) in [text.value for text in app.markdown]
    assert [title.value for title in app.title] == [entry.texts.question]


@pytest.mark.parametrize("row", QUESTION_PAGES)
def test_settings_that_overturn_it_can_be_loaded(row: str) -> None:
    """Each button puts its settings in place."""
    entry = QUESTION_PAGES[row]
    app = visit(row)
    for i, settings in enumerate(entry.turns.values()):
        app.button(key=f"{row}-turn{i}").click()
        healthy(app.run())
        assert experiment(app, row) == entry.base.changed(**settings)
        assert app.query_params["row"] == row
    app.button(key=f"{row}-reset").click()
    assert experiment(healthy(app.run()), row) == entry.base


def test_a_verdict_is_core_s_and_judged_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Words, number and finding; a second visitor asks for no second judgement."""
    app = until(visit("a1"), lambda _: known(QUESTIONS["a1"], QUESTIONS["a1"].base), "the verdict")
    found = QUESTIONS["a1"].verdict(QUESTIONS["a1"].base)
    said = " ".join(text.value for text in healthy(app.run()).markdown)
    assert VERDICTS[found.verdict].label.capitalize() in said
    assert f"{found.number:.3g}" in said
    asked: list[object] = []  # of this verdict: workers may still be at what other visitors asked for
    monkeypatch.setattr("pages.results.verdicts.ask", lambda *contrast: asked.append(contrast) or Answer())
    again = " ".join(text.value for text in visit("a1").markdown)
    assert found.headline in again.replace("\\", "") and asked == []
    monkeypatch.setattr("pages.results.verdicts._judged", {})  # it is seen to ask where nothing is kept
    visit("a1")
    assert asked


def test_other_settings_are_judged_when_asked() -> None:
    """Not by themselves: a verdict costs seconds."""
    app = visit("a1", length="30")
    assert known(QUESTIONS["a1"], experiment(app, "a1")) is None
    app.button(key="a1-judge").click()
    app = until(app, lambda app: any("What overturns it" in text.value for text in app.markdown), "the verdict")
    assert experiment(app, "a1").task == core.Noise(length=30, inputs=8)


def test_a_guess_comes_first_if_wanted() -> None:
    """No picture before it, a picture and the comparison after it."""
    app = visit("a1", guess="1")
    assert not app.get("vega_lite_chart")
    guess = next(each for each in app.button_group if each.key and "guess" in each.key)
    guess.set_value("holds")
    assert healthy(app.run()).get("vega_lite_chart")


@pytest.mark.parametrize(("query", "beside"), [({"present": "1"}, 2), ({}, 0)])
def test_two_pictures_are_in_view_in_a_lecture_hall(query: dict[str, str], beside: int) -> None:
    """Beside each other there; under each other at a desk."""
    app = until(visit("b4", **query), lambda app: len(app.get("vega_lite_chart")) == 2, "both pictures")
    assert [len(each.get("vega_lite_chart")) for each in app.columns].count(1) == beside


def test_an_unknown_row_falls_back_and_says_so() -> None:
    """A hand-edited address."""
    app = AppTest.from_file(APP, default_timeout=WAIT)
    app.switch_page("pages/matters.py")
    app.query_params["row"] = "z9"
    healthy(app.run())
    assert any("z9" in each.value for each in app.warning)
    assert app.title[0].value == QUESTION_PAGES["a2"].texts.question


def test_rows_keep_their_settings_when_others_are_looked_at() -> None:
    """A click on another row and back."""
    app = visit("a3", gap="7")
    for row in ("a4", "a3"):
        app.button_group(key="topic matters").set_value(row)
        healthy(app.run())
        assert app.query_params["row"] == row
    assert experiment(app, "a3").task == core.France(gap=7)


def test_the_index_lists_every_question() -> None:
    """With a link to each."""
    app = AppTest.from_file(APP, default_timeout=WAIT)
    app.switch_page("pages/questions.py")
    healthy(app.run())
    links = [each.proto for each in app.get("page_link")]
    assert len(links) == len(QUESTION_PAGES)
    assert all(each.texts.question in " ".join(link.label for link in links) for each in QUESTION_PAGES.values())
