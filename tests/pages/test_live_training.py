"""The page that trains, as a visitor sees it who looks again and again."""

import re
import time
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest
from visiting import experiment, healthy, rows, sentence, visit

import core
from core.execution.scheduler import Scheduler
from core.wording import LN10
from tests.core.execution.by_hand import ByHand

WAIT = 60  # seconds until a test gives up; nothing is timed
TINY = {"gap": "3", "steps": "20", "film_every": "10", "hidden": "8"}


def look_until(app: AppTest, condition: Callable[[AppTest], object]) -> AppTest:
    """Runs the page again until it shows what is waited for, as the browser does twice a second."""
    deadline = time.monotonic() + WAIT
    while not condition(app):
        assert time.monotonic() < deadline, f"waited in vain; the page says: {sentence(app)}"
        time.sleep(0.02)
        healthy(app.run())
    return app


def buttons(app: AppTest) -> list[str]:
    """The labels of the buttons in sight."""
    return [each.label for each in app.button]


def steps_seen(app: AppTest) -> list[int]:
    """How far each network's text says it has come."""
    return [int(step) for step in re.findall(r"after (\d+) steps", sentence(app))]


def test_before_training() -> None:
    """The sentence with a blank, the level of guessing, no frame, and a button."""
    app = healthy(visit("sentences", TINY))
    assert sentence(app).count("not trained yet") == 2
    assert "12.5 %" in sentence(app)
    assert "Train" in buttons(app) and "Stop" not in buttons(app)
    assert set(rows(app)["role"]) == {"cue"}
    assert any("I went to France and met some I speak ____" in each.proto.body for each in app.get("html"))


def test_a_training_ends_and_shows_every_frame() -> None:
    """Those of core, bit for bit: accuracy, loss, profile and answers of both networks."""
    app = healthy(visit("sentences", {**TINY, "seed": "11"}))
    app.button(key="sentences-go").click()
    healthy(app.run())
    assert app.query_params["train"] == "1"
    look_until(app, lambda app: steps_seen(app) == [20, 20])
    healthy(app.run())
    assert not {"Train", "Stop"} & set(buttons(app))
    own = experiment(app, "sentences")
    for name, cell in (("LSTM", "lstm"), ("Plain RNN", "tanh")):
        each = replace(own, network=replace(own.network, cell=cell))
        film = core.advance(core.start(each), 20).film
        assert [frame.step for frame in film] == [0, 10, 20]
        mine = rows(app)[rows(app)["series"] == name]
        score = mine[mine["role"] == "score"]
        assert list(score["step"]) == [frame.step for frame in film]
        assert list(score["accuracy"]) == [frame.accuracy for frame in film]
        assert list(score["loss"]) == [frame.loss for frame in film]
        for frame in film:
            now = mine[mine["step"] == frame.step]
            points = now[now["role"] == "profile"].sort_values("lag", ascending=False)
            np.testing.assert_allclose(
                points["decades"], np.clip((frame.log_norm - frame.log_norm[-1]) / LN10, -12, 3), atol=5.1e-4
            )
            answers = now[now["role"] == "answer"]
            np.testing.assert_allclose(answers["probability"], frame.probability, atol=5.1e-5)
            assert list(answers["answer"]) == list(each.task.shape().answers)
    accuracy = rows(app, "score").query("step == 20")["accuracy"]
    assert all(f"{each:.0%} right" in sentence(app) for each in accuracy)


def test_a_finished_training_is_there_for_the_next_visitor() -> None:
    """The same link, another session: nothing is trained again."""
    link = {**TINY, "train": "1", "seed": "12", "versus": "none"}
    one = look_until(visit("sentences", link), lambda app: steps_seen(app) == [20])
    other = healthy(visit("sentences", {**link, "train": "0"}))
    assert steps_seen(other) == [20]
    assert rows(other).equals(rows(healthy(one.run())))


def test_a_link_with_train_starts_by_itself() -> None:
    """The button on the first page leads here."""
    app = healthy(visit("sentences", {**TINY, "train": "1", "task": "waswere", "versus": "gru", "seed": "13"}))
    look_until(app, lambda app: steps_seen(app) == [20, 20])
    assert "50 %" in sentence(app)
    assert set(rows(app, "answer")["answer"]) == {"was", "were"}


@pytest.fixture
def hand(monkeypatch: pytest.MonkeyPatch) -> ByHand:
    """The server's trainings wait for the test; a piece is as short as a piece can be."""
    hand = ByHand()
    scheduler = Scheduler(hand)
    monkeypatch.setattr("pages.results.jobs._open", lambda: scheduler)
    for name in ("PIECE", "FIRST"):
        monkeypatch.setattr(f"core.execution.jobs.{name}", 0.0)
    return hand


def test_stop_keeps_what_is_there(hand: ByHand) -> None:
    """Frames stay in view; Train goes on from there."""
    app = healthy(visit("sentences", {**TINY, "steps": "40", "seed": "14", "versus": "none"}))
    app.button(key="sentences-go").click()
    healthy(app.run())
    assert "Stop" in buttons(app)
    hand.answer()
    healthy(app.run())
    (reached,) = steps_seen(app)
    assert reached < 40 and "Stop" in buttons(app)
    frames = len(rows(app, "score"))
    app.button(key="sentences-go").click()  # Stop
    healthy(app.run())
    assert "Train" in buttons(app) and "Stop" not in buttons(app)
    assert steps_seen(app) == [reached]
    assert len(rows(app, "score")) == frames
    assert "train" not in app.query_params
    app.button(key="sentences-go").click()  # Train
    healthy(app.run())
    while hand.calls:
        hand.answer()
    healthy(app.run())
    assert steps_seen(app) == [40]


def test_a_run_that_blows_up_says_what_to_do() -> None:
    """With what is left of it still in view."""
    wild = {"cell": "relu", "versus": "none", "gap": "30", "gain": "10", "train": "1", "mixed": "0"}
    wild |= {"optimiser": "sgd", "learning_rate": "10", "clip": "0"}
    app = healthy(visit("sentences", wild))
    look_until(app, lambda app: app.warning)
    (warning,) = app.warning
    assert "blew up" in warning.value
    assert "learning rate" in warning.value and "clip" in warning.value
    assert "Stop" not in buttons(healthy(app.run()))


def test_a_training_that_can_not_go_on_says_so(hand: ByHand) -> None:
    """And stops, until Train is pressed once more."""
    app = healthy(visit("sentences", {**TINY, "train": "1", "versus": "none", "seed": "15"}))
    hand.fail(MemoryError("no more"))
    healthy(app.run())
    (warning,) = app.warning
    assert "more memory" in warning.value
    assert not hand.calls
    healthy(app.run())
    assert "more memory" in app.warning[0].value
    assert not hand.calls
    assert "Train" in buttons(app)
    app.button(key="sentences-go").click()
    healthy(app.run())
    assert not app.warning
    assert len(hand.calls) == 1
