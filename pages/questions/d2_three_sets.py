"""D2. How many numbers each set of weights has, and how long its gradient is."""

from core.instruments.weight_sets import WeightSets
from core.questions.d2_three_sets import QUESTION
from core.wording import LN10, scientific
from pages.charts import bars
from pages.charts.lines import Axis
from pages.charts.palette import WEIGHT_SETS
from pages.frame.question_page import Picture, QuestionPage, Seen
from pages.frame.texts import texts
from pages.results.cost import heavy

LENGTH = Axis("length of the gradient ‖∂L/∂W‖", -6, 2, decades=True)
COUNT = Axis("how many numbers", 0, 60000)
UNTIED, GREY = "recurrent, one for each step", "#8A8F98"


def _pictures(seen: Seen) -> list[Picture]:
    result: WeightSets = seen.result
    counts = [bars.Bar(name, n, f"{n:,}", WEIGHT_SETS.get(name, GREY)) for name, n in result.counts.items()]
    lengths = [bars.Bar(name, log / LN10, scientific(log), WEIGHT_SETS[name]) for name, log in result.log_norm.items()]
    return [
        Picture(
            bars.chart,
            (COUNT, (*WEIGHT_SETS, UNTIED)),
            bars.frame(counts, COUNT),
            "Bar chart: how many numbers each set of weights has, shared and with a recurrent matrix for each step.",
            "How many numbers there are",
        ),
        Picture(
            bars.chart,
            (LENGTH, tuple(WEIGHT_SETS)),
            bars.frame(lengths, LENGTH),
            "Bar chart: length of each set's gradient.",
            "How long each set's gradient is, all steps' uses added up",
        ),
    ]


def _said(seen: Seen) -> str:
    result: WeightSets = seen.result
    times = result.counts.get(UNTIED, 0) / max(1, result.counts.get("recurrent", 1))
    said = ", ".join(f"{name} {scientific(log)}" for name, log in result.log_norm.items())
    return (
        f"One recurrent matrix serves all steps; a matrix for each step would be **{times:.0f} times** as many numbers. The "
        f"gradients of the sets have the lengths {said}: healthy to look at, wherever they come from."
    )


PAGE = QuestionPage(
    QUESTION,
    "roles",
    texts(__file__),
    ("cell", "gap"),
    _pictures,
    _said,
    {"A matrix for each step": {"tied": False}, "No words in between": {"gap": 0}},
    more=("hidden", "initialiser", "forget_bias", "tied"),
    highs={"gap": 40},
    slow=heavy,
)
