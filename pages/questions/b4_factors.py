"""B4. Each step's factor with its parts, and their product."""

import numpy as np

from core.questions.b4_factors import QUESTION, WayBack, part_said
from core.wording import LN10, scientific
from pages.charts.lines import Axis, Line, chart, frame
from pages.charts.palette import ACCENT
from pages.frame.question_page import Picture, QuestionPage, Seen
from pages.frame.texts import texts

WORDS = Axis("← further back · words back from the blank", 0, 60, reverse=True)
FACTOR = Axis("factor of one step back", -2, 1, decades=True)
ARRIVES = Axis("share of the signal that arrives", -30, 4, decades=True)
COLOURS = {"slope": "#B07A10", "weights": "#2F83C5", "carried": "#12936B"}
COLOURS |= {"gate": "#7A6BC4", "normalisation": "#A8629B", "skip": "#12936B"}  # of layers


def _pictures(seen: Seen) -> list[Picture]:
    result: WayBack = seen.result
    factors, places = result.factors, result.profile.words[:-1]
    lag = np.arange(len(factors.log_parts), 0, -1)
    lines = [
        Line(
            f"due to the {name}" if name != "carried" else "carried past them",
            lag,
            logs / LN10,
            COLOURS[name],
            places=places,
        )
        for name, logs in zip(factors.names, factors.log_parts.T, strict=True)
        if name != "carried" or np.abs(logs).max() > 0
    ]
    lines.append(Line("the whole factor", lag, factors.log_factor / LN10, ACCENT, places=places))
    running = Line("running product", lag, factors.running[:-1] / LN10, ACCENT, places=places)
    return [
        Picture(
            chart,
            (WORDS, FACTOR),
            frame(lines, WORDS, FACTOR),
            "Line chart: each step's factor and its parts.",
            "Each step's factor",
        ),
        Picture(
            chart,
            (WORDS, ARRIVES),
            frame([running], WORDS, ARRIVES),
            "Line chart: the product of all factors so far.",
            "Their product",
        ),
    ]


def _said(seen: Seen) -> str:
    result: WayBack = seen.result
    factors = result.factors
    parts = " × ".join(f"{part_said(value)} ({name})" for name, value in factors.typical.items())
    whole = float(np.exp(np.mean(factors.log_factor)))
    return (
        f"In the mean a {factors.axis} back multiplies by **{whole:.3f}** = {parts}. After {len(factors.log_factor)} of them "
        f"**{scientific(result.log_product)}** is left."
    )


PAGE = QuestionPage(
    QUESTION,
    "time",
    texts(__file__),
    ("cell", "gap", "initialiser", "gain"),
    _pictures,
    _said,
    {
        "Orthogonal, gain 1.3": {"initialiser": "orthogonal", "gain": 1.3},
        "ReLU from the identity": {"cell": "relu", "initialiser": "identity"},
        "LSTM with forget bias 3": {"cell": "lstm", "forget_bias": 3.0},
    },
    more=("radius", "hidden", "forget_bias"),
    highs={"gap": 50},
)
