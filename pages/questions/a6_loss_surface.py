"""A6. The loss on the plane in which training moved most, with its path."""

from core.questions.a6_loss_surface import QUESTION, Surface
from pages.charts import surface
from pages.frame.question_page import Picture, QuestionPage, Seen
from pages.frame.texts import texts
from pages.results.cost import always

LOSS = 3.0  # nats at the end of the scale


def _pictures(seen: Seen) -> list[Picture]:
    result: Surface = seen.result
    plane = result.slice
    table = surface.frame(plane.x, plane.y, plane.loss, plane.path, plane.steps)
    said = "Map of the loss on the plane of recurrent weights in which training moved most, with its path."
    return [Picture(surface.chart, (len(plane.x), LOSS), table, said)]


def _said(seen: Seen) -> str:
    result: Surface = seen.result
    loss = result.slice.loss
    return (
        f"On **{result.heard:.0%}** of this plane the loss is clearly below guessing: there the early word is heard. It goes "
        f"from {loss.min():.2f} to {loss.max():.2f}; the plane holds {result.slice.explained:.0%} of the path. After training "
        f"the network is right in {result.accuracy:.0%}."
    )


PAGE = QuestionPage(
    QUESTION,
    "matters",
    texts(__file__),
    ("cell", "gap", "learning_rate", "steps"),
    _pictures,
    _said,
    {"5 words in between": {"gap": 5}, "LSTM with forget bias 3": {"cell": "lstm", "forget_bias": 3.0}},
    more=("forget_bias", "initialiser", "hidden", "clip"),
    highs={"gap": 40, "steps": 800, "learning_rate": 0.05},
    slow=always,
)
