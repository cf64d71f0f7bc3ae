"""A5. The loss after training when the first layers are replaced by random ones."""

from core.questions.a5_noise import QUESTION, Noise, redrawn
from pages.charts.lines import Axis, Line, chart, frame
from pages.charts.palette import colour
from pages.frame.question_page import Picture, QuestionPage, Seen
from pages.frame.texts import texts
from pages.results.cost import always

UNDONE = Axis("first layers drawn anew after training", 0, 20)
LOSS = Axis("loss on new examples", 0, 8)


def _pictures(seen: Seen) -> list[Picture]:
    result: Noise = seen.result
    here, healthy = result.here.undone, result.healthy.undone
    lines = [
        Line("here", here.layers, here.redrawn_loss, colour("sigmoid")),
        Line("the same with tanh and Xavier weights", healthy.layers, healthy.redrawn_loss, colour("tanh")),
        Line("guessing", [0, 20], [result.guess, result.guess], kind="theory"),
    ]
    said = "Line chart: loss after training when the first layers are replaced by random ones, here and in a healthy network."
    return [Picture(chart, (UNDONE, LOSS), frame(lines, UNDONE, LOSS, corner="top right"), said)]


def _said(seen: Seen) -> str:
    result: Noise = seen.result
    here, half = result.here, (len(result.here.undone.layers) - 1) // 2
    return (
        f"Of all weights **{here.moved:.0%}** have moved. **{redrawn(half, here.loss, here.loss + here.worse)}** In the healthy "
        f"network the same raises it by {result.healthy.worse:.2f}."
    )


PAGE = QuestionPage(
    QUESTION,
    "matters",
    texts(__file__),
    ("activation", "depth", "initialiser", "optimiser"),
    _pictures,
    _said,
    {"tanh": {"activation": "tanh"}, "3 layers": {"depth": 3}, "LayerNorm": {"normalisation": "layer"}},
    more=("normalisation", "skip", "width", "learning_rate", "steps"),
    highs={"depth": 20, "steps": 2000},
    slow=always,
)
