"""E7. The same network without and with three kinds of dropout: who learns the task."""

from collections.abc import Mapping

from core.instruments.learning_curves import LearningCurve
from core.parts.dropouts import DROPOUTS
from core.questions.e7_dropout import QUESTION
from pages.frame.learning_curves import HIGHS, MORE, curve_pictures, curves_said
from pages.frame.question_page import QuestionPage, Seen
from pages.frame.texts import texts
from pages.results.cost import always


def _curves(seen: Seen) -> Mapping[str, LearningCurve]:
    labels = {name: entry.label for name, entry in DROPOUTS.items()} | {
        "none": "No dropout"
    }  # “None learned it” is untrue
    return {labels[name]: dropped.curve for name, dropped in seen.result.items()}


PAGE = QuestionPage(
    QUESTION,
    "remedies",
    texts(__file__),
    ("cell", "drop", "gap", "steps"),
    lambda seen: curve_pictures(seen.experiment, _curves(seen)),
    lambda seen: curves_said(_curves(seen)),
    {"ReLU from the identity": {"cell": "relu", "initialiser": "identity"}, "Drop 20 %": {"drop": 0.2}},
    more=MORE,
    highs=HIGHS,
    slow=always,
)
