"""Judges every claim with its own settings and prints the table.

python -m core.claims                 all rows
python -m core.claims a1 c3           some
python -m core.claims --markdown      as docs/claims.md
"""

import argparse
import time
from collections.abc import Iterator, Sequence
from textwrap import fill

import torch

from . import CLAIMS, Claim, Verdict
from .words import LETTERS, said

HEAD = """# What people claim, and what was measured

Written by `python -m core.claims --markdown`, not by hand. Each row is judged with settings of its own; with others the verdict
may be another one, and the last column says with which. All of them can be changed: `CLAIMS["a1"].judge(experiment)`, with
`from core.claims import CLAIMS`. Numbers of trained networks may differ a little from machine to machine.
"""


def judged(rows: Sequence[str]) -> Iterator[tuple[Claim, Verdict, float]]:
    """Claims with their verdicts and the seconds that these took, one after another."""
    for row in rows:
        begin = time.perf_counter()
        verdict = CLAIMS[row].judge(CLAIMS[row].base)
        yield CLAIMS[row], verdict, time.perf_counter() - begin


def as_text(claim: Claim, verdict: Verdict, seconds: float) -> str:
    """A few lines for a terminal."""
    lines = [
        f"{claim.name.upper()}  {claim.lesson}",
        f"→ {said(verdict)}: {verdict.headline}   ({seconds:.1f} s)",
        verdict.finding,
        f"What overturns it: {verdict.overturned_by}",
    ]
    return (
        lines[0]
        + "\n"
        + "\n".join(fill(line, 118, initial_indent="    ", subsequent_indent="    ") for line in lines[1:])
    )


def as_markdown(claim: Claim, verdict: Verdict) -> str:
    """One row of a table."""
    cells = (
        f"**{claim.name.upper()}** {claim.lesson}",
        f"**{said(verdict)}**",
        verdict.headline,
        verdict.finding,
        verdict.overturned_by,
    )
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def main() -> None:
    """Reads the command line."""
    parser = argparse.ArgumentParser(prog="core.claims", description="Judges the claims that the app is about.")
    parser.add_argument("rows", nargs="*", metavar="row", help=f"{' '.join(CLAIMS)}; all of them if none is named")
    parser.add_argument("--markdown", action="store_true", help="print docs/claims.md")
    asked = parser.parse_args()
    rows = [row.lower() for row in asked.rows] or list(CLAIMS)
    if unknown := [row for row in rows if row not in CLAIMS]:
        parser.error(f"there is no row {', '.join(unknown)}: there are {' '.join(CLAIMS)}")
    torch.set_num_threads(1)  # the networks are small: more threads only wait for each other
    if asked.markdown:
        print(HEAD)
    total, letter = 0.0, ""
    for claim, verdict, seconds in judged(rows):
        if claim.name[0] != letter:
            letter = claim.name[0]
            print(f"\n## {letter.upper()}. {LETTERS[letter]}\n", flush=True)
            if asked.markdown:
                print(
                    "| claim | verdict | in one sentence | what was measured | what overturns it |\n|---|---|---|---|---|"
                )
        print(as_markdown(claim, verdict) if asked.markdown else as_text(claim, verdict, seconds) + "\n", flush=True)
        total += seconds
    if not asked.markdown:
        print(f"{len(rows)} claims in {total:.1f} s")


if __name__ == "__main__":
    main()
