"""Was or were? Two roles of the same weights: rows D2 to D4 and D8; what is learned stands in ``learning``."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from core import Experiment, GradientProfile
from core.instruments.roles import RoleGradients, split_roles
from core.shown.roles import Sets, WordByWord, every_word, tied_and_untied, weight_sets
from core.wording import LN10, number, scientific
from pages.charts import bars, grid
from pages.charts.lines import Axis, Line, chart, frame
from pages.charts.palette import colour
from pages.frame.question_page import Exhibit, Picture, Pinned, heavy

LENGTH = Axis("length of the gradient ‖∂L/∂W‖", -6, 2, decades=True)
COUNT = Axis("how many numbers", 0, 60000)
LAG = Axis("← used further back · words before the loss", 0, 40, reverse=True)
PART = Axis("length of that part of ∂L/∂W", -16, 2, decades=True)
SETS = {"input": "#2F83C5", "recurrent": "#C8443A", "output": "#12936B"}
WAY = Axis("← further back · words back from the blank", 0, 60, reverse=True)
ARRIVES = Axis("share of the signal that arrives", -30, 2, decades=True)
SHARING = 0.08  # nats per step between tied and untied matrices that are not chance
KEEPS: dict[str, dict[str, Any]] = {"ReLU from the identity": {"cell": "relu", "initialiser": "identity"}}


def _d2_pictures(_experiment: Experiment, seen: Sets, _pins: Sequence[Pinned]) -> list[Picture]:
    counts = [bars.Bar(name, n, f"{n:,}", SETS.get(name, "#8A8F98")) for name, n in seen.counts.items()]
    lengths = [bars.Bar(name, log / LN10, scientific(log), SETS[name]) for name, log in seen.log_norm.items()]
    return [
        Picture(
            bars.chart,
            (COUNT, (*SETS, "recurrent, one for each step")),
            bars.frame(counts, COUNT),
            "Bar chart: how many numbers each set of weights has, shared and with a recurrent matrix for each step.",
            "How many numbers there are",
        ),
        Picture(
            bars.chart,
            (LENGTH, tuple(SETS)),
            bars.frame(lengths, LENGTH),
            "Bar chart: length of each set's gradient.",
            "How long each set's gradient is, all steps' uses added up",
        ),
    ]


def _d2_said(_experiment: Experiment, seen: Sets) -> str:
    times = seen.counts["recurrent, one for each step"] / max(1, seen.counts.get("recurrent", 1))
    said = ", ".join(f"{name} {scientific(log)}" for name, log in seen.log_norm.items())
    return (
        f"One recurrent matrix serves all steps; a matrix for each step would be **{times:.0f} times** as many numbers. The "
        f"gradients of the sets have the lengths {said}: healthy to look at, wherever they come from."
    )


def _d3_pictures(_experiment: Experiment, seen: RoleGradients, _pins: Sequence[Pinned]) -> list[Picture]:
    names = {"input": "recurrent.weight_ih_l0", "recurrent": "recurrent.weight_hh_l0", "output": "readout.weight"}
    lines = [
        Line(kind, np.arange(len(seen.log_norm[name])), seen.log_norm[name] / LN10, SETS[kind])
        for kind, name in names.items()
        if name in seen.log_norm
    ]
    said = "Line chart: length of each weight gradient's part, by how many words before the loss the weight was used."
    return [Picture(chart, (LAG, PART), frame(lines, LAG, PART), said)]


def _d3_said(_experiment: Experiment, seen: RoleGradients) -> str:
    near, far = (seen.beyond("recurrent.weight_hh_l0", lag) for lag in (1, 10))
    return (
        f"Of the recurrent matrix's gradient **{near:.0%}** comes from uses before the loss's own step, and **{number(far)}** "
        "from ten words back or more. The output weights have one role only: they are used where the loss is."
    )


def _d4_pictures(_experiment: Experiment, seen: WordByWord, _pins: Sequence[Pinned]) -> list[Picture]:
    words = [f"{i + 1} {word}" for i, word in enumerate(seen.map.words)]
    values = seen.map.log_norm / LN10
    table = grid.frame(values, words, words, -14, 0, True)
    axes = (
        len(words),
        -14,
        0,
        True,
        "‖∂L_t/∂h_k‖",
        "the word whose state k is asked",
        "the word whose loss t it is",
    )
    said = "Grid: length of the gradient of each word's loss (row) at each word's state (column)."
    return [Picture(grid.chart, axes, table, said)]


def _d4_said(experiment: Experiment, seen: WordByWord) -> str:
    off = max(seen.words.difference.values())
    last, cut = seen.map.log_norm[-1], experiment.training.truncate
    cue = seen.map.cue or 0
    return (
        f"The words' own gradients, added up, are the gradient of the summed loss, to **{number(off)}**. Each row is one "
        f"word's "
        f"loss: the last word's reaches *{seen.map.words[cue]}* with {scientific(float(last[cue] - last[-1]))} of its strength."
        + (
            f" Training in windows of {cut} words, as set here, sees the squares along the diagonal only."
            if cut
            else ""
        )
    )


def _d8_pictures(_experiment: Experiment, seen: dict[str, GradientProfile], _pins: Sequence[Pinned]) -> list[Picture]:
    shades = (colour("tanh"), "#2F83C5", "#12936B")
    lines = [
        Line(name, profile.lag, profile.relative / LN10, shade, places=profile.words)
        for (name, profile), shade in zip(seen.items(), shades, strict=True)
    ]
    said = "Line chart: the share of the signal by word, with one matrix for all steps and with one for each."
    return [Picture(chart, (WAY, ARRIVES), frame(lines, WAY, ARRIVES, corner="bottom right"), said)]


def _d8_said(_experiment: Experiment, seen: dict[str, GradientProfile]) -> str:
    said = ", ".join(f"{profile.rate:.3f} with {name}" for name, profile in seen.items())
    tied, untied, *_ = (profile.fit.slope for profile in seen.values())
    counts = "it is the size of the factors that counts, not that they are the same"
    if abs(tied - untied) > SHARING:
        counts = "here it does count that they are the same: powers of one matrix are not like products of many"
    return f"Factor per word back: **{said}**: {counts}."


ROLES = (
    Exhibit(
        "d2",
        "roles",
        "Which weights does the gradient have to reach?",
        "Input, recurrent and output weights are shared by all words. **Watch how long each set's gradient is**: can you see "
        "from it that something has vanished?",
        ("cell", "gap"),
        weight_sets,
        _d2_pictures,
        _d2_said,
        {"A matrix for each step": {"tied": False}, "No words in between": {"gap": 0}},
        """
