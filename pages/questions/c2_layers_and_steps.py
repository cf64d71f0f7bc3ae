"""C2. The gradient at each layer and step."""

from core.questions.c2_layers_and_steps import QUESTION, Depth
from core.wording import LN10, scientific
from pages.charts import grid
from pages.frame.question_page import Picture, QuestionPage, Seen
from pages.frame.texts import texts
from pages.frame.turns import LSTM


def _pictures(seen: Seen) -> list[Picture]:
    result: Depth = seen.result
    logs = result.grid.log_norm
    values = (logs - logs[-1, -1])[::-1] / LN10
    across = [str(i + 1) for i in range(result.steps)]
    down = [str(result.layers - i) for i in range(result.layers)]
    axes = (result.layers, -20, 0, True, "share of the signal", "time step", "layer", 0)
    table = grid.frame(values, across, down, -20, 0, True)
    return [Picture(grid.chart, axes, table, "Grid: gradient at each layer and step.")]


def _said(seen: Seen) -> str:
    result: Depth = seen.result
    return (
        f"{result.layers} layers over {result.steps} steps: between the loss and the first input lie **{result.fewest}** "
        f"nonlinearities on the shortest path and **{result.most}** on the longest (k·n would be "
        f"{result.layers * result.steps}). The far corner receives **{scientific(result.log_arrives)}**."
    )


PAGE = QuestionPage(
    QUESTION,
    "unrolled",
    texts(__file__),
    ("layers", "length", "cell"),
    _pictures,
    _said,
    {"One layer": {"layers": 1}, "Four layers": {"layers": 4}, **LSTM},
    more=("hidden", "initialiser", "forget_bias"),
    highs={"length": 50},
)
