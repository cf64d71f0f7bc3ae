"""What somebody has brought along is forgotten when he says so, whatever the worker is doing."""

import gc
import weakref

from core.execution.scheduler import Scheduler
from tests.core.execution.by_hand import ByHand


class Brought:
    """An argument that can be watched: equal to nothing else."""


def count(brought: Brought) -> int:
    """Something that a worker does."""
    return 1


def test_a_forgotten_answer_is_gone() -> None:
    """Arguments too, as soon as a worker is asked for anything else; asked again, it is worked on again."""
    hand = ByHand()
    scheduler = Scheduler(hand)
    brought = Brought()
    gone = weakref.ref(brought)
    scheduler.ask("ada", count, brought)
    hand.answer()
    assert scheduler.ask("ada", count, brought).value == 1
    assert scheduler.known(count, brought) is not None
    scheduler.forget(count, brought)
    assert scheduler.known(count, brought) is None
    assert not scheduler.ask("ada", count, brought).finished
    hand.answer()
    assert scheduler.ask("ada", count, brought).finished
    scheduler.forget(count, brought)
    scheduler.forget(count, brought)
    scheduler.ask("bob", divmod, 7, 2)
    del brought
    gc.collect()
    assert gone() is None


def test_forgetting_what_is_being_worked_on() -> None:
    """The worker ends unseen; a new question about the same is a new job."""
    hand = ByHand()
    scheduler = Scheduler(hand)
    brought = Brought()
    scheduler.ask("ada", count, brought)
    scheduler.forget(count, brought)
    assert not scheduler.ask("ada", count, brought).finished
    while hand.calls:
        hand.answer()
    assert scheduler.ask("ada", count, brought).value == 1
    assert not hand.calls
