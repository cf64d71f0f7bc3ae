"""What somebody has brought along is forgotten when they say so, whatever the worker is doing."""

import gc
import weakref

from core.execution.scheduler import Scheduler
from tests.core.execution.by_hand import ByHand


class Upload:
    """An argument that can be watched: equal to nothing else."""


def count(upload: Upload) -> int:
    """Something that a worker does."""
    return 1


def test_a_forgotten_answer_is_gone() -> None:
    """Arguments too, as soon as a worker is asked for anything else; asked again, it is worked on again."""
    hand = ByHand()
    scheduler = Scheduler(hand)
    upload = Upload()
    gone = weakref.ref(upload)
    scheduler.ask("ada", count, upload)
    hand.answer()
    assert scheduler.ask("ada", count, upload).value == 1
    assert scheduler.known(count, upload) is not None
    scheduler.forget(count, upload)
    assert scheduler.known(count, upload) is None
    assert not scheduler.ask("ada", count, upload).finished
    hand.answer()
    assert scheduler.ask("ada", count, upload).finished
    scheduler.forget(count, upload)
    scheduler.forget(count, upload)
    scheduler.ask("bob", divmod, 7, 2)
    del upload
    gc.collect()
    assert gone() is None


def test_forgetting_what_is_being_worked_on() -> None:
    """The worker ends unseen; a new question about the same is a new job."""
    hand = ByHand()
    scheduler = Scheduler(hand)
    upload = Upload()
    scheduler.ask("ada", count, upload)
    scheduler.forget(count, upload)
    assert not scheduler.ask("ada", count, upload).finished
    while hand.calls:
        hand.answer()
    assert scheduler.ask("ada", count, upload).value == 1
    assert not hand.calls
