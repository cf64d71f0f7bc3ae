"""Judges every question with its own settings and prints the table.

python -m core.questions                 all rows
python -m core.questions a1 c3           some
python -m core.questions --markdown      as docs/claims.md
"""

import argparse
import time
from collections.abc import Iterator, Sequence
from textwrap import fill

import torch

from . import LETTERS, QUESTIONS, Question, Verdict

HEAD = """# What people claim, and what was measured

Written by `python -m core.questions --markdown`, not by hand. Each row is judged with settings of its own; with others the
verdict may be another one, and the last column says with which. All can be changed: `QUESTIONS["a1"].verdict(experiment)`, with
`from core.questions import QUESTIONS`. Numbers of trained networks may differ a little from machine to machine.
"""


def judged(rows: Sequence[str]) -> Iterator[tuple[Question, Verdict, float]]:
    """Yields questions with their verdicts and the seconds that these took, one after another."""
    for row in rows:
        begin = time.perf_counter()
        verdict = QUESTIONS[row].verdict(QUESTIONS[row].base)
        yield QUESTIONS[row], verdict, time.perf_counter() - begin


def as_text(question: Question, verdict: Verdict, seconds: float) -> str:
    """A few lines for a terminal."""
    lines = [
        f"{question.row.upper()}  {question.claim}",
        f"→ {verdict.said}: {verdict.headline}   ({seconds:.1f} s)",
        verdict.finding,
        f"What overturns it: {verdict.overturned_by}",
    ]
    return (
        lines[0]
        + "\n"
        + "\n".join(fill(line, 118, initial_indent="    ", subsequent_indent="    ") for line in lines[1:])
    )


def as_markdown(question: Question, verdict: Verdict) -> str:
    """One row of a table."""
    cells = (
        f"**{question.row.upper()}** {question.claim}",
        f"**{verdict.said}**",
        verdict.headline,
        verdict.finding,
        verdict.overturned_by,
    )
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def main() -> None:
    """Reads the command line."""
    parser = argparse.ArgumentParser(prog="core.questions", description="Judges the claims that the app is about.")
    parser.add_argument("rows", nargs="*", metavar="row", help=f"{' '.join(QUESTIONS)}; all of them if none is named")
    parser.add_argument("--markdown", action="store_true", help="print docs/claims.md")
    asked = parser.parse_args()
    rows = [row.lower() for row in asked.rows] or list(QUESTIONS)
    if unknown := [row for row in rows if row not in QUESTIONS]:
        parser.error(f"there is no row {', '.join(unknown)}: there are {' '.join(QUESTIONS)}")
    torch.set_num_threads(1)  # the networks are small: more threads only wait for each other
    if asked.markdown:
        print(HEAD)
    total, letter = 0.0, ""
    for question, verdict, seconds in judged(rows):
        if question.row[0] != letter:
            letter = question.row[0]
            print(f"\n## {letter.upper()}. {LETTERS[letter]}\n", flush=True)
            if asked.markdown:
                print(
                    "| claim | verdict | in one sentence | what was measured | what overturns it |\n|---|---|---|---|---|"
                )
        print(
            as_markdown(question, verdict) if asked.markdown else as_text(question, verdict, seconds) + "\n", flush=True
        )
        total += seconds
    if not asked.markdown:
        print(f"{len(rows)} claims in {total:.1f} s")


if __name__ == "__main__":
    main()
