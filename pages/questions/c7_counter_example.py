"""C7. The RNN, and MLPs with a layer for each of its steps."""

from core.instruments.starts import STARTS, decay_of, mean_of
from core.questions.c7_counter_example import QUESTION, Counterparts, counted
from core.wording import LN10
from pages.charts.lines import Axis, Line, chart, frame
from pages.frame.profile_picture import label
from pages.frame.question_page import Picture, QuestionPage, Seen
from pages.frame.texts import texts
from pages.frame.turns import IDENTITY, LSTM, ORTHOGONAL

WORDS = Axis("← further back · words back from the blank", 0, 60, reverse=True)
ARRIVES = Axis("share of the signal that arrives", -30, 4, decades=True)
SHADES = ("#C8443A", "#B07A10", "#2F83C5", "#A8629B")


def _pictures(seen: Seen) -> list[Picture]:
    result: Counterparts = seen.result
    profiles = {f"{label(seen.experiment)}, {result.steps} steps": result.rnn}
    profiles |= {f"MLP, {result.steps} layers, {name}": found for name, found in result.mlps.items()}
    means = {name: mean_of(found) for name, found in profiles.items()}
    lines = [
        Line(name, mean.lag, mean.relative / LN10, shade)
        for (name, mean), shade in zip(means.items(), SHADES, strict=True)
    ]
    single = [
        Line(f"{name}, start {i + 1}", start.lag, start.relative / LN10, shade, "ghost")
        for (name, found), shade in zip(profiles.items(), SHADES, strict=True)
        for i, start in enumerate(found)
    ]
    said = (
        "Line chart: share of the signal against steps or layers back, for the RNN and for MLPs as deep as it is long."
    )
    table = frame(lines, WORDS, ARRIVES, corner="bottom left", unnamed=single)
    title = f"Means of {STARTS} random starts, and faintly each of them"
    return [Picture(chart, (WORDS, ARRIVES), table, said, title)]


def _said(seen: Seen) -> str:
    result: Counterparts = seen.result
    rates = {f"{label(seen.experiment)}, {result.steps} steps": decay_of(result.rnn).rate}
    rates |= {f"MLP, {result.steps} layers, {name}": decay_of(found).rate for name, found in result.mlps.items()}
    said = ", ".join(f"**{rate:.3f}** ({name})" for name, rate in rates.items())
    least = ", ".join(f"{counted(result.layers(name))} ({name})" for name in result.mlps)
    return (
        f"Factor per step or layer back, in the mean of {STARTS} random starts: {said}. An MLP loses as much as this RNN does "
        f"over {least}."
    )


PAGE = QuestionPage(
    QUESTION,
    "unrolled",
    texts(__file__),
    ("cell", "gap", "initialiser", "gain"),
    _pictures,
    _said,
    {**IDENTITY, **LSTM, "No words in between": {"gap": 0}, **ORTHOGONAL},
    more=("radius", "hidden", "forget_bias"),
    highs={"gap": 50},
)
