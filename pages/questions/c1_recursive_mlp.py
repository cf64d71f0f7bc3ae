"""C1. How far the recurrent network and the feed-forward one are apart, in outputs and gradients."""

import numpy as np

from core.questions.c1_recursive_mlp import QUESTION, Unrolled, apart, relative
from core.wording import number
from pages.charts import bars
from pages.charts.lines import Axis
from pages.charts.palette import colour
from pages.frame.profile_picture import main
from pages.frame.question_page import Picture, QuestionPage, Seen
from pages.frame.texts import texts

GAP = Axis("largest difference (of gradients: as a share of their size)", -20, 0, decades=True)
BENT = Axis("share that is not linear", 0, 1, format="%")
STEP = "a step, before its nonlinearity"


def _pictures(seen: Seen) -> list[Picture]:
    result: Unrolled = seen.result
    shade = colour(main(seen.experiment))
    if not result.twin:
        bent = result.bent or 0.0
        said = "Bar chart: which share of what a step does is not linear."
        rows = [bars.Bar(STEP, bent, f"{bent:.1%}", shade)]
        return [Picture(bars.chart, (BENT, (STEP,)), bars.frame(rows, BENT), said)]
    gaps = {"outputs": result.twin.outputs}
    gaps |= {f"∂L/∂ {name}": gap for name, gap in relative(result.twin).items()}
    said = "Bar chart: largest difference between the recurrent network and the feed-forward one, in outputs and gradients."
    rows = [
        bars.Bar(name, np.log10(gap) if gap > 0 else GAP.low, number(gap) if gap > 0 else "0", shade)
        for name, gap in gaps.items()
    ]
    return [Picture(bars.chart, (GAP, tuple(gaps)), bars.frame(rows, GAP), said)]


def _said(seen: Seen) -> str:
    result: Unrolled = seen.result
    if not result.twin:
        return (
            "There is no feed-forward network that is the same: gates multiply, which layers of an MLP do not. "
            f"**{result.bent:.1%}** of what a step does to a small change of h is not linear."
        )
    return (
        f"The same network as a plain feed-forward one has **{result.twin.depth} layers** and {result.twin.connections:,} "
        f"connections. Outputs and gradients differ by **{number(apart(result.twin))}** of their size at most: rounding. An RNN "
        "*is* a very deep MLP that shares its weights."
    )


PAGE = QuestionPage(
    QUESTION,
    "unrolled",
    texts(__file__),
    ("cell", "gap", "layers"),
    _pictures,
    _said,
    {"GRU": {"cell": "gru"}, "Two layers": {"layers": 2}, "60 words in between": {"gap": 60}},
    more=("hidden", "initialiser"),
    highs={"gap": 60},
)
