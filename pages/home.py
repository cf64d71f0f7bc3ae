"""Home: the France sentence, and what of the learning signal reaches its words."""

from typing import cast

import streamlit as st

from core import Experiment, France, Recurrent
from core.instruments.starts import Fan
from core.parts.cells import CELLS
from core.questions import Question
from core.tasks.language import COUNTRIES
from pages.charts.profile import Axes
from pages.charts.sentence import scale, sentence
from pages.frame.phrases import journey
from pages.frame.profile_picture import explored, label, with_cell
from pages.frame.question_page import Picture, QuestionPage, Seen
from pages.frame.settings import Settings
from pages.frame.texts import texts
from pages.questions.show import show
from pages.results.cost import profiles

CELLS_SHOWN = ("tanh", "gru", "lstm")
QUESTION = Question(
    "home",
    "Start",
    "",
    Experiment(network=Recurrent(embedding=8)),
    Fan(1),
    sources=(
        "Hochreiter 1991, Untersuchungen zu dynamischen neuronalen Netzen",
        "Bengio, Simard, Frasconi 1994, Learning long-term dependencies with gradient descent is difficult",
        "Jozefowicz, Zaremba, Sutskever 2015, An empirical exploration of recurrent network architectures",
    ),
)


def rivals(experiment: Experiment) -> dict[str, Experiment]:
    """Returns the same experiment with the other cells."""
    others = (cell for cell in CELLS_SHOWN if cell != experiment.setting("cell"))
    return {CELLS[cell].label: other for cell in others for other in with_cell(experiment, cell)}


def pictures(seen: Seen) -> list[Picture]:
    """Draws the curves over the words."""
    return [explored(seen, Axes(46 if seen.experiment.setting("gap") <= 40 else 206, -12, 2, "words"))]


def discs(seen: Seen) -> str:
    """Draws what reaches each word under the words."""
    return sentence(seen.result[0], COUNTRIES["France"] + "?") + scale()


def ask(experiment: Experiment) -> str:
    """Asks what reaches the word that decides."""
    back = cast(France, experiment.task).gap + 2
    return f"How much of the signal reaches *France*, {back} words back, in the {label(experiment)}?"


PAGE = QuestionPage(
    QUESTION,
    "home",
    texts(__file__),
    ("cell", "gap"),
    pictures,
    lambda seen: journey(seen.result[0], label(seen.experiment)),
    more=("forget_bias", "initialiser", "hidden", "layers", "fillers", "embedding"),
    highs={"gap": 40},
    slow=profiles(1),
    pins=True,
    rivals=rivals,
    beside=Fan(1, theory=False),
    above=discs,
    ask=ask,
    empty=[],
)


def train() -> None:
    """Draws the way to the page that trains this network."""
    if st.button("Train it: can it learn the answer?", icon=":material/play_arrow:", key="home-train"):
        here = Settings(PAGE.page)
        wish = {name: text for name, text in here.query().items() if name != "guess"}
        wish |= {name: str(here.experiment.setting(name)) for name in ("cell", "gap", "embedding")}
        versus = "lstm" if here.experiment.setting("cell") == "tanh" else "tanh"
        st.switch_page("pages/sentences.py", query_params=wish | {"train": "1", "versus": versus})


show(PAGE, below=train)
