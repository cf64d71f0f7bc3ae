"""E6. Six ways to use the same gradient, and two remedies that change it: who learns the task."""

from core.questions.e6_optimiser_tricks import QUESTION
from pages.frame.learning_curves import HIGHS, MORE, learning_pictures, learning_said
from pages.frame.question_page import QuestionPage
from pages.frame.texts import texts
from pages.results.cost import always

PAGE = QuestionPage(
    QUESTION,
    "remedies",
    texts(__file__),
    ("gap", "steps"),
    learning_pictures,
    learning_said,
    {"10 words in between": {"gap": 10}, "30 words in between": {"gap": 30}},
    more=MORE,
    highs=HIGHS,
    slow=always,
)
