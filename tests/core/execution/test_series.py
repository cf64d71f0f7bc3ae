"""Series of calls: one after the other, given up between two of them, gone on with later."""

from collections.abc import Callable

import pytest

from core.execution.jobs import Call
from core.execution.scheduler import Scheduler
from core.fields import SpecError
from tests.core.execution.by_hand import AtOnce, ByHand
from tests.core.execution.test_scheduler import clock

__all__ = ["clock"]
pytestmark = pytest.mark.usefixtures("clock")
ONE: tuple[Call, ...] = ((divmod, (7, 2)), (divmod, (9, 4)))
OTHER: tuple[Call, ...] = ((divmod, (1, 1)),)


def refuse() -> None:
    """As an instrument that has no answer."""
    raise SpecError("not for these settings")


def test_calls_are_made_one_after_the_other() -> None:
    """The value is there when all of them have been made, and then nothing more is asked for."""
    hand = ByHand(workers=4)
    scheduler = Scheduler(hand)
    for left in (2, 1):
        (answer,) = scheduler.ask_series("ada", [ONE])
        assert len(hand.calls) == 1 and not answer.finished and answer.value is None, left
        hand.answer()
    (answer,) = scheduler.ask_series("ada", [ONE])
    assert answer.finished and answer.value == ((3, 1), (2, 1)) and not hand.calls
    assert scheduler.counts()["answers_total"] == 1


def test_asking_for_another_gives_up_the_one_before() -> None:
    """At once, but for the call under way; it goes on from there when somebody asks again."""
    hand = ByHand()
    scheduler = Scheduler(hand)
    scheduler.ask_series("ada", [ONE])
    scheduler.ask_series("ada", [OTHER])
    hand.answer()
    hand.answer()
    assert scheduler.ask_series("ada", [OTHER])[0].value == ((1, 0),)
    assert not hand.calls, "nobody waits for the rest of the first"
    scheduler.ask_series("ada", [ONE])
    hand.answer()
    assert scheduler.ask_series("ada", [ONE])[0].value == ((3, 1), (2, 1)) and not hand.calls


def test_what_another_student_waits_for_goes_on() -> None:
    """And so do single calls, such as a verdict on the same page."""
    hand = ByHand(workers=4)
    scheduler = Scheduler(hand)
    scheduler.ask("ada", divmod, 5, 5)
    for student in ("ada", "bob"):
        scheduler.ask_series(student, [ONE])
    scheduler.ask_series("ada", [])
    while hand.calls:
        hand.answer()
    assert scheduler.ask_series("bob", [ONE])[0].finished and scheduler.ask("ada", divmod, 5, 5).finished


@pytest.mark.parametrize("leave", [True, False], ids=["leaves", "falls silent"])
def test_who_has_gone_gets_nothing_more(clock: Callable[[float], None], leave: bool) -> None:
    """A closed tab says so, or is not heard of any more."""
    hand = ByHand()
    scheduler = Scheduler(hand)
    scheduler.ask_series("ada", [ONE])
    scheduler.leave("ada") if leave else clock(6)
    hand.answer()
    assert not hand.calls


def test_what_can_not_be_done_is_said_and_tried_again() -> None:
    """In the call's own words; what has been done before stays done."""
    hand = ByHand()
    scheduler = Scheduler(hand)
    calls: tuple[Call, ...] = (*OTHER, (refuse, ()))
    scheduler.ask_series("ada", [calls])
    hand.answer()
    hand.fail(SpecError("not for these settings"))
    (answer,) = scheduler.ask_series("ada", [calls])
    assert answer.finished and answer.problem == "not for these settings." and answer.value is None
    scheduler.renew(calls)
    scheduler.ask_series("ada", [calls])
    assert len(hand.calls) == 1


def test_an_answer_may_come_before_the_question_is_over() -> None:
    """Of all calls at once."""
    assert Scheduler(AtOnce()).ask_series("ada", [ONE, OTHER])[1].value == ((1, 0),)
