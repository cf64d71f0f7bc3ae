"""Training in a real browser: it runs, it can be watched, scrubbed and stopped, and nothing stands still meanwhile."""

import os
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path

from tab import Tab

Visit = Callable[..., Tab]
SMALL = "/sentences?gap=3&hidden=8&film_every=10"
LONG = "/sentences?gap=60&steps=3000&hidden=64&film_every=100"


def train(tab: Tab) -> None:
    """Presses Train or Stop, whichever is there."""
    tab.page.locator(".st-key-sentences-go button").click()


def button(tab: Tab) -> str:
    """What that button says; nothing when there is none."""
    texts = tab.page.locator(".st-key-sentences-go button").all_inner_texts()
    return texts[0].split("\n")[-1].strip() if texts else ""


def test_a_training_runs_to_its_end_and_can_be_scrubbed(visit: Visit) -> None:
    """Frames come, the text counts them; afterwards the slider in the chart shows any of them without asking the server."""
    tab = visit(SMALL + "&steps=60&seed=101")
    assert not tab.marks("score")
    train(tab)
    tab.until(lambda: tab.marks("score"), "the first frame")
    tab.until(lambda: tab.text().count("after 60 steps") == 2, "the end of both")
    tab.until(lambda: button(tab) == "", "the button to go")
    tab.idle()
    tab.until(lambda: len(tab.marks("score")) >= 14, "seven frames of two networks")
    at_end = tab.marks("profile")
    assert at_end and all('"step":60' in each for each in at_end)
    shown = tab.page.locator("input[name=shown]")
    assert shown.count() == 1
    tab.watch.sent.clear()
    shown.fill("20")
    tab.until(lambda: tab.marks("profile") != at_end, "another profile")
    assert all('"step":20' in each for each in tab.marks("profile"))
    assert all('"step":20' in each for each in tab.marks("answer"))
    shown.fill("60")
    tab.until(lambda: tab.marks("profile") == at_end, "the last profile again")
    assert tab.watch.sent == []


def test_scrubbing_during_a_training_is_not_undone(visit: Visit) -> None:
    """New frames arrive as data; the slider in the chart stays where it was put."""
    tab = visit(LONG + "&versus=none&seed=102&train=1")
    tab.until(lambda: len(tab.marks("score")) >= 2, "two frames")
    shown = tab.page.locator("input[name=shown]")
    shown.fill("0")
    seen = len(tab.marks("score"))
    tab.until(lambda: len(tab.marks("score")) > seen, "more frames")
    assert shown.input_value() == "0"
    assert all('"step":0' in each for each in tab.marks("profile"))
    train(tab)
    tab.until(lambda: button(tab) == "Train", "the stop")


def test_stop_keeps_the_frames_and_train_goes_on(visit: Visit) -> None:
    """The address says whether it is on."""
    tab = visit(LONG + "&versus=none&seed=103")
    train(tab)
    tab.until(lambda: tab.query.get("train") == "1", "the address")
    tab.until(lambda: len(tab.marks("score")) >= 2, "frames")
    assert button(tab) == "Stop"
    train(tab)
    tab.until(lambda: button(tab) == "Train", "the stop")
    tab.idle()
    assert "train" not in tab.query
    kept = tab.marks("score")
    assert len(kept) >= 2
    train(tab)
    tab.until(lambda: len(tab.marks("score")) > len(kept), "more frames")
    assert set(kept) <= set(tab.marks("score"))
    train(tab)
    tab.until(lambda: button(tab) == "Train", "the stop")


def test_a_slider_answers_while_somebody_trains(visit: Visit) -> None:
    """The training is still going on when the other visitor's chart has followed."""
    training = visit(LONG + "&seed=104&train=1")
    training.until(lambda: training.marks("score"), "a frame")
    other = visit("/time?radius=0.7")
    before = other.marks("measured")
    other.press("time-radius", "ArrowRight")
    other.until(lambda: other.marks("measured") != before, "other numbers")
    other.idle()
    assert other.query == {"radius": "0.75"}
    assert button(training) == "Stop"
    train(training)
    training.until(lambda: button(training) == "Train", "the stop")


def test_first_page_leads_to_a_training(visit: Visit) -> None:
    """The button under the picture takes cell and gap along and starts."""
    tab = visit("/?cell=gru&gap=4")
    tab.page.locator(".st-key-home-train button").click()
    tab.until(lambda: "/sentences" in tab.page.url and tab.query.get("train") == "1", "the other page")
    assert tab.query.items() >= {"cell": "gru", "gap": "4", "train": "1"}.items()
    tab.until(lambda: tab.marks("score"), "a frame")
    tab.until(lambda: button(tab) in ("Stop", ""), "the button")
    if button(tab):
        train(tab)


def test_a_killed_worker_costs_only_time(visit: Visit, server: subprocess.Popen[bytes]) -> None:
    """Every worker is killed during a training, one of them at work: it ends all the same, without a word."""
    tab = visit(SMALL + "&steps=1000&seed=105&train=1&versus=none")
    tab.until(lambda: tab.marks("score"), "a frame")
    victims = workers(server.pid)
    assert victims
    for pid in victims:
        os.kill(pid, signal.SIGKILL)
    alert = tab.page.locator("[data-testid=stAlert]")
    tab.until(lambda: "after 1000 steps" in tab.text() or alert.count(), "the end")
    tab.idle()
    assert alert.all_inner_texts() == []
    assert server.poll() is None
    assert not set(victims) & set(workers(server.pid))


def workers(pid: int) -> list[int]:
    """The processes that do the work: not the children of ``pid``, which fork them and watch, but the grandchildren."""
    parents = {each: _parent(each) for each in _processes()}
    return [each for each, parent in parents.items() if parents.get(parent) == pid]


def _processes() -> list[int]:
    return [int(path.name) for path in Path("/proc").iterdir() if path.name.isdecimal()]


def _parent(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
    except (FileNotFoundError, ProcessLookupError):
        return 0
