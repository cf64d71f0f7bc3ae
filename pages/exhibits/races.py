"""Several networks on one task: who learns it? Rows B5, D1 and E5 to E8."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from core import Experiment
from core.claims.measures import FLOWS, LEARNED, right
from core.shown.races import GAPS, Lap, cells, distances, dropouts, later, sparse, tricks
from core.wording import LN10, scientific
from pages.charts import bars
from pages.charts.lines import Axis, Line, chart, frame
from pages.frame.question_page import Exhibit, Picture, Pinned

STEPS = Axis("training step", 0, 800)
RIGHT = Axis("share of answers right", 0, 1.05, format="%")
WORDS = Axis("words in between", 0, 32)
ARRIVES = Axis("share of the signal at the deciding word", -14, 2, decades=True)
COLOURS = ("#C8443A", "#2F83C5", "#12936B", "#A8629B", "#B07A10", "#7A6BC4", "#6FA3CF", "#5C6570")
SURE = bars.Level(FLOWS / LN10, "nearly always learned from here")
HIGHS = {"gap": 40.0, "steps": 800.0}


def _pictures(experiment: Experiment, seen: Mapping[str, Lap], _pins: Sequence[Pinned]) -> list[Picture]:
    chance = experiment.task.shape().chance
    shades = dict(zip(seen, COLOURS, strict=False))
    lines = [Line(name, lap.steps, lap.accuracy, shades[name]) for name, lap in seen.items()]
    lines.append(Line("guessing", [0, 800], [chance, chance], kind="theory"))
    reach = [
        bars.Bar(name, lap.reach / LN10 if np.isfinite(lap.reach) else -14, scientific(lap.reach), shades[name])
        for name, lap in seen.items()
    ]
    return [
        Picture(
            chart,
            (STEPS, RIGHT, 340),
            frame(lines, STEPS, RIGHT, corner="top right"),
            "Line chart: accuracy on new examples over training, a line for each network.",
            "Who learns it",
        ),
        Picture(
            bars.chart,
            (ARRIVES, tuple(seen), SURE),
            bars.frame(reach, ARRIVES),
            "Bar chart: share of the signal that reaches the deciding word before training. Right of the dashed line a task "
            "was "
            "nearly always learned.",
            "Could it be seen before training?",
        ),
    ]


def _said(_experiment: Experiment, seen: Mapping[str, Lap]) -> str:
    good = [name for name, lap in seen.items() if len(lap.accuracy) and lap.accuracy[-1] >= LEARNED]
    rest = [
        f"{name} ({right(float(lap.accuracy[-1]))})"
        for name, lap in seen.items()
        if name not in good and len(lap.accuracy)
    ]
    learned = f"**{', '.join(good)}** learned it" if good else "**None** of them learned it"
    return f"{learned} (at least {LEARNED:.0%} right){'; not: ' + ', '.join(rest) if rest else ''}."


def _d1_pictures(experiment: Experiment, seen: Mapping[str, np.ndarray], _pins: Sequence[Pinned]) -> list[Picture]:
    chance = experiment.task.shape().chance
    lines = [Line(name, GAPS, share, shade) for (name, share), shade in zip(seen.items(), COLOURS, strict=False)]
    lines.append(Line("guessing", [0, 32], [chance, chance], kind="theory"))
    said = "Line chart: share of right verbs after training, against the words between noun and verb."
    return [Picture(chart, (WORDS, RIGHT), frame(lines, WORDS, RIGHT, corner="bottom left"), said)]


def _d1_said(_experiment: Experiment, seen: Mapping[str, np.ndarray]) -> str:
    far = [
        f"{name}: {max((gap for gap, share in zip(GAPS, each, strict=True) if share >= LEARNED), default=0)}"
        for name, each in seen.items()
    ]
    return f"Most words in between that were still learned: **{'; '.join(far)}**."


def _race(
    row: str,
    topic: str,
    question: str,
    watch: str,
    controls: tuple[str, ...],
    measure: Callable[[Experiment], Any],
    turns: Mapping[str, Mapping[str, Any]],
    why: str,
    more: tuple[str, ...] = ("hidden", "learning_rate", "batch"),
) -> Exhibit:
    return Exhibit(row, topic, question, watch, controls, measure, _pictures, _said, turns, why, more, HIGHS, slow=True)


RACES = (
    _race(
        "b5",
        "sentences",
        "How far back must it look to say French?",
        "Five networks learn *I went to France, … I speak ____*. **Watch who still learns it** as you put more words in "
        "between.",
        ("gap", "mixed", "steps"),
        cells,
        {"5 words in between": {"gap": 5}, "30 words in between": {"gap": 30}, "Mixed gaps": {"mixed": True}},
        """
