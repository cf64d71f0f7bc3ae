"""What holds of all questions: their order, their words, the command, and the list in docs/claims.md."""

import math
import re
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from in_force import named_in_force
from verdicts import judged

import core
from core.questions import LETTERS, QUESTIONS, VERDICTS, Verdict
from core.questions.__main__ import as_markdown, main
from core.questions.settings import right, scores
from core.wording import number, signed

TESTS = Path(__file__).parent
PAGE = Path(__file__).parents[3] / "docs" / "claims.md"
PROMPT = 1.0  # seconds that a verdict may take to be looked at here, beside its own tests
ROWS = [
    pytest.param(row, marks=[pytest.mark.slow] if question.seconds > PROMPT else [])
    for row, question in QUESTIONS.items()
]


def test_every_row_is_there_in_order() -> None:
    """Letter by letter, each from 1 on without a gap; A1 to A6, B1 to B6, C1 to C7, D1 to D8 and E1 to E8 at least."""
    least = {"a": 6, "b": 6, "c": 7, "d": 8, "e": 8}
    counts = Counter(row[0] for row in QUESTIONS)
    assert list(QUESTIONS) == [f"{letter}{i + 1}" for letter, count in counts.items() for i in range(count)]
    assert list(LETTERS) == list(counts) == list(least) and all(counts[letter] >= least[letter] for letter in least)


@pytest.mark.parametrize("row", QUESTIONS)
def test_every_question_has_tests_in_which_it_is_overturned(row: str) -> None:
    """A file of its own, called like the question."""
    source = (TESTS / f"test_{QUESTIONS[row].name}.py").read_text(encoding="utf-8")
    assert f'stands("{row}", ' in source or f'decided("{row}", ' in source
    assert f'overturned("{row}", ' in source or f'decided("{row}", ' in source


@pytest.mark.parametrize("row", QUESTIONS)
def test_a_claim_is_a_sentence_with_its_sources(row: str) -> None:
    """Who said it, and when."""
    question = QUESTIONS[row]
    assert question.claim.endswith(".") and "  " not in question.claim
    assert question.label and not question.label.endswith(".")
    assert question.lesson == question.claim
    assert question.judge and 0 < question.seconds < 60
    for source in question.sources:
        assert re.match(r"[A-Z].+ (19|20)\d\d\b", source), source


@pytest.mark.parametrize("row", ROWS)
def test_a_verdict_is_made_of_sentences_and_numbers(row: str) -> None:
    """With the question's own settings: no 1e-07, nothing that is no number, and nothing offered that is set already."""
    verdict = judged(row)
    for text in (verdict.headline, verdict.finding, verdict.overturned_by):
        assert text.endswith("."), text
        assert not re.search(r"\bnan\b|\binf\b|not a number|\de[-+]\d|  ", text), text
    assert verdict.headline[0].isupper() or verdict.headline[0].isdigit()
    assert re.search(r"\d", verdict.headline + verdict.finding)
    assert all(isinstance(value, float | int) for value in verdict.numbers.values())
    assert math.isfinite(verdict.number)
    assert verdict.number in verdict.numbers.values()
    assert named_in_force(QUESTIONS[row].base, verdict) == []


def test_what_is_in_force_would_be_noticed() -> None:
    """A planted text that offers what is set already, and one that offers something else."""
    verdict, here = judged("a1"), QUESTIONS["a1"].base.changed(cell="relu", initialiser="identity")
    assert named_in_force(here, verdict) == ["ReLU from the identity"]
    assert named_in_force(here, replace(verdict, overturned_by="With a plain RNN: 0.572.")) == []


@pytest.mark.parametrize("row", QUESTIONS)
def test_the_page_lists_every_claim_once(row: str) -> None:
    """Each in a line of its own, with one of the three verdicts."""
    lines = PAGE.read_text(encoding="utf-8").splitlines()
    (line,) = [line for line in lines if line.startswith(f"| **{row.upper()}** ")]
    claim, said, *rest = (cell.strip() for cell in line.strip("|").split(" | "))
    assert claim == f"**{row.upper()}** {QUESTIONS[row].claim}"
    assert any(said.startswith(f"**{verdict.label.removesuffix(' …')}") for verdict in VERDICTS.values())
    assert len(rest) == 3 and all(cell.endswith(".") for cell in rest)


@pytest.mark.parametrize("letter", LETTERS)
def test_the_page_has_every_heading(letter: str) -> None:
    """In the words of the list."""
    assert f"## {letter.upper()}. {LETTERS[letter]}" in PAGE.read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("row", ROWS)
def test_the_page_says_the_same(row: str) -> None:
    """docs/claims.md is what the command prints: claim and verdict of every row."""
    lines = PAGE.read_text(encoding="utf-8").splitlines()
    (line,) = [line for line in lines if line.startswith(f"| **{row.upper()}** ")]
    assert f"{QUESTIONS[row].claim} | **{judged(row).said}** |" in line


def test_the_command_prints_verdicts(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows by name, as text and as a table; an unknown row is an error that names the known ones."""
    monkeypatch.setattr("sys.argv", ["questions", "C1", "b4"])
    main()
    text = capsys.readouterr().out
    assert "→ holds: " in text
    assert text.index("C1  An RNN") < text.index("B4  Backprop")
    assert "2 claims in" in text
    monkeypatch.setattr("sys.argv", ["questions", "--markdown", "c1"])
    main()
    assert as_markdown(QUESTIONS["c1"], judged("c1")) in capsys.readouterr().out
    monkeypatch.setattr("sys.argv", ["questions", "z9"])
    with pytest.raises(SystemExit):
        main()
    assert "there is no row z9: there are a1 a2" in capsys.readouterr().err


def test_words_for_numbers() -> None:
    """Verdicts in words, numbers without e-07."""
    one = Verdict("only_when", -2.6e-6, "It fell.", "Seen.", "Turned.", when="it rains")
    assert one.said == "holds only when it rains"
    assert replace(one, verdict="fails", when="").said == VERDICTS["fails"].label
    with pytest.raises(ValueError, match="not a sentence"):
        replace(one, headline="nats")
    with pytest.raises(ValueError, match="not a verdict"):
        replace(one, when="")
    assert [right(share) for share in (0.127, 0.894, 0.896, 0.89999, 0.9, 1.0)] == [
        "13%",
        "89%",
        "89.6%",
        "89.9%",
        "90%",
        "100%",
    ]
    assert scores({"SGD": 0.14, "momentum": 0.896}) == "SGD 14%, momentum 89.6%"
    assert (number(0.0), number(2.1e-10), signed(-0.00534, 4)) == ("0", "2.1·10⁻¹⁰", "−0.0053")


def test_a_question_without_a_claim_is_not_judged() -> None:
    """A page to explore is measured and drawn like all others."""
    with pytest.raises(core.SpecError, match="claims nothing"):
        replace(QUESTIONS["a1"], judge=None).verdict(QUESTIONS["a1"].base)
