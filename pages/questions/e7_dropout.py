"""E7. The same network without and with three kinds of dropout: who learns the task, also when units fail."""

from collections.abc import Mapping

from core.instruments.learning_curves import LearningCurve
from core.parts.dropouts import DROPOUTS
from core.questions.e7_dropout import QUESTION, Kinds
from core.questions.settings import recurrent, scores
from pages.frame.learning_curves import HIGHS, MORE, curve_pictures, curves_said
from pages.frame.question_page import QuestionPage, Seen
from pages.frame.texts import texts
from pages.results.cost import always

LABELS = {name: entry.label for name, entry in DROPOUTS.items()} | {"none": "No dropout"}  # “None learned it” is untrue


def _curves(result: Kinds) -> Mapping[str, LearningCurve]:
    return {LABELS[name]: kind.curve for name, kind in result.items()}


def _said(seen: Seen) -> str:
    result: Kinds = seen.result
    failing = scores({LABELS[name]: kind.failing for name, kind in result.items()})
    drop = recurrent(seen.experiment).drop
    return f"{curves_said(_curves(result))} When {drop:.0%} of the units fail for a whole sentence: {failing}."


PAGE = QuestionPage(
    QUESTION,
    "remedies",
    texts(__file__),
    ("cell", "drop", "gap", "steps"),
    lambda seen: curve_pictures(seen.experiment, _curves(seen.result)),
    _said,
    {"ReLU from the identity": {"cell": "relu", "initialiser": "identity"}, "Drop 20 %": {"drop": 0.2}},
    more=MORE,
    highs=HIGHS,
    slow=always,
)
