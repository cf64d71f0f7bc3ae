"""A3. How much the answer changes when one word is replaced, against what the gradient foretells."""

import numpy as np

from core import held_out
from core.instruments.starts import STARTS
from core.questions.a3_small_influence import QUESTION, Matters
from core.wording import scientific
from pages.charts.lines import Axis, Line, Mark, chart, frame
from pages.charts.palette import colour
from pages.frame.profile_picture import main
from pages.frame.question_page import Picture, QuestionPage, Seen
from pages.frame.texts import texts
from pages.frame.turns import LSTM
from pages.results.cost import heavy

BACK = Axis("← further back · words back from the blank", 0, 50, reverse=True)
CHANGE = Axis("change of the answer's loss", -12, 2, decades=True)


def _pictures(seen: Seen) -> list[Picture]:
    result: Matters = seen.result
    found, words = result.influence, held_out(seen.experiment, 1).words
    lag = len(words) - 1 - found.position
    with np.errstate(divide="ignore"):
        real, foretold = np.log10(found.size), np.log10(found.forecast)
    lines = [
        Line("measured: another word put there", lag, real, colour(main(seen.experiment)), places=words),
        Line("foretold by the gradient", lag, foretold, kind="theory", places=words),
    ]
    marks = [Mark(float(lag[result.cue]), words[result.cue])]
    said = "Line chart: how much the answer changes when one word is replaced, against what the gradient foretells."
    return [Picture(chart, (BACK, CHANGE), frame(lines, BACK, CHANGE, marks, "bottom right"), said)]


def _said(seen: Seen) -> str:
    result: Matters = seen.result
    size = result.influence.size[result.cue]
    change = scientific(float(np.log(size))) if size > 0 else "0"
    return (
        f"Another country makes another answer right in **{result.influence.decides:.0%}** of the sentences. Yet only "
        f"**{scientific(result.decay.reach)}** of the signal arrives there (mean of {STARTS} random starts), and the untrained "
        f"network's loss would change by {change}: to the *network* the word does not matter yet. To the *task* it decides "
        "everything."
    )


PAGE = QuestionPage(
    QUESTION,
    "matters",
    texts(__file__),
    ("cell", "gap"),
    _pictures,
    _said,
    {**LSTM, "No words in between": {"gap": 0}},
    more=("forget_bias", "initialiser", "hidden", "embedding"),
    highs={"gap": 40},
    slow=heavy,
)
