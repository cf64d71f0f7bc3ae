"""E8. A plain RNN and what came later: who learns the task, and whether it could be seen before."""

from core.questions.e8_later_answers import QUESTION
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
    {"5 words in between": {"gap": 5}, "40 words in between": {"gap": 40}},
    more=MORE,
    highs=HIGHS,
    slow=always,
)
