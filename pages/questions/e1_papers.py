"""E1. The gradient of a plain RNN on its way back; the verdict has each paper's number."""

from core.questions.e1_papers import QUESTION
from pages.charts.profile import Axes
from pages.frame.profile_picture import profile_pictures, profile_said
from pages.frame.question_page import QuestionPage
from pages.frame.texts import texts

PAGE = QuestionPage(
    QUESTION,
    "exists",
    texts(__file__),
    ("cell", "gap", "initialiser"),
    profile_pictures(Axes(60, -35, 7, "words")),
    profile_said,
    {
        "Orthogonal, gain 1.3": {"initialiser": "orthogonal", "gain": 1.3},
        "ReLU from the identity": {"cell": "relu", "initialiser": "identity"},
        "LSTM with forget bias 3": {"cell": "lstm", "forget_bias": 3.0},
    },
    more=("gain", "hidden", "forget_bias"),
    highs={"gap": 50},
    pins=True,
)
