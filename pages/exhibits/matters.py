"""Does a small gradient matter? The gradient against what a word is worth (A3)."""

from collections.abc import Sequence

import numpy as np

from core import Experiment, held_out
from core.judgement.influence import Influence, influence
from core.wording import scientific
from pages.charts.lines import Axis, Line, Mark, chart, frame
from pages.charts.palette import colour
from pages.ui.entry import Exhibit, Picture, Pinned
from pages.ui.picture import main

X = Axis("← further back · words back from the blank", 0, 60, reverse=True)
Y = Axis("change of the answer's loss", -12, 2, decades=True)


def _a3_pictures(experiment: Experiment, seen: Influence, _pins: Sequence[Pinned]) -> list[Picture]:
    batch = held_out(experiment, 1)
    lag = len(batch.words) - 1 - seen.position
    with np.errstate(divide="ignore"):
        real, foretold = np.log10(seen.size), np.log10(seen.forecast)
    lines = [
        Line("measured: another word put there", lag, real, colour(main(experiment)), places=batch.words),
        Line("foretold by the gradient", lag, foretold, kind="theory", places=batch.words),
    ]
    marks = [Mark(float(lag[batch.cue]), batch.words[batch.cue])] if batch.cue is not None else []
    said = "Line chart: how much the answer changes when one word is replaced, against what the gradient foretells."
    return [Picture(chart, (X, Y), frame(lines, X, Y, marks), said)]


def _a3_said(experiment: Experiment, seen: Influence) -> str:
    cue = held_out(experiment, 1).cue or 0
    gradient = scientific(float(seen.log_gradient[cue] - np.nanmax(seen.log_gradient)))
    change = scientific(float(np.log(seen.size[cue]))) if seen.size[cue] > 0 else "0"
    return (
        f"Another country makes another answer right in **{seen.decides:.0%}** of the sentences. Yet the gradient there is "
        f"**{gradient}** of the largest, and the untrained network's loss would change by {change}: to the *network* the word "
        "does not matter yet. To the *task* it decides everything."
    )


MATTERS = (
    Exhibit(
        "a3",
        "matters",
        "Does a tiny gradient mean that the word does not matter?",
        "Each word is replaced by another that could stand there. **Watch the deciding word**: what does it change, and what "
        "did its gradient say?",
        ("cell", "gap"),
        influence,
        _a3_pictures,
        _a3_said,
        {
            "LSTM with forget bias 3": {"cell": "lstm", "forget_bias": 3.0},
            "No words in between": {"gap": 0},
        },
        """
**Two questions hide in one.** The gradient $\\partial L/\\partial x_t$ says how the loss would change if the word's vector were
nudged, *in the network as it is*. What the word is worth *to the task* is another matter: replace it, and another answer is
right. The claim takes the first for the second.

Measured is the mean change of the loss when the word is replaced by each other word that the task puts there; the dashed line
is what the gradient foretells, $|\\partial L/\\partial x_t \\cdot (x' - x)|$. That they agree shows that backpropagation is
right about the network. That both are tiny at the word that decides shows why learning fails: the weights are told almost
nothing about it. (Bengio, Simard & Frasconi 1994. Replacing values by the data's own: Breiman 2001.)
        """,
        more=("forget_bias", "initialiser", "hidden", "embedding"),
        highs={"gap": 40},
    ),
)
