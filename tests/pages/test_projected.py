"""What a projector walks through."""

from pages.questions import QUESTION_PAGES
from pages.questions.projected import DECK


def test_the_deck_shows_every_question_once() -> None:
    """The first page, and all rows on their own topics."""
    assert [stop.query["row"] for stop in DECK[1:]] == [*dict.fromkeys(stop.query["row"] for stop in DECK[1:])]
    assert {(stop.name, stop.query["row"]) for stop in DECK[1:]} == {
        (e.topic, row) for row, e in QUESTION_PAGES.items()
    }
