"""Depth: gradient norm against layer, for a feed-forward network with every part replaceable."""

from core import Blobs, Experiment, FeedForward
from core.instruments.starts import fan
from core.questions import Question
from pages.charts.profile import Axes
from pages.frame.phrases import journey
from pages.frame.profile_picture import explored, label
from pages.frame.question_page import Picture, QuestionPage, Seen
from pages.frame.ranges import RANGES, ProfileView
from pages.frame.texts import texts
from pages.questions.show import show
from pages.questions.topic import topic
from pages.results.cost import profiles

QUESTION = Question(
    "depth",
    "Depth",
    "",
    Experiment(network=FeedForward(), task=Blobs()),
    fan,
    sources=(
        "Glorot, Bengio 2010, Understanding the difficulty of training deep feedforward neural networks",
        "He, Zhang, Ren, Sun 2015, Delving deep into rectifiers",
        "Schoenholz, Gilmer, Ganguli, Sohl-Dickstein 2017, Deep information propagation",
        "Yang et al. 2019, A mean field theory of batch normalization",
    ),
)


def pictures(seen: Seen) -> list[Picture]:
    """Draws the curve over the layers."""
    span, depth = RANGES[seen.view.axis], seen.experiment.setting("depth")
    back = next(size for size in (50, 100, 200) if depth <= size)
    return [explored(seen, Axes(back, span.floor, span.top, "layers"))]


PAGE = QuestionPage(
    QUESTION,
    "depth",
    texts(__file__),
    ("activation", "initialiser", "normalisation", "depth", "skip"),
    pictures,
    lambda seen: journey(seen.result[0], label(seen.experiment)),
    more=("gain", "sigma", "bias_std", "width", "inputs", "spread"),
    highs={"depth": 100},
    slow=profiles(fan.count),
    pins=True,
    view=ProfileView(),
    ask=lambda experiment: f"How much of the signal reaches layer 1 of {experiment.setting('depth')}?",
    empty=[],
)

topic("depth", lambda: show(PAGE))
