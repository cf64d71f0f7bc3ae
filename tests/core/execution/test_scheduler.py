"""The scheduler with workers that wait for the test: who is served, who is told what, and what stays."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

import core
from core.execution import jobs
from core.execution.jobs import Progress
from core.execution.scheduler import Scheduler
from tests.core.execution.by_hand import SMALL, WAIT, AtOnce, ByHand, same, trained
from tests.core.execution.test_pieces import BLOWS_UP

OTHER = replace(SMALL, seed=1)
THIRD = replace(SMALL, seed=2)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[float], None]]:
    """Time stands still, and a piece is as short as a piece can be; ``clock(3)`` lets 3 s pass."""
    now = [1000.0]
    for name in ("PIECE", "FIRST"):
        monkeypatch.setattr(jobs, name, 0.0)
    for module in ("jobs", "turns", "scheduler"):
        monkeypatch.setattr(f"core.execution.{module}.time", Clock(now))

    def passes(seconds: float) -> None:
        now[0] += seconds

    yield passes


class Clock:
    """In the place of the module ``time``."""

    def __init__(self, now: list[float]) -> None:
        self.monotonic = lambda: now[0]


pytestmark = pytest.mark.usefixtures("clock")


def rest(scheduler: Scheduler, hand: ByHand, *experiments: core.Experiment) -> list[Progress]:
    """Ada watches, and the workers work, until all is done."""
    work = scheduler.watch("ada", experiments)
    while not all(each.finished for each in work):
        hand.answer()
        work = scheduler.watch("ada", experiments)
    return work


def test_a_watched_training_goes_on_to_the_end() -> None:
    """Piece by piece, one at a time, with the result of one long training; then nothing more is asked for."""
    hand = ByHand(workers=2)
    scheduler = Scheduler(hand)
    (work,) = scheduler.watch("ada", [SMALL])
    assert not work.finished and work.run.step == 0
    seen = [0]
    while hand.calls:
        assert len(hand.calls) == 1
        hand.answer()
        seen.append(scheduler.seen(SMALL).run.step)
        assert same(scheduler.seen(SMALL).run, trained(steps=seen[-1]))
    assert seen == sorted(set(seen)) and len(seen) > 10
    (work,) = scheduler.watch("ada", [SMALL])
    assert work.finished and not work.problem and same(work.run, trained())
    assert not hand.calls


def test_seeing_asks_for_nothing() -> None:
    """However often."""
    hand = ByHand()
    scheduler = Scheduler(hand)
    assert all(scheduler.seen(SMALL).run.step == 0 for _ in range(3))
    assert not hand.calls


def test_equal_experiments_are_one_run() -> None:
    """For thirty students as many pieces as for one."""
    counts = []
    for students in (1, 30):
        hand = ByHand(workers=2)
        scheduler = Scheduler(hand)
        twin = core.Experiment(core.Recurrent(hidden=4, embedding=2), core.France(gap=2), SMALL.training)
        for _ in range(2):
            for i in range(students):
                scheduler.watch(f"student {i}", [twin if i % 2 else SMALL])
        while hand.calls:
            assert len(hand.calls) == 1
            hand.answer()
        assert all(same(scheduler.watch(f"student {i}", [twin])[0].run, trained()) for i in range(students))
        counts.append(scheduler.counts())
    assert counts[0]["pieces_total"] == counts[1]["pieces_total"] > 10
    assert counts[0]["steps_total"] == counts[1]["steps_total"] == SMALL.training.steps
    assert [each["memory_hits_total"] for each in counts] == [0, 29]


def test_one_under_way_and_one_at_hand_for_each_worker() -> None:
    """The rest can still be dropped."""
    hand = ByHand(workers=2)
    scheduler = Scheduler(hand, per_student=100)
    scheduler.watch("ada", [replace(SMALL, seed=seed) for seed in range(10)])
    assert len(hand.calls) == 4
    hand.answer()
    assert len(hand.calls) == 4


STOPS: dict[str, Callable[[Scheduler, Callable[[float], None]], object]] = {
    "stop": lambda scheduler, clock: scheduler.watch("ada", []),
    "other": lambda scheduler, clock: scheduler.watch("ada", [OTHER]),
    "leave": lambda scheduler, clock: scheduler.leave("ada"),
    "silence": lambda scheduler, clock: clock(jobs.PATIENCE + 1),
}


@pytest.mark.parametrize("stop", STOPS)
def test_stopping(clock: Callable[[float], None], stop: str) -> None:
    """After the piece under way, which is kept, nothing more is asked for; and it goes on from there, repeating nothing."""
    hand = ByHand()
    scheduler = Scheduler(hand)
    scheduler.watch("ada", [SMALL])
    hand.answer()
    STOPS[stop](scheduler, clock)
    while hand.calls:
        hand.answer()
    assert scheduler.seen(SMALL).run.step == 2
    assert scheduler.seen(OTHER).run.done == (stop == "other")
    assert (scheduler.counts()["runs_parked"], scheduler.counts()["runs_active"]) == (1, 0)
    scheduler.watch("bob", [SMALL])
    while hand.calls:
        hand.answer()
    assert same(scheduler.seen(SMALL).run, trained())
    assert scheduler.counts()["steps_total"] == sum(scheduler.seen(each).run.step for each in (SMALL, OTHER))


def test_places_in_the_queue(clock: Callable[[float], None]) -> None:
    """0 for those that take turns; then 1, 2, …, at once and for each student as it is for them."""
    hand = ByHand()
    scheduler = Scheduler(hand, runs=1)
    for name, each in (("ada", SMALL), ("bob", OTHER), ("carl", THIRD)):
        (work,) = scheduler.watch(name, [each])
        assert work.place == ["ada", "bob", "carl"].index(name)
    first, second = scheduler.watch("ada", [SMALL, OTHER])
    assert (first.place, second.place) == (0, 1)
    scheduler.leave("ada")
    scheduler.leave("bob")
    clock(1)
    assert scheduler.watch("carl", [THIRD])[0].place == 0
    assert scheduler.counts()["runs_active"] == 1


def test_what_is_to_be_expected(clock: Callable[[float], None], monkeypatch: pytest.MonkeyPatch) -> None:
    """From the time of the steps so far: two runs of 40 steps, a second a step, on one worker."""
    monkeypatch.setattr("core.execution.pieces.time", Ticking())
    hand = ByHand()
    scheduler = Scheduler(hand)
    scheduler.watch("ada", [SMALL])
    (unknown,) = scheduler.watch("ada", [SMALL])
    assert unknown.wait != unknown.wait and unknown.remaining != unknown.remaining
    hand.answer()
    clock(1)
    (work,) = scheduler.watch("ada", [SMALL])
    assert work.remaining == pytest.approx(39) and work.wait == pytest.approx(1)
    (other,) = scheduler.watch("bob", [OTHER])
    assert other.remaining == pytest.approx(78), "as long as the other, sharing the worker"
    assert other.wait == pytest.approx(1), "a step of the one that is known"


class Ticking:
    """A clock by which every look is a second after the last."""

    def __init__(self) -> None:
        self.now = 0.0

    def monotonic(self) -> float:
        """Later than before."""
        self.now += 1
        return self.now


def test_a_run_that_blows_up_is_finished() -> None:
    """It is no problem of the server's, and nothing more is asked for."""
    hand = ByHand()
    scheduler = Scheduler(hand)
    (work,) = rest(scheduler, hand, BLOWS_UP)
    assert work.finished and not work.problem and same(work.run, trained(BLOWS_UP))
    assert not hand.calls


def test_an_answer_may_come_before_the_question_is_over() -> None:
    """A worker that is done before ``submit`` returns calls back in the same thread: no deadlock."""
    scheduler = Scheduler(AtOnce())
    many = replace(
        SMALL, training=replace(SMALL.training, steps=1000)
    )  # pieces, one inside the other if it did not know
    thread = threading.Thread(target=scheduler.watch, args=("ada", [many, OTHER]), daemon=True)
    thread.start()
    thread.join(WAIT / 6)
    assert not thread.is_alive(), "it waits for itself"
    assert same(scheduler.seen(many).run, trained(many)) and same(scheduler.seen(OTHER).run, trained(OTHER))
