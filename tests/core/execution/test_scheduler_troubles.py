"""The scheduler when something goes wrong: what is lost is asked for again, what can't be is said in words."""

from collections.abc import Callable
from dataclasses import replace

import pytest

import core
from core.execution import jobs_in_memory
from core.execution.pool import WorkerDied
from core.execution.scheduler import RETRIES, Scheduler
from tests.core.execution.by_hand import SMALL, AtOnce, ByHand, Closed, same, trained
from tests.core.execution.test_scheduler import OTHER, THIRD, clock

__all__ = ["clock"]
pytestmark = pytest.mark.usefixtures("clock")
Passes = Callable[[float], None]
LOST = [WorkerDied("killed"), OSError("too many open files"), ConnectionResetError("gone"), "cancelled"]


@pytest.mark.parametrize("error", LOST, ids=repr)
def test_a_lost_piece_is_asked_for_again(clock: Passes, error: Exception | str) -> None:
    """After a moment, by whoever looks next; some times; and nothing of it is seen in the result."""
    hand = ByHand()
    scheduler = Scheduler(hand)
    scheduler.watch("ada", [SMALL])
    while scheduler.seen(SMALL).run.step < 3:
        hand.answer()
    for lost in range(2 * RETRIES):
        if lost == RETRIES:  # one that succeeds: it begins to count anew
            hand.answer()
        hand.cancel() if isinstance(error, str) else hand.fail(error)
        assert not hand.calls, "not at once"
        (work,) = scheduler.watch("ada", [SMALL])
        assert not hand.calls and not work.finished
        clock(2)
        scheduler.watch("ada", [SMALL])
        assert len(hand.calls) == 1
    while hand.calls:
        hand.answer()
        scheduler.watch("ada", [SMALL])
    assert same(scheduler.seen(SMALL).run, trained())
    assert scheduler.counts()["pieces_failed_total"] == 2 * RETRIES


def test_lost_pieces_are_asked_for_again_one_at_a_time(clock: Passes) -> None:
    """One that kills its worker takes along what was waiting there, but not as often as it is repeated itself."""
    hand = ByHand(workers=2)
    scheduler = Scheduler(hand)
    wanted = [SMALL, OTHER, THIRD]
    scheduler.watch("ada", wanted)
    for _ in wanted:
        hand.fail(WorkerDied("killed"))
    clock(2)
    scheduler.watch("ada", wanted)
    assert len(hand.calls) == 1
    hand.answer()
    assert len(hand.calls) == 2, "that one goes on, beside the next that is in doubt"
    while hand.calls:
        hand.answer()
    assert all(work.run.done for work in scheduler.watch("ada", wanted))


def test_a_piece_that_is_always_lost_is_given_up(clock: Passes, caplog: pytest.LogCaptureFixture) -> None:
    """With words that tell no more than a student needs; ``renew`` and another look try again."""
    hand = ByHand()
    scheduler = Scheduler(hand)
    scheduler.watch("ada", [SMALL])
    hand.answer()
    for _ in range(1 + RETRIES):
        hand.fail(WorkerDied("4 workers died"))
        clock(2)
        (work,) = scheduler.watch("ada", [SMALL])
    assert work.finished and "could not go on" in work.problem and work.run.step == 1
    assert "4 workers died" in caplog.text and "4 workers" not in work.problem
    scheduler.watch("ada", [SMALL])
    assert not hand.calls
    scheduler.renew(SMALL)
    (work,) = scheduler.watch("ada", [SMALL])
    assert not work.finished and len(hand.calls) == 1
    while hand.calls:
        hand.answer()
    assert same(scheduler.seen(SMALL).run, trained())


def test_a_failing_piece_is_said(caplog: pytest.LogCaptureFixture) -> None:
    """At once, with what it had; the log has the details, the page has no traceback."""
    hand = ByHand()
    scheduler = Scheduler(hand)
    scheduler.watch("ada", [SMALL])
    hand.answer()
    error = ZeroDivisionError("by nothing")
    error.add_note("Traceback: in the worker, line 3")
    hand.fail(error)
    (work,) = scheduler.watch("ada", [SMALL])
    assert work.finished and work.run.step == 1 and not hand.calls
    assert "ZeroDivisionError" in work.problem and "Traceback" not in work.problem and "line" not in work.problem
    assert "by nothing" in caplog.text and "line 3" in caplog.text


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (MemoryError("no more"), "more memory than a worker"),
        (core.SpecError("the gap must be smaller"), "the gap must be smaller."),
    ],
)
def test_what_a_student_can_do_about(error: Exception, words: str) -> None:
    """Is said in their words, at once."""
    hand = ByHand()
    scheduler = Scheduler(hand)
    scheduler.watch("ada", [SMALL])
    hand.fail(error)
    assert words in scheduler.watch("ada", [SMALL])[0].problem
    assert not hand.calls


def test_one_that_fails_is_no_concern_of_others() -> None:
    """Of the same student or of another."""
    hand = ByHand()
    scheduler = Scheduler(hand)
    scheduler.watch("bob", [THIRD])
    scheduler.watch("ada", [SMALL, OTHER])
    hand.answer()
    hand.fail(ZeroDivisionError())
    while hand.calls:
        hand.answer()
    runs = [scheduler.seen(each) for each in (SMALL, OTHER, THIRD)]
    assert [bool(each.problem) for each in runs].count(True) == 1
    assert sum(each.run.done for each in runs) == 2


