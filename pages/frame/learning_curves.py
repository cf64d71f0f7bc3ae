"""Pictures of several networks trained on one task: who learns it, and whether that could be seen before."""

from collections.abc import Mapping

import numpy as np

from core import Experiment
from core.instruments.learning_curves import LearningCurve
from core.questions.settings import right
from core.questions.thresholds import FLOWS, LEARNED
from core.wording import LN10, scientific
from pages.charts import bars
from pages.charts.lines import Axis, Line, chart, frame
from pages.frame.question_page import Picture, Seen

STEPS = Axis("training step", 0, 800)
RIGHT = Axis("share of answers right", 0, 1.05, format="%")
ARRIVES = Axis("share of the signal at the deciding word", -14, 2, decades=True)
COLOURS = ("#C8443A", "#2F83C5", "#12936B", "#A8629B", "#B07A10", "#7A6BC4", "#6FA3CF", "#5C6570")
SURE = bars.Level(FLOWS / LN10, "nearly always learned from here")
HIGHS = {"gap": 40.0, "steps": 800.0}
MORE = ("hidden", "learning_rate", "batch")


def learning_pictures(seen: Seen) -> list[Picture]:
    """Draws a result that is nothing but learning curves by name."""
    return curve_pictures(seen.experiment, seen.result)


def learning_said(seen: Seen) -> str:
    """Says who learned it, of a result that is nothing but learning curves by name."""
    return curves_said(seen.result)


def curve_pictures(experiment: Experiment, curves: Mapping[str, LearningCurve]) -> list[Picture]:
    """Draws accuracy over training, and the share of the signal that arrived before it; single starts of a mean faintly."""
    chance, mean = experiment.task.shape().chance, _mean(curves)
    shades = dict(zip(curves, COLOURS, strict=False))
    lines = [Line(name, curve.steps, curve.accuracy, shades[name]) for name, curve in curves.items()]
    starts = [
        Line(f"{name}, start {i + 1}", start.steps, start.accuracy, shades[name], "ghost")
        for name, curve in curves.items()
        for i, start in enumerate(curve.of)
    ]
    lines.append(Line("guessing", [0, 800], [chance, chance], kind="theory"))
    reach = [
        bars.Bar(name, curve.reach / LN10 if np.isfinite(curve.reach) else -14, scientific(curve.reach), shades[name])
        for name, curve in curves.items()
    ]
    return [
        Picture(
            chart,
            (STEPS, RIGHT, 340),
            frame(lines, STEPS, RIGHT, corner="top right", unnamed=starts),
            "Line chart: accuracy on new examples over training, a line for each network"
            f"{mean and f', the {mean}; faint: each start'}.",
            f"Who learns it{mean and f' ({mean})'}",
        ),
        Picture(
            bars.chart,
            (ARRIVES, tuple(curves), SURE),
            bars.frame(reach, ARRIVES),
            "Bar chart: share of the signal that reaches the deciding word before training. Right of the dashed line a task was "
            "nearly always learned.",
            f"Could it be seen before training?{mean and f' ({mean.capitalize()})'}",
        ),
    ]


def curves_said(curves: Mapping[str, LearningCurve]) -> str:
    """Says who learned it, and how far the others came."""
    good = [name for name, curve in curves.items() if curve.final >= LEARNED]
    rest = [
        f"{name} ({right(curve.final)})"
        for name, curve in curves.items()
        if name not in good and not np.isnan(curve.final)
    ]
    learned = f"**{', '.join(good)}** learned it" if good else "**None** of them learned it"
    mean = f"In the {_mean(curves)}: " if _mean(curves) else ""
    return f"{mean}{learned} (at least {LEARNED:.0%} right){'; not: ' + ', '.join(rest) if rest else ''}."


def _mean(curves: Mapping[str, LearningCurve]) -> str:
    """Says of how many random starts each curve is the mean; nothing of single ones."""
    count = len(next(iter(curves.values())).of)
    return f"mean of {count} random starts" if count else ""
