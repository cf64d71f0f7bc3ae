"""How large a recording gets, and what it costs the training."""

from dataclasses import dataclass

from core.fields import choice, whole
from core.recording.ledger import MOST_ROWS
from pages.charts.cost import COSTS
from pages.frame.page import View
from pages.own.scripts import LOOPS

KINDS_PER_LAYER, KINDS_PER_TIME = 5, 2  # output, gradient, seen, update, weight; input, state
ROW, FILE = 11, 4000  # bytes of a row in a Parquet file, about, and of the rest of the file
LIMIT = 1_000_000  # bytes that can be loaded here


@dataclass(frozen=True)
class AttachView(View):
    """Which loop, and how much is to be recorded."""

    loop: str = choice("loop", LOOPS, "Your training is")
    every: int = whole(10, 1, 10_000, "Record every … steps")
    updates: int = whole(2000, 10, 1_000_000, "Training steps in all", step=100)
    recorded: int = whole(12, 1, 10_000, "Layers recorded")
    span: int = whole(0, 0, 10_000, "Time steps of recurrent layers", "0: there are none.", step=10)


def size(view: AttachView) -> tuple[int, int, int]:
    """Estimates the recorded steps, their rows, and the bytes as Parquet."""
    steps = -(-view.updates // view.every)
    rows = steps * ((view.recorded + 1) * KINDS_PER_LAYER + KINDS_PER_TIME * view.span)
    return steps, rows, FILE + ROW * rows


def said(view: AttachView) -> str:
    """Says how large it gets, whether it can be loaded here, and how much longer the training takes."""
    steps, rows, file = size(view)
    fits = (
        "That fits here (1 MB)."
        if file <= LIMIT
        else "**That is more than the 1 MB that can be loaded here**: record less often."
    )
    if rows > MOST_ROWS:
        fits = (
            "**A recording holds a million rows at most**, then it stops, and the training goes on: record less often."
        )
    spans = [cost.tenth if view.every >= 10 else cost.each for cost in COSTS]
    low, high = (pick(span[i] for span in spans if span) for i, pick in ((0, min), (1, max)))
    between = "less than" if 1 < view.every < 10 else "about"
    return (
        f"Every **{view.every}** of {view.updates:,} steps: **{steps:,} recorded steps**, "
        f"about {rows:,} rows, {file / 1e6:.2g} MB as Parquet. {fits} "
        f"A step takes {between} {low:.2f} to {high:.2f} times as long in these networks."
    )
