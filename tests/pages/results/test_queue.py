"""Sentences when the server is busy or small: the page says so, stops asking when it should, and keeps to the limits."""

from collections.abc import Callable, Iterator
from uuid import uuid4

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest
from test_live_training import TINY, buttons, hand, steps_seen
from visiting import PROFILES, experiment, healthy, sentence, spec, visit

from core.execution.scheduler import Scheduler
from pages.results.jobs import jobs, limits
from tests.core.execution.by_hand import SMALL, ByHand

__all__ = ["hand"]
ALONE = {**TINY, "versus": "none", "train": "1"}
Set = Callable[..., None]


@pytest.fixture
def allow(monkeypatch: pytest.MonkeyPatch) -> Iterator[Set]:
    """``allow(steps=100)``: the server is started with such a limit."""

    def one(**values: int) -> None:
        for name, value in values.items():
            monkeypatch.setenv(f"GDL_{name.upper()}", str(value))
        limits.cache_clear()

    yield one
    monkeypatch.undo()
    limits.cache_clear()


@pytest.fixture
def narrow(monkeypatch: pytest.MonkeyPatch) -> ByHand:
    """A server with room for one training. (AppTest gives all visitors one session, so they are told apart here.)"""
    for module in ("results.jobs", "frame.settings", "questions.live_training"):
        monkeypatch.setattr(f"pages.{module}.student", lambda: st.session_state.setdefault("visitor", uuid4().hex))
    hand = ByHand()
    scheduler = Scheduler(hand, runs=1)
    monkeypatch.setattr("pages.results.jobs._open", lambda: scheduler)
    return hand


def said(app: AppTest) -> str:
    """The text of the bar."""
    (bar,) = app.get("progress")
    text: str = bar.proto.text
    return text


def done(app: AppTest) -> int:
    """How full the bar is, in percent."""
    (bar,) = app.get("progress")
    return int(bar.proto.value)


def wanted(hand: ByHand) -> float:
    """How many trainings somebody waits for."""
    counts = jobs().counts()
    return counts["runs_active"] + counts["runs_waiting"]


def test_progress(hand: ByHand) -> None:
    """The bar moves with the steps; before, during and after, it says what to expect."""
    app = healthy(visit("sentences", {**ALONE, "train": "0"}))
    assert (done(app), said(app)) == (0, "Not trained yet. *Train* starts it.")
    app.button(key="sentences-go").click()
    assert "first steps" in said(healthy(app.run()))
    while hand.calls:
        hand.answer()
        (reached,) = steps_seen(healthy(app.run())) or [0]
        if reached < 20:
            assert "to go" in said(app) and "Stop" in buttons(app)
        assert done(app) == pytest.approx(100 * jobs().seen(experiment(app, "sentences")).run.step / 20, abs=1)
    assert done(app) == 100 and said(app).startswith("Done") and not {"Stop", "Train"} & set(buttons(app))


def test_a_place_in_the_queue(narrow: ByHand) -> None:
    """The second visitor learns that he is second; when the first one leaves, it is his turn."""
    first = healthy(visit("sentences", {**ALONE, "seed": "21"}))
    second = healthy(visit("sentences", {**ALONE, "seed": "22"}))
    assert "queue" not in said(first)
    assert "Place 1 in the queue" in said(second) and "Stop" in buttons(second)
    third = healthy(visit("sentences", {**ALONE, "seed": "23"}))
    assert "Place 2 in the queue" in said(third)
    first.button(key="sentences-go").click()
    healthy(first.run())
    assert said(first).startswith("Not trained")
    while narrow.calls:
        narrow.answer()
    assert steps_seen(healthy(second.run())) == [20]


def test_the_same_link_has_no_queue(narrow: ByHand) -> None:
    """However many come: it is one training."""
    apps = [healthy(visit("sentences", {**ALONE, "seed": "24"})) for _ in range(4)]
    assert not any("queue" in said(app) for app in apps)
    assert len(narrow.calls) == 1
    while narrow.calls:
        narrow.answer()
    assert all(steps_seen(healthy(app.run())) == [20] for app in apps)


@pytest.mark.parametrize("page", ["home", "depth", "time"])
def test_leaving_the_page_stops_the_asking(hand: ByHand, page: str) -> None:
    """Another page of the app: what this visitor watched is not wanted any more."""
    app = healthy(visit("sentences", ALONE))
    assert wanted(hand) == 1
    app.switch_page("app.py" if page == "home" else f"pages/{page}.py")
    healthy(app.run())
    hand.answer()
    assert wanted(hand) == 0 and not hand.calls


def test_another_setting_stops_the_asking(hand: ByHand) -> None:
    """Only what is on the page is trained."""
    app = healthy(visit("sentences", ALONE))
    app.slider(key="sentences-gap").set_value(5)
    healthy(app.run())
    assert wanted(hand) == 1
    assert jobs().watch("somebody", [experiment(app, "sentences")])[0].run.experiment.task.gap == 5  # type: ignore[union-attr]
    assert wanted(hand) == 1


def test_pages_without_training_need_no_worker(hand: ByHand) -> None:
    """However busy the workers are with somebody else's: profiles are measured in place, and nothing is asked for."""
    jobs().watch("somebody", [SMALL])
    calls = len(hand.calls)
    for page in PROFILES:
        assert spec(healthy(visit(page))) and sentence(visit(page))
    assert len(hand.calls) == calls


def test_a_link_that_asks_for_too_much(allow: Set) -> None:
    """It is made to fit, and said; what fits has no complaint."""
    allow(steps=100, width=16, length=20)
    app = healthy(visit("sentences", {"steps": "101", "hidden": "17", "gap": "60"}))
    (warning,) = app.warning
    for words in ("100 training steps, not 101", "16 units", "20 time steps"):
        assert words in warning.value
    own = experiment(app, "sentences")
    assert limits().complaints(own) == [] and own.training.steps == 100
    assert not healthy(visit("sentences", {"steps": "100", "hidden": "16", "gap": "8"})).warning


def test_a_page_that_starts_too_large_is_made_to_fit_quietly(allow: Set) -> None:
    """Nobody asked for it."""
    allow(steps=50, width=8, length=12)
    for page in ("home", "depth", "time", "sentences"):
        app = healthy(visit(page))
        assert not app.warning
        assert limits().complaints(experiment(app, page)) == []


def test_a_widget_that_asks_for_too_much(allow: Set) -> None:
    """The last setting that worked stays."""
    allow(length=30)
    app = healthy(visit("sentences", {"gap": "10"}))
    app.slider(key="sentences-gap").set_value(60)
    healthy(app.run())
    assert "30 time steps" in app.warning[0].value
    assert experiment(app, "sentences").task.gap == 10  # type: ignore[union-attr]
