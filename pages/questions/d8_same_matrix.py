"""D8. The share of the signal by word, with one matrix for all steps and with one for each."""

import numpy as np

from core.instruments.starts import STARTS, decay_of, mean_of
from core.questions.d8_same_matrix import QUESTION, Sharing
from core.wording import LN10
from pages.charts.lines import Axis, Line, chart, frame
from pages.charts.palette import colour
from pages.frame.question_page import Picture, QuestionPage, Seen
from pages.frame.texts import texts

BACK = Axis("← further back · words back from the blank", 0, 60, reverse=True)
ARRIVES = Axis("share of the signal that arrives", -30, 2, decades=True)
SHARING = 0.08  # nats per step between tied and untied matrices that are not chance
NAMES = {
    "one matrix for all steps": ("shared", colour("tanh")),
    "a matrix of its own for each step": ("own", "#2F83C5"),
    "the same, orthogonal with gain 1.3": ("kept", "#12936B"),
}


def _pictures(seen: Seen) -> list[Picture]:
    lines = []
    for name, (what, shade) in NAMES.items():
        mean = mean_of(getattr(seen.result, what))
        lines.append(Line(name, mean.lag, mean.relative / LN10, shade, places=mean.words))
    said = "Line chart: the share of the signal by word, with one matrix for all steps and with one for each."
    title = f"Mean of {STARTS} random starts"
    return [Picture(chart, (BACK, ARRIVES), frame(lines, BACK, ARRIVES, corner="bottom right"), said, title)]


def _said(seen: Seen) -> str:
    result: Sharing = seen.result
    slopes = {name: decay_of(getattr(result, what)).slope for name, (what, _) in NAMES.items()}
    said = ", ".join(f"{np.exp(slope):.3f} with {name}" for name, slope in slopes.items())
    tied, untied, *_ = slopes.values()
    counts = "it is the size of the factors that counts, not that they are the same"
    if abs(tied - untied) > SHARING:
        counts = "here it does count that they are the same: powers of one matrix are not like products of many"
    return f"Factor per word back, in the mean of {STARTS} random starts: **{said}**: {counts}."


PAGE = QuestionPage(
    QUESTION,
    "roles",
    texts(__file__),
    ("gap", "initialiser", "gain"),
    _pictures,
    _said,
    {
        "Non-normal, shear 2": {"initialiser": "nonnormal", "shear": 2.0, "gain": 0.9},
        "Orthogonal, gain 1.3": {"initialiser": "orthogonal", "gain": 1.3},
    },
    more=("hidden", "shear"),
    highs={"gap": 50},
)