The word that decides is the third one; everything after it is filler. To learn, the error at the end must reach that word. “An
LSTM can do it” is true with the right forget bias: at PyTorch's own it vanishes almost as fast as a plain RNN (Jozefowicz et
al.
2015). With mixed gaps training sees short sentences as well and can grow its reach step by step: an easier task.
        """,
    ),
    Exhibit(
        "d1",
        "sentences",
        "Can it tell was from were when the noun is far away?",
        "*The cats, which were …, ____*: accuracy after training, at six distances. **Watch where each curve comes down to "
        "guessing.**",
        ("cell", "steps", "learning_rate"),
        distances,
        _d1_pictures,
        _d1_said,
        {"GRU": {"cell": "gru"}, "ReLU from the identity": {"cell": "relu", "initialiser": "identity"}},
        """
One bit must be carried: one cat or many. Nouns in between that may be of the other number (“attractors”) tempt a network that
goes by the nearest noun (Linzen, Dupoux & Goldberg 2016, where LSTMs that were told what to predict got nearly all right). Each
point is a network trained at that distance alone, from one random start: near a cell's limit another start may decide
otherwise.
        """,
        ("hidden", "forget_bias", "initialiser"),
        {"steps": 800.0, "learning_rate": 0.02},
        slow=True,
    ),
    _race(
        "e5",
        "remedies",
        "Is ReLU the answer, with few units active?",
        "ReLU's slope is 1 wherever a unit is active. **Watch what makes the difference**: the activation, the penalty, or "
        "the start.",
        ("sparsity", "gap", "steps"),
        sparse,
        {
            "From the identity": {"initialiser": "identity"},
            "5 words in between": {"gap": 5},
            "No penalty": {"sparsity": 0.0},
        },
        """
A ReLU network with small random weights loses the signal even faster than tanh: half of the units are off, and pass nothing.
From
the identity matrix (Le, Jaitly & Hinton 2015) an active unit hands on what it gets, forwards and backwards. The L1 penalty on
activations makes units fall silent (Bengio, Boulanger-Lewandowski & Pascanu 2013): it keeps numbers from running away, and
costs
little.
        """,
    ),
    _race(
        "e6",
        "remedies",
        "Do optimiser tricks help?",
        "Six ways to use the same gradient, and two (leaky units, penalty Ω) that change the gradient. **Watch which kind "
        "helps.**",
        ("gap", "steps"),
        tricks,
        {"10 words in between": {"gap": 10}, "30 words in between": {"gap": 30}},
        """
A trick does something with the gradient once it is there: averages it (momentum), divides it by its size (RMSProp, Adam),
cuts it
(clipping, against explosion). If the early word's part is a millionth of the rest, no trick finds it again. Leaky units and the
penalty Ω = Σ(‖δ′‖/‖δ‖ − 1)² (Pascanu et al. 2013) change how much arrives. With ten words in between enough does, and tricks
count.
        """,
    ),
    _race(
        "e7",
        "remedies",
        "Does dropout help a recurrent network?",
        "The same network without and with three kinds of dropout. **Watch the accuracy here, and in the verdict how each "
        "does when "
        "half of its units fail.**",
        ("cell", "drop", "gap", "steps"),
        dropouts,
        {"ReLU from the identity": {"cell": "relu", "initialiser": "identity"}, "Drop 20 %": {"drop": 0.2}},
        """
*Naive* dropout draws new noise at each step: a memory passes through all of it. *Variational* dropout keeps one mask for the
whole
sentence (Gal & Ghahramani 2016). *Fast* dropout replaces the noise by its mean and variance (Wang & Manning 2013; Bayer et
al. 2013).
Where memories go through what is dropped, as in a ReLU network, dropout forgets; an LSTM's cell is not dropped.
        """,
    ),
    _race(
        "e8",
        "remedies",
        "What came later: which of these cures it?",
        "Orthogonal weights, LayerNorm, chrono biases, linear recurrences, attention, against a plain RNN. **Watch who "
        "learns it, and "
        "whether the bars foretold it.**",
        ("gap", "steps"),
        later,
        {"5 words in between": {"gap": 5}, "40 words in between": {"gap": 40}},
        """
Each changes the path. *Orthogonal* weights keep lengths but for the slope of tanh (Arjovsky et al. 2016). *Chrono* sets
forget gates
for the wanted time span (Tallec & Ollivier 2018). The *LRU*'s recurrence is linear, ∂h_T/∂h_t = λ^(T−t), with λ near 1 by
design (Orvieto
et al. 2023). *Attention* has a path of length 1 (Vaswani et al. 2017). *LayerNorm* steadies the sizes, not the path. That a
gradient
arrives does not make a task learned; that none arrives means that it is not.
        """,
    ),
)
