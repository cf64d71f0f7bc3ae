"""What a projector walks through."""

from pages.questions import QUESTION_PAGES
from pages.questions.projected import SLIDES


def test_the_deck_shows_every_question_once() -> None:
    """The first page, and all rows on their own topics."""
    assert [slide.query["row"] for slide in SLIDES[1:]] == [*dict.fromkeys(slide.query["row"] for slide in SLIDES[1:])]
    assert {(slide.name, slide.query["row"]) for slide in SLIDES[1:]} == {
        (e.topic, row) for row, e in QUESTION_PAGES.items()
    }
