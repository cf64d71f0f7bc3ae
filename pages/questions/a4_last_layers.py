"""A4. How far each layer's weights have moved."""

import numpy as np
from numpy import ndarray

from core.questions.a4_last_layers import QUESTION, Moved, still
from core.wording import number
from pages.charts.lines import Axis, Line, chart, frame
from pages.charts.palette import colour
from pages.frame.profile_picture import main
from pages.frame.question_page import Picture, QuestionPage, Seen
from pages.frame.texts import texts
from pages.results.cost import always

LAYER = Axis("layer (1: next to the input)", 1, 20)
MOVED = Axis("relative movement ‖ΔW‖/‖W₀‖", -6, 2, decades=True)
BLUE = "#2F83C5"


def _pictures(seen: Seen) -> list[Picture]:
    result: Moved = seen.result
    lines = [
        _line("here", result.here, colour(main(seen.experiment))),
        _line("tanh, Xavier", result.tanh, colour("tanh")),
        _line("here, with Adam", result.adam, BLUE),
    ]
    lines += [_line(ghost.name, ghost.result.here, kind="ghost") for ghost in seen.ghosts]
    said = "Line chart: how far each layer's weights move in training, as a share of their own length."
    return [Picture(chart, (LAYER, MOVED), frame(lines, LAYER, MOVED, corner="bottom right"), said)]


def _line(name: str, moved: ndarray, *style: str, **kind: str) -> Line:
    with np.errstate(divide="ignore"):
        return Line(name, np.arange(1, len(moved) + 1), np.log10(moved), *style, **kind)


def _said(seen: Seen) -> str:
    result: Moved = seen.result
    here = result.here
    if still(here):
        few = f"{round(still(here) * len(here))} of {len(here)} layers move by less than a hundredth"
    else:
        few = f"all layers move by {here.min():.0%} or more"
    return (
        f"In training, layer 1 moves by **{number(float(here[0]))}** of its own length, the last layer by "
        f"**{number(float(here[-1]))}**; {few}. The network is right in {result.accuracy:.0%}."
    )


PAGE = QuestionPage(
    QUESTION,
    "matters",
    texts(__file__),
    ("activation", "depth", "initialiser", "optimiser"),
    _pictures,
    _said,
    {
        "tanh": {"activation": "tanh"},
        "Adam": {"optimiser": "adam", "learning_rate": 0.003},
        "LayerNorm": {"normalisation": "layer"},
        "Residual": {"skip": "residual"},
    },
    more=("normalisation", "skip", "width", "learning_rate", "steps"),
    highs={"depth": 20, "steps": 2000},
    slow=always,
    pins=True,
)