$h_t = \\varphi(W_{in} x_t + W_{rec} h_{t-1} + b)$ and $y_t = W_{out} h_t$: three matrices, used again at every word. Their
gradients are sums over all uses, near ones and far ones. Near uses dominate, so the sum looks healthy while the far part, which
alone could teach the network to remember, is nearly nothing. The next question takes the sum apart.
        """,
        more=("hidden", "initialiser", "forget_bias", "tied"),
        highs={"gap": 40},
        slow=heavy,
    ),
    Exhibit(
        "d3",
        "roles",
        "Do the same weights have two jobs?",
        "Each part of the gradient is sorted by how many words before its loss the weight was used. **Watch how fast the parts "
        "shrink to the left**: that is the second job, carrying information on.",
        ("cell", "gap", "initialiser"),
        split_roles,
        _d3_pictures,
        _d3_said,
        {**KEEPS, "LSTM with forget bias 3": {"cell": "lstm", "forget_bias": 3.0}},
        """
$\\partial L/\\partial W = \\sum_t \\sum_{k \\le t} (\\partial L_t/\\partial W \\text{ by its use at step } k)$. Lag $t-k =
0$ is
role one: answer from the word just read. Larger lags are role two: pack what a later answer will need. Both act on the same
numbers; if the parts at large lags are a millionth of those at lag 0, the sum's direction is set by role one alone (Bengio,
Simard & Frasconi 1994, §4).
        """,
        more=("hidden", "forget_bias", "gain"),
        highs={"gap": 30},
        slow=heavy,
    ),
    Exhibit(
        "d4",
        "roles",
        "Is backpropagation done once for each word?",
        "A row for each word's own loss, a column for each word's state. **Watch how each row fades to the left.**",
        ("cell", "gap", "initialiser"),
        every_word,
        _d4_pictures,
        _d4_said,
        {"Truncated after 5 steps": {"truncate": 5}, **KEEPS},
        """
The gradient is linear: that of a sum of losses is the sum of their gradients. So one pass backwards, which picks up each word's
loss on its way, gives what a pass for each word would, added up. The grid keeps them apart (itemised gradients: Cashman et al.
2017, RNNbow): the diagonal is each word's own state, the lower left corner the long way from the last word to the first.
        """,
        more=("truncate", "hidden", "forget_bias"),
        highs={"gap": 11},
        slow=lambda _experiment: True,  # long, but nothing is trained
    ),
    Exhibit(
        "d8",
        "roles",
        "Does it vanish because it is the same matrix again and again?",
        "The same network, with one recurrent matrix for all words and with a matrix of its own for each. **Watch whether the "
        "slope changes.**",
        ("gap", "initialiser", "gain"),
        tied_and_untied,
        _d8_pictures,
        _d8_said,
        {
            "Non-normal, shear 2": {"initialiser": "nonnormal", "shear": 2.0, "gain": 0.9},
            "Orthogonal, gain 1.3": {"initialiser": "orthogonal", "gain": 1.3},
        },
        """
A deep feed-forward network has different matrices in each layer, and its gradient vanishes, too: a product of many factors
below
1 is small whether or not they are equal. Sharing does matter where powers of one matrix behave differently from products of
many:
with non-normal matrices (measured in the verdict), and for what can be learned, since shared weights get all steps' gradients.
        """,
        more=("hidden", "shear"),
        highs={"gap": 50},
    ),
)
