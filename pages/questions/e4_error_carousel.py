"""E4. The gradient of an LSTM's cell on the cell's own path, without it, and the product of the forget gates."""

import numpy as np

from core.questions.e4_error_carousel import QUESTION, Carousel
from core.wording import LN10, scientific
from pages.charts.lines import Axis, Line, chart, frame
from pages.frame.question_page import Picture, QuestionPage, Seen
from pages.frame.texts import texts

BACK = Axis("← further back · steps back from the loss", 0, 110, reverse=True)
ARRIVES = Axis("share of the signal that arrives", -30, 4, decades=True)


def _pictures(seen: Seen) -> list[Picture]:
    result: Carousel = seen.result
    paths, share = result.paths, result.share
    lag = np.arange(len(paths.log_total))[::-1]
    lines = [
        Line("on the cell path alone", lag, share(paths.log_carried) / LN10, "#12936B"),
        Line("without it", lag, share(paths.log_hidden) / LN10, "#C8443A"),
        Line("on all paths", lag, share(paths.log_total) / LN10, "#2F83C5", "ghost"),
        Line("product of the forget gates", lag, paths.log_mean / LN10, kind="theory"),
    ]
    said = "Line chart: how much of the gradient of the cell arrives, on the cell's own path, without it, and on all."
    return [Picture(chart, (BACK, ARRIVES), frame(lines, BACK, ARRIVES, corner="bottom left"), said)]


def _said(seen: Seen) -> str:
    result: Carousel = seen.result
    arrives, gate = result.arrives, float(np.exp(np.mean(result.paths.log_gate)))
    return (
        f"With forget bias {result.bias:g} the gates stand at {gate:.3f} in the mean. Over the {result.lag} steps back to the "
        f"word that decides, **{scientific(arrives['cell path'])}** arrives on the cell path alone, and "
        f"{scientific(arrives['hidden path'])} without it."
    )


PAGE = QuestionPage(
    QUESTION,
    "time",
    texts(__file__),
    ("forget_bias", "gap", "cell"),
    _pictures,
    _said,
    {
        "Forget bias 5": {"forget_bias": 5.0},
        "Forget bias 3": {"forget_bias": 3.0},
        "Forget bias 0": {"forget_bias": 0.0},
    },
    more=("hidden", "chrono"),
    highs={"gap": 100},
)
