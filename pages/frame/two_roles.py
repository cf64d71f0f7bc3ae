"""What the questions about two roles share: the same controls, and the two accuracies over training."""

from typing import Any

from core.instruments.two_roles import TwoRoles
from pages.charts.lines import Axis, Line, chart, frame
from pages.frame.question_page import Picture, Seen

STEPS = Axis("training step", 0, 1000)
RIGHT = Axis("share of answers right", 0, 1.05, format="%")
NOW, LATER = "#12936B", "#C8443A"
CONTROLS = ("cell", "gap", "optimiser", "steps")
MORE = ("learning_rate", "initialiser", "hidden", "forget_bias")
HIGHS = {"gap": 30.0, "steps": 1000.0}
TURNS: dict[str, dict[str, Any]] = {
    "ReLU from the identity": {"cell": "relu", "initialiser": "identity"},
    "2 words in between": {"gap": 2},
}


def accuracies(seen: Seen) -> Picture:
    """Draws the accuracy of the local answers and of the far one over training."""
    result: TwoRoles = seen.result
    chance = seen.experiment.task.shape().chance
    lines = [
        Line("role one: translate the word just read", result.steps, result.local, NOW),
        Line("role two: was or were, at the end", result.steps, result.far, LATER),
        Line("guessing was or were", [0, 1000], [chance, chance], kind="theory"),
    ]
    said = "Line chart: accuracy of the local answers and of the last verb, over training."
    return Picture(chart, (STEPS, RIGHT), frame(lines, STEPS, RIGHT, corner="bottom right"), said)
