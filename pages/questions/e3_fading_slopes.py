"""E3. The slope of the activation, and where the units are."""

from core.questions.e3_fading_slopes import QUESTION
from pages.frame.question_page import QuestionPage
from pages.frame.slopes import slopes_picture, slopes_said
from pages.frame.texts import texts

PAGE = QuestionPage(
    QUESTION,
    "remedies",
    texts(__file__),
    ("cell", "gap", "gain"),
    lambda seen: [slopes_picture(seen.experiment, seen.result)],
    lambda seen: slopes_said(seen.result),
    {"ReLU": {"cell": "relu"}, "tanh": {"cell": "tanh"}, "LSTM": {"cell": "lstm"}},
    more=("hidden", "initialiser", "forget_bias"),
    highs={"gap": 50, "gain": 10},
)
