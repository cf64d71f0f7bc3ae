"""Card and picture agree: a number that the card says of this experiment is the one that picture or sentence show.

Numbers are read off the words, as a visitor reads them. A number in the card's headline that the page shows nowhere else stands
in ``CARD_ALONE``.
"""

import re
from collections.abc import Iterable
from dataclasses import replace

import pytest

from core import Experiment, SpecError
from core.questions import QUESTIONS, Verdict
from core.questions.base import measured
from pages.frame.question_page import QuestionPage, Seen
from pages.questions import QUESTION_PAGES

PROMPT = 1.0  # seconds that a verdict may take to be looked at for each button, and not only with the own settings
# row → patterns of what no picture has
CARD_ALONE: dict[str, tuple[str, ...]] = {
    "b1": (".*",),  # the picture is a ball's, the verdict a network's
    "b3": (
        r"An error reaches \d+%",
        r"^\d+% of the",
    ),  # the picture has a cell for each error and word, and counts none
    "b6": (r"takes [\d.]+ times",),  # the ratio of the last two steps drawn
    "e2": (r", \d with \d+",),  # at twice the gap
    "e8": (r"^\d of \d",),  # the sentence has them by name
}
FEW = 60  # rows of a table whose texts are numbers in view, such as bars
RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")
NUMBER = re.compile(r"(?<![\w·.])10([⁻⁰-⁹¹²³]+)|(?<![\w.])(\d[\d,]*(?:\.\d+)?)(?:·10([⁻⁰-⁹¹²³]+))?(\s?%)?")
ROUGH = 0.03  # a number that is known no better than that is no other number's rounding


def numbers(text: str) -> dict[str, tuple[float, float]]:
    """As written → what it says, and half a unit of its last digit."""
    found = {}
    for match in NUMBER.finditer(text):
        bare, digits, power, percent = match.groups()
        if bare:
            value, last = 10.0 ** int(bare.translate(RAISED)), 0.05 * 10.0 ** int(bare.translate(RAISED))
        else:
            digits = digits.replace(",", "")
            scale = 10.0 ** int(power.translate(RAISED)) if power else 0.01 if percent else 1.0
            value, last = float(digits) * scale, 0.5 * 10.0 ** -len(digits.partition(".")[2]) * scale
        found[match.group().strip()] = value, last
    return found


def texts(entry: QuestionPage, seen: Seen) -> str:
    """All words on the page above the card: the sentence, and every text in the pictures."""
    words = [entry.said(seen)]
    for picture in entry.pictures(seen):
        words += [picture.title, picture.caption]
        # of a curve its name alone: among the numbers of its points each number would find itself
        written = picture.table.select_dtypes(["object", "str"]).columns
        for column in written if len(picture.table) <= FEW else {"series", "name"} & {*written}:
            words += [str(value) for value in picture.table[column].dropna()]
    return " ".join(words)


def missing(verdict: Verdict, entry: QuestionPage, seen: Seen) -> list[str]:
    """Numbers of the card's headline that nothing above the card shows: rounded to fewer digits is the same number."""
    shown = numbers(texts(entry, seen)).values()
    settings = {float(value) for value in _settings(seen.experiment)}
    headline = re.sub("|".join(CARD_ALONE.get(entry.row, ("$^",))), "", verdict.headline)
    return [
        written
        for written, (value, half) in numbers(headline).items()
        if value not in settings
        and not any(
            abs(value - other) <= 1.001 * max(half, min(other_half, ROUGH * other)) for other, other_half in shown
        )
    ]


def _settings(experiment: Experiment) -> Iterable[float]:
    shape = experiment.task.shape()
    yield from (0.0, 1.0, 2.0, shape.steps, shape.steps - 1, shape.chance, shape.chance_loss, 0.9)
    for spec in (*experiment.specs().values(), experiment):
        yield from (value for value in vars(spec).values() if isinstance(value, int | float))


CASES = [(row, "") for row in QUESTION_PAGES]
CASES += [(row, turn) for row, entry in QUESTION_PAGES.items() for turn in entry.turns]


@pytest.mark.parametrize(
    ("row", "turn"),
    [
        pytest.param(
            row, turn, marks=[pytest.mark.slow] if turn and QUESTIONS[row].seconds > PROMPT else [], id=f"{row} {turn}"
        )
        for row, turn in CASES
    ],
)
def test_the_card_says_what_the_picture_shows(row: str, turn: str) -> None:
    """With the question's own settings, and with each that overturns it."""
    entry, question = QUESTION_PAGES[row], QUESTIONS[row]
    experiment = entry.base.changed(**entry.turns[turn]) if turn else entry.base
    try:
        verdict = question.verdict(experiment)
    except SpecError:
        return  # the card says why there is none
    seen = Seen(experiment, measured(question.measure, experiment))
    assert missing(verdict, entry, seen) == [], f"{verdict.headline} | {entry.said(seen)}"


def test_a_card_that_says_another_number_is_found() -> None:
    """A single start's number in place of the mean, and a number one digit off."""
    entry, question = QUESTION_PAGES["c3"], QUESTIONS["c3"]
    result = measured(question.measure, entry.base)
    seen, verdict = Seen(entry.base, result), question.verdict(entry.base)
    assert missing(verdict, entry, seen) == []
    alone = replace(result, of=result.of[:1])
    found = {name: measured(*contrast) for name, contrast in question.contrasts(entry.base, alone).items()}
    assert question.judge
    assert missing(question.judge(entry.base, alone, found), entry, seen)
    assert missing(replace(verdict, headline="It grows to 2.54 times."), entry, seen) == ["2.54"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("4.6·10⁻⁷ of it", {"4.6·10⁻⁷": (4.6e-7, 5e-9)}),
        ("10⁻²⁵ arrives", {"10⁻²⁵": (1e-25, 5e-27)}),
        ("89.8% and 63 %", {"89.8%": (0.898, 5e-4), "63 %": (0.63, 5e-3)}),
        ("β₁, LSTM2, x1", {}),
    ],
)
def test_numbers_are_read_as_they_are_written(text: str, found: dict[str, tuple[float, float]]) -> None:
    """Powers of ten, percents; digits in names are none."""
    read = numbers(text)
    assert list(read) == list(found)
    for written, pair in found.items():
        assert read[written] == pytest.approx(pair)
