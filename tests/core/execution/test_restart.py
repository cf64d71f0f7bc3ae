"""A scheduler with saved runs: what is written when, and what another server finds."""

from collections.abc import Callable

import pytest

from core.execution import jobs, scheduler
from core.execution.scheduler import Scheduler
from tests.core.execution.by_hand import SMALL, ByHand, same, trained
from tests.core.execution.test_saved_runs import Open, opened
from tests.core.execution.test_scheduler import clock

__all__ = ["clock", "opened"]


@pytest.mark.usefixtures("clock")
def test_another_server_goes_on_from_there(opened: Open) -> None:
    """Closed in the middle of a piece, which is lost; the next one repeats that and nothing else."""
    hand = ByHand()
    first = Scheduler(hand, opened())
    first.watch("ada", [SMALL])
    while first.seen(SMALL).run.step < 11:
        hand.answer()
    first.close()
    hand.answer()
    assert first.seen(SMALL).run.step == 11 and not hand.calls, "nothing is taken any more"
    hand = ByHand()
    second = Scheduler(hand, opened())
    (work,) = second.watch("ada", [SMALL])
    assert same(work.run, trained(steps=11))
    while hand.calls:
        hand.answer()
    assert same(second.seen(SMALL).run, trained())
    assert second.counts()["steps_total"] == SMALL.training.steps - 11
    second.close()
    hand = ByHand()
    third = Scheduler(hand, opened())
    assert third.watch("ada", [SMALL])[0].finished and not hand.calls
    assert third.counts()["store_hits_total"] == 1


def test_when_it_is_written(opened: Open, clock: Callable[[float], None]) -> None:
    """When it is done, when nobody waits any more, when it is forgotten, and every few seconds: not at each piece."""
    one = opened()
    kept: list[int] = []
    one.keep = lambda run: kept.append(run.step)  # type: ignore[method-assign]
    hand = ByHand()
    there = Scheduler(hand, one, kept=1)
    there.watch("ada", [SMALL])
    for _ in range(5):
        hand.answer()
    assert kept == []
    for _ in range(3):
        clock(scheduler.SAVE_AFTER / 2 + 1)
        there.watch("ada", [SMALL])
        hand.answer()
    assert kept == [7]
    there.leave("ada")
    hand.answer()
    assert kept == [7, 9]
    there.watch("ada", [SMALL])
    hand.answer()
    clock(jobs.PATIENCE + 1)
    hand.answer()
    assert kept == [7, 9, 11]
    there.watch("ada", [SMALL])
    hand.answer()
    hand.fail(OSError("lost"))
    clock(jobs.PATIENCE + 1)
    assert there.counts()["runs_parked"] == 1
    assert kept == [7, 9, 11, 12]
    there.watch("ada", [SMALL])
    while hand.calls:
        hand.answer()
    assert kept == [7, 9, 11, 12, SMALL.training.steps]
