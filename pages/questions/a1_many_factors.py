"""A1. The profile of a recurrent network, the mean of five starts."""

from core.questions.a1_many_factors import QUESTION
from pages.charts.profile import Axes
from pages.frame.profile_picture import profile_pictures, profile_said
from pages.frame.question_page import QuestionPage
from pages.frame.texts import texts
from pages.frame.turns import IDENTITY, LSTM
from pages.results.cost import gated

PAGE = QuestionPage(
    QUESTION,
    "time",
    texts(__file__),
    ("cell", "length"),
    profile_pictures(Axes(150, -35, 7, "steps")),
    profile_said,
    {**IDENTITY, **LSTM, "Only 6 steps": {"length": 6}},
    more=("initialiser", "gain", "radius", "hidden", "forget_bias"),
    highs={"length": 150},
    slow=gated,
    pins=True,
)
