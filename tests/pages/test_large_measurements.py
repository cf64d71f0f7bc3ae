"""What takes too long for a page's own thread is measured by a worker: words meanwhile, then the same picture."""

import time
from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest
from visiting import PROFILES, healthy, rows, visit
from visiting import asked as asked_for

from core import Blobs, Experiment, FeedForward, France, Noise, Recurrent, Training
from core.execution.effort import multiplications
from core.execution.jobs import Answer
from core.instruments import starts
from core.instruments.starts import Fan
from core.networks import Network
from core.tasks import Task
from pages.results import cost

WAIT = 60  # seconds until a test gives up; nothing is timed
START = {"home": {"cell": "gru"}, "depth": {"depth": "12"}, "time": {"length": "20"}}


def until(app: AppTest, condition: Callable[[AppTest], object], what: str) -> AppTest:
    """Draws the page again and again, as it does by itself in a browser."""
    deadline = time.monotonic() + WAIT
    while not condition(app):
        assert time.monotonic() < deadline, f"waited in vain for {what}"
        healthy(app.run())
    return app


def measuring(app: AppTest) -> bool:
    """Whether the page says that it is not done."""
    return any("Measuring" in each.value for each in (*app.info, *app.caption))


@pytest.mark.parametrize("page", PROFILES)
def test_a_worker_finds_the_same(page: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """To the last bit: curve, band, theory, curves for comparison, and what is said of them."""
    query = START[page] | {"seed": "4711"}
    wanted = healthy(visit(page, query))
    monkeypatch.setattr(cost, "HEAVY", 0)
    app = until(visit(page, query), lambda app: not measuring(app), "the picture")
    assert rows(app).to_csv() == rows(wanted).to_csv()
    assert [each.value for each in app.markdown] == [each.value for each in wanted.markdown]
    assert set(rows(app)["role"]) >= ({"measured", "theory", "ghost"} if page == "home" else {"measured", "theory"})


def test_words_and_controls_while_a_worker_measures(monkeypatch: pytest.MonkeyPatch) -> None:
    """The old picture stays, and can't be taken for the new one; sliders go on working; what is passed over is given up."""
    app = healthy(visit("time", {"hidden": "8", "seed": "4712"}))
    before = rows(app)
    asked: list[Experiment] = []

    def never(_instrument: Fan, experiment: Experiment, *_: object, patience: float = 0.0) -> Answer:
        asked.append(experiment)
        return Answer(since=3.0)

    with monkeypatch.context() as patch:
        patch.setattr("pages.questions.show.result", never)
        for length in (30, 40):
            app.slider(key="time-length").set_value(length)
            healthy(app.run())
            assert measuring(app) and "3 s" in next(each.value for each in app.info if "Measuring" in each.value)
            assert rows(app).to_csv() == before.to_csv()
            assert not [key for key in app.session_state["drawn charts"] if key.startswith("time-")]
            assert asked_for(app)["length"] == str(length)
    assert [getattr(each.task, "length", 0) for each in dict.fromkeys(asked)] == [30, 40]
    app = until(app, lambda app: not measuring(app), "the picture")
    assert rows(app).to_csv() != before.to_csv() and list(app.session_state["drawn charts"]) == ["time-chart"]


def test_the_first_sight_of_a_large_network_has_axes(monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty picture keeps the place of what will come; a guess can be made meanwhile."""
    monkeypatch.setattr("pages.questions.show.result", lambda *_, **__: Answer())
    app = healthy(visit("depth", {"seed": "4713"}))
    assert measuring(app) and rows(app).empty
    app = healthy(visit("depth", {"guess": "1"}))
    next(each for each in app.button_group if "guess-" in (each.key or "")).set_value("a tenth to all of it")
    assert any("as soon as all is known" in each.value for each in healthy(app.run()).info)


@pytest.mark.parametrize("heavy", [True, False], ids=["worker", "page"])
def test_what_can_not_be_measured_is_said(heavy: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """Wherever it was tried, and it can be tried again."""
    if heavy:
        monkeypatch.setattr(cost, "HEAVY", 0)
        monkeypatch.setattr(Fan, "calls", lambda *_: ((Training, ("none",)),))  # raises SpecError
    else:
        monkeypatch.setattr(starts, "measure_many", lambda *_: Training("none"))
    seed = str(4714 + heavy)
    app = until(visit("time", {"seed": seed}), lambda app: not measuring(app), "the words")
    (warning,) = app.warning
    assert "must be one of" in warning.value and not app.get("vega_lite_chart")
    assert any(each.key == "time-retry" for each in app.button)


@pytest.mark.parametrize(
    ("network", "task"),
    [
        (Recurrent(), France()),
        (Recurrent(), Noise(length=200)),
        (Recurrent(cell="lstm"), Noise(length=200)),
        (FeedForward(depth=100), Blobs()),
    ],
)
def test_what_the_sliders_reach_by_themselves_is_no_work_for_workers(network: Network, task: Task) -> None:
    """With the folded settings as they are; the largest that a link can ask for is."""
    assert multiplications(Experiment(network, task), 6) < cost.HEAVY
    large = Experiment(Recurrent(cell="lstm", hidden=128, layers=4), Noise(length=400))
    assert multiplications(large, 6) > 20 * cost.HEAVY
