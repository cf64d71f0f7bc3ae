"""D1. Accuracy after training against the words between noun and verb."""

from dataclasses import replace

from core.questions.d1_was_or_were import HERE, QUESTION, Distances
from core.questions.settings import right
from core.questions.thresholds import LEARNED
from pages.charts.lines import Axis, Line, chart, frame
from pages.frame.learning_curves import COLOURS, RIGHT
from pages.frame.question_page import Picture, QuestionPage, Seen
from pages.frame.texts import texts
from pages.frame.turns import IDENTITY
from pages.results.cost import always

WORDS = Axis("words in between", 0, 32)


def _pictures(seen: Seen) -> list[Picture]:
    result: Distances = seen.result
    chance = seen.experiment.task.shape().chance
    words = replace(WORDS, high=max(WORDS.high, result.gaps[-1] + 2))
    shades = zip(result.accuracy.items(), COLOURS, strict=False)
    lines = [Line(name, result.gaps, share, shade) for (name, share), shade in shades]
    lines.append(Line("guessing", [0, words.high], [chance, chance], kind="theory"))
    said = "Line chart: share of right verbs after training, against the words between noun and verb."
    return [Picture(chart, (words, RIGHT), frame(lines, words, RIGHT, corner="bottom left"), said)]


def _said(seen: Seen) -> str:
    result: Distances = seen.result
    gap = seen.experiment.setting("gap")
    far = [
        f"{name}: {max((gap for gap, share in zip(result.gaps, shares, strict=True) if share >= LEARNED), default=0)}"
        for name, shares in result.accuracy.items()
    ]
    return (
        f"With {gap} words in between, {right(result.at(HERE, gap))} of this network's verbs are right. Most words in between "
        f"that were still learned: **{'; '.join(far)}**."
    )


PAGE = QuestionPage(
    QUESTION,
    "sentences",
    texts(__file__),
    ("cell", "steps", "learning_rate"),
    _pictures,
    _said,
    {"GRU": {"cell": "gru"}, **IDENTITY},
    more=("hidden", "forget_bias", "initialiser"),
    highs={"steps": 800.0, "learning_rate": 0.02},
    slow=always,
)
