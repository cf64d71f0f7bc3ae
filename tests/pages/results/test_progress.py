"""What a waiting visitor is told, and how often the page looks."""

import math
from dataclasses import replace

import pytest

import core
from core.execution.jobs import Progress
from pages.results.progress import OFTEN, SELDOM, expected, interval, rest, seconds
from tests.core.execution.by_hand import SMALL, trained

NEW, HALF, DONE = Progress(core.start(SMALL)), Progress(trained(steps=20)), Progress(trained())
FAILED = replace(HALF, problem="It could not go on.")


@pytest.mark.parametrize(
    ("number", "words"),
    [(0.2, "1 s"), (3.4, "3 s"), (89.4, "89 s"), (90.0, "2 min"), (150.0, "2 min"), (3000.0, "50 min")],
)
def test_durations(number: float, words: str) -> None:
    """As people say them; never 0."""
    assert seconds(number) == words


def test_nothing_goes_on() -> None:
    """What can be done then."""
    assert "Train" in rest([NEW]) and "Not trained" in rest([NEW, NEW])
    assert rest([HALF, NEW]).startswith("Stopped") and rest([DONE, HALF]).startswith("Stopped")
    assert rest([DONE]).startswith("Done") and rest([DONE, DONE]).startswith("Done")


def test_taking_turns() -> None:
    """The last one's end counts; the pace is said only where it is slow."""
    quick, slow = replace(HALF, wait=0.4, remaining=7.0), replace(HALF, wait=4.0, remaining=200.0)
    assert expected([quick]) == "About 7 s to go."
    assert expected([DONE, quick]) == "About 7 s to go."
    assert expected([slow]) == "About 3 min to go, moving on about every 4 s."
    assert "3 min" in expected([quick, slow]) and "every" not in expected([quick, slow])
    assert expected([NEW]) == "Waiting for the first steps …"
    assert expected([DONE, FAILED]) == "Done."


def test_in_the_queue() -> None:
    """The place, and the wait where it is known; somebody with one run that goes on is not in the queue."""
    queued, unknown = replace(NEW, place=3, wait=70.2, remaining=90.0), replace(NEW, place=12)
    assert "Place 3 in the queue; its turn comes in about 70 s." in expected([queued])
    assert "Place 3 in the queue" in expected([unknown, queued])
    assert expected([unknown]).endswith("Place 12 in the queue.")
    assert "queue" not in expected([queued, replace(HALF, wait=0.2, remaining=9.0)])


def test_how_often_the_page_looks() -> None:
    """Not at all when all is done; twice while a run moves on once; within bounds."""
    assert interval([]) is None and interval([DONE, FAILED]) is None
    for wait, every in ((math.nan, OFTEN), (0.2, OFTEN), (1.0, 1.0), (2.0, 2.0), (60.0, SELDOM)):
        assert interval([DONE, replace(HALF, wait=wait)]) == every
    assert interval([replace(HALF, wait=60.0), replace(HALF, wait=2.0)]) == 2.0


def test_it_does_not_change_its_mind_all_the_time() -> None:
    """Each change draws the page anew: only when it is off by more than a factor of two."""
    for wait, now, every in ((1.0, 0.6, 0.6), (1.0, 1.9, 1.9), (1.0, 0.4, 1.0), (1.0, 2.5, 1.0), (0.2, 2.0, OFTEN)):
        assert interval([replace(HALF, wait=wait)], now) == every
    assert interval([DONE], 1.0) is None
