"""Time: gradient norm against time step, by the matrix's radius and gain."""

from core import Experiment, Noise, Recurrent
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
    "time",
    "Time",
    "",
    Experiment(network=Recurrent(radius=1.0), task=Noise(length=60)),
    fan,
    sources=(
        "Pascanu, Mikolov, Bengio 2013, On the difficulty of training recurrent neural networks",
        "Gers, Schmidhuber, Cummins 2000, Learning to forget",
        "Jozefowicz, Zaremba, Sutskever 2015, An empirical exploration of recurrent network architectures",
        "Vogt et al. 2020, On Lyapunov exponents for RNNs",
        "Engelken, Wolf, Abbott 2023, Lyapunov spectra of chaotic recurrent neural networks",
    ),
)


def pictures(seen: Seen) -> list[Picture]:
    """Draws the curve over the steps."""
    span, length = RANGES[seen.view.axis], seen.experiment.setting("length")
    back = next(size for size in (75, 150, 400) if length <= size)
    return [explored(seen, Axes(back, span.floor, span.top, "steps"))]


def ask(experiment: Experiment) -> str:
    """Asks what is left at the first step."""
    return f"How much of the signal is left {experiment.setting('length') - 1} steps back, in the {label(experiment)}?"


PAGE = QuestionPage(
    QUESTION,
    "time",
    texts(__file__),
    ("cell", "radius", "length", "initialiser", "forget_bias"),
    pictures,
    lambda seen: journey(seen.result[0], label(seen.experiment)),
    more=("gain", "hidden", "layers", "inputs", "sigma"),
    highs={"radius": 2.0, "length": 200},
    hidden=lambda experiment: () if experiment.network.entry.forget is not None else ("forget_bias",),  # type: ignore[attr-defined]
    slow=profiles(fan.count),
    pins=True,
    view=ProfileView(axis="near"),
    ask=ask,
    empty=[],
)

topic("time", lambda: show(PAGE))
