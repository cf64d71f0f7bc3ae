"""E5. ReLU networks with and without a penalty and from two starts, and tanh: who learns the task."""

from core.questions.e5_relu_and_sparsity import QUESTION
from pages.frame.learning_curves import HIGHS, MORE, curve_pictures, curves_said
from pages.frame.question_page import QuestionPage
from pages.frame.texts import texts
from pages.results.cost import always

PAGE = QuestionPage(
    QUESTION,
    "remedies",
    texts(__file__),
    ("sparsity", "gap", "steps"),
    lambda seen: curve_pictures(seen.experiment, seen.result.curves),
    lambda seen: curves_said(seen.result.curves),
    {
        "From the identity": {"initialiser": "identity"},
        "5 words in between": {"gap": 5},
        "No penalty": {"sparsity": 0.0},
    },
    more=MORE,
    highs=HIGHS,
    slow=always,
)