def test_a_pool_that_takes_nothing_is_a_problem_not_an_exception(clock: Passes) -> None:
    """From the beginning, or from some time on, when nobody is there to catch what ``submit`` raises."""
    (work,) = Scheduler(Closed(RuntimeError("shut down"))).watch("ada", [SMALL])
    assert work.finished and "RuntimeError" in work.problem
    hand = ByHand()
    scheduler = Scheduler(hand)
    scheduler.watch("ada", [SMALL])
    hand.submit = Closed(OSError("no process")).submit  # type: ignore[method-assign]
    hand.answer()
    for _ in range(1 + RETRIES):
        clock(2)
        (work,) = scheduler.watch("ada", [SMALL])
    assert work.finished and "OSError" in work.problem and work.run.step == 1


def test_what_is_told_of_pieces_may_ask_back() -> None:
    """From another thread's point of view: the scheduler's lock is free while others are told. Errors there do no harm."""
    told: list[float] = []
    free: list[bool] = []

    def note(seconds: float) -> None:
        told.append(seconds)
        free.append(not scheduler._lock._is_owned())  # type: ignore[attr-defined]
        raise ZeroDivisionError("in somebody's counters")

    hand = ByHand()
    scheduler = Scheduler(hand, on_piece=note)
    scheduler.watch("ada", [SMALL])
    hand.fail(OSError("lost"))
    assert not told
    scheduler.renew(SMALL)
    scheduler.watch("bob", [OTHER])
    while hand.calls:
        hand.answer()
    assert scheduler.seen(OTHER).run.done
    assert len(told) == scheduler.counts()["pieces_total"] and all(free)


def test_memory_is_bounded_by_number() -> None:
    """What was asked for longest ago is forgotten; nothing that somebody waits for."""
    hand = ByHand()
    scheduler = Scheduler(hand, kept=3)
    each = [replace(SMALL, seed=seed) for seed in range(5)]
    scheduler.watch("ada", each[:1])
    first = [scheduler.seen(one).run for one in each]
    again = [scheduler.seen(one).run for one in each]
    assert [one is other for one, other in zip(first, again, strict=True)] == [True, False, False, False, False]
    assert scheduler.seen(each[3]).run is again[3]
    scheduler.watch("bob", [replace(SMALL, seed=9)])
    assert scheduler.seen(each[3]).run is again[3], "it was asked for after 4"
    for seed in range(10, 20):
        scheduler.watch("bob", [replace(SMALL, seed=seed)])
        scheduler.leave("bob")
    assert len(scheduler._memory.jobs) <= 4, "three, and the one that a worker has"
    work = scheduler.watch("ada", each)
    assert all(one.run is other.run for one, other in zip(work, scheduler.watch("ada", each), strict=True))
    while hand.calls:
        hand.answer()
    assert all(one.finished for one in scheduler.watch("ada", each)), "though more than three"


def test_memory_is_bounded_by_size(monkeypatch: pytest.MonkeyPatch) -> None:
    """Large networks are forgotten sooner than their number tells."""
    large = [replace(SMALL, network=core.Recurrent(hidden=100), seed=seed) for seed in range(4)]
    monkeypatch.setattr(jobs_in_memory, "MEMORY", 2.5 * 100 * 116 * 4)
    scheduler = Scheduler(ByHand())
    runs = [scheduler.seen(each).run for each in large]
    assert scheduler.seen(large[3]).run is runs[3] and scheduler.seen(large[2]).run is runs[2]
    assert scheduler.seen(large[0]).run is not runs[0]


def test_answers() -> None:
    """A call is done once for all who ask; its words or its value come to all of them."""
    hand = ByHand(workers=2)
    scheduler = Scheduler(hand)
    asked = [scheduler.ask(name, divmod, 7, 2) for name in ("ada", "bob")]
    assert not any(each.finished for each in asked) and len(hand.calls) == 1
    hand.answer()
    assert [scheduler.ask(name, divmod, 7, 2).value for name in ("ada", "bob")] == [(3, 1)] * 2
    assert scheduler.ask("ada", divmod, 7, 2).finished and not hand.calls
    scheduler = Scheduler(AtOnce())
    wrong = scheduler.ask("ada", divmod, 7, 0)
    assert wrong.finished and "ZeroDivisionError" in wrong.problem and wrong.value is None


def test_long_calls_leave_a_worker_to_the_trainings() -> None:
    """With three workers two of them may be asked for something long."""
    hand = ByHand(workers=3)
    scheduler = Scheduler(hand)
    for i in range(5):
        scheduler.ask("ada", divmod, i + 1, 1)
    assert len(hand.calls) == 2
    scheduler.watch("bob", [SMALL])
    assert len(hand.calls) == 3


def test_a_call_that_takes_turns_is_not_in_the_queue() -> None:
    """Places are counted among trainings."""
    scheduler = Scheduler(ByHand(), runs=2)
    scheduler.ask("ada", divmod, 1, 1)
    scheduler.watch("bob", [SMALL])
    assert scheduler.watch("carl", [OTHER])[0].place == 1
