"""B5. Five networks: who learns to say French, and whether that could be seen before training."""

from core.questions.b5_france import QUESTION
from pages.frame.learning_curves import HIGHS, MORE, curve_pictures, curves_said
from pages.frame.question_page import QuestionPage
from pages.frame.texts import texts
from pages.results.cost import always

PAGE = QuestionPage(
    QUESTION,
    "sentences",
    texts(__file__),
    ("gap", "mixed", "steps"),
    lambda seen: curve_pictures(seen.experiment, seen.result.curves),
    lambda seen: curves_said(seen.result.curves),
    {"5 words in between": {"gap": 5}, "30 words in between": {"gap": 30}, "Mixed gaps": {"mixed": True}},
    more=MORE,
    highs=HIGHS,
    slow=always,
)
