"""Was or were, over training: what is learned, and what the context holds (rows D5 to D7)."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from core import Experiment
from core.shown.roles import FRAMES, Learning, learning
from core.wording import number
from pages.charts import grid
from pages.charts.lines import Axis, Line, chart, frame
from pages.frame.question_page import Exhibit, Picture, Pinned

STEPS = Axis("training step", 0, 1000)
RIGHT = Axis("share of answers right", 0, 1.05, format="%")
SHARE = Axis("share of the gradient from 10 words back or more", -8, 0.5, decades=True)
Pictures = Callable[[Experiment, Learning, Sequence[Pinned]], Sequence[Picture]]
Said = Callable[[Experiment, Learning], str]
NOW, LATER = "#12936B", "#C8443A"
CONTROLS = ("cell", "gap", "optimiser", "steps")
MORE = ("learning_rate", "initialiser", "hidden", "forget_bias")
HIGHS = {"gap": 30.0, "steps": 1000.0}
TURNS: dict[str, dict[str, Any]] = {
    "ReLU from the identity": {"cell": "relu", "initialiser": "identity"},
    "2 words in between": {"gap": 2},
}


def _accuracies(_experiment: Experiment, seen: Learning, _pins: Sequence[Pinned]) -> list[Picture]:
    lines = [
        Line("role one: translate the word just read", seen.steps, seen.local, NOW),
        Line("role two: was or were, at the end", seen.steps, seen.far, LATER),
        Line("guessing was or were", [0, 1000], [seen.chance, seen.chance], kind="theory"),
    ]
    said = "Line chart: accuracy of the local answers and of the last verb, over training."
    return [Picture(chart, (STEPS, RIGHT), frame(lines, STEPS, RIGHT, corner="bottom right"), said)]


def _d5_said(_experiment: Experiment, seen: Learning) -> str:
    return (
        f"After {seen.steps[-1]} steps **{seen.local[-1]:.0%}** of the words are translated rightly, and "
        f"**{seen.far[-1]:.0%}** of the last verbs (guessing: {seen.chance:.0%})."
    )


def _d6_pictures(experiment: Experiment, seen: Learning, pins: Sequence[Pinned]) -> list[Picture]:
    with np.errstate(divide="ignore"):
        line = Line("recurrent matrix", seen.steps, np.log10(seen.share), LATER)
    far = "Line chart: share of the recurrent matrix's gradient that comes from ten words back or more, over training."
    return [
        Picture(
            chart, (STEPS, SHARE), frame([line], STEPS, SHARE), far, "How much of the gradient comes from far back"
        ),
        *_accuracies(experiment, seen, pins),
    ]


def _d6_said(_experiment: Experiment, seen: Learning) -> str:
    return (
        f"Of the recurrent matrix's gradient **{number(float(seen.share[0]))}** comes from ten words back or more before "
        f"training, and **{number(float(seen.share[-1]))}** after it. The last verb is right in {seen.far[-1]:.0%}."
    )


def _d7_pictures(_experiment: Experiment, seen: Learning, _pins: Sequence[Pinned]) -> list[Picture]:
    words = [f"{i + 1} {word}" for i, word in enumerate(seen.words)]
    looks = [f"step {step}" for step in seen.steps]
    table = grid.frame(seen.read, words, looks, 0.5, 1.0, False)
    axes = (
        FRAMES,
        0.5,
        1.0,
        False,
        "share right of a linear probe",
        "read from the state after this word",
        "training",
    )
    return [Picture(grid.chart, axes, table, "Grid: can was/were be read from the state, by word and training step.")]


def _d7_said(_experiment: Experiment, seen: Learning) -> str:
    known = np.flatnonzero(seen.read[-1] > 0.9)
    last = f"after *{seen.words[known[-1]]}*, word {known[-1] + 1}" if len(known) else "nowhere"
    return (
        f"After training, whether the noun was one or many can last be read {last}; at the blank a linear read-out is right in "
        f"**{seen.read[-1, -1]:.0%}** (guessing: {seen.chance:.0%})."
    )


def _exhibit(
    row: str,
    question: str,
    watch: str,
    pictures: Pictures,
    said: Said,
    why: str,
    turns: dict[str, dict[str, Any]] = TURNS,
) -> Exhibit:
    """They share the network that is trained, and the look at it."""
    return Exhibit(
        row, "roles", question, watch, CONTROLS, learning, pictures, said, turns, why, MORE, HIGHS, slow=True
    )


LEARNING = (
    _exhibit(
        "d5",
        "Is the first job learned, at least?",
        "A network translates each word as it comes and must say *was* or *were* at the end. **Watch the two accuracies "
        "part.**",
        _accuracies,
        _d5_said,
        """
The loss at a word, by the use of the weights at that same word, is one step long: nothing can vanish. So role one is learned,
if the learning rate and the optimiser suit it: a healthy gradient is needed, but not sufficient (plain SGD at this rate is too
slow, try it).
        """,
        {"Plain SGD at rate 0.005": {"optimiser": "sgd", "learning_rate": 0.005}, **TURNS},
    ),
    _exhibit(
        "d6",
        "Does training ever open the long way back?",
        "How much of the gradient comes from ten words back or more, looked at again and again during training. **Watch "
        "whether "
        "it rises before the last verb is learned.**",
        _d6_pictures,
        _d6_said,
        """
Training changes the way back as well: it can open it (an LSTM, a ReLU network from the identity) or shut it further. In the
plain
RNN the local task drives the units into saturation, and the far part falls by more decades. Where the last verb is learned, the
far share rises first: the path opens before the accuracy does.
        """,
    ),
    _exhibit(
        "d7",
        "What is in the context that the end is handed?",
        "A linear read-out is fitted to the state after each word, at each look: can it tell one cat from many? **Watch how "
        "far "
        "to the right it reaches.**",
        _d7_pictures,
        _d7_said,
        """
A probe separates two explanations. If the number can be read at the blank and the answer is wrong all the same, the read-out
weights are to blame. If it can't, the context is garbage: the read-out could not know (linear probes: Alain & Bengio 2016).
A probe finds what *could* be read by some line, which is more than what the network uses.
        """,
    ),
)
