"""B3. A grid: whose error reaches which word."""

import numpy as np

from core.questions.b3_error_at_each_word import QUESTION, Errors
from core.wording import LN10, scientific
from pages.charts import grid
from pages.frame.question_page import Picture, QuestionPage, Seen
from pages.frame.texts import texts

LOW = -20  # decades


def _pictures(seen: Seen) -> list[Picture]:
    result: Errors = seen.result
    words = [f"{i + 1} {word}" for i, word in enumerate(result.map.words)]
    titles = ("length of the gradient", "… reaches the state after this word", "this word's error …")
    return [
        Picture(
            grid.chart,
            (len(words), LOW, 0, True, *titles),
            grid.frame(result.map.log_norm / LN10, words, words, LOW, 0, True),
            "Grid: how strongly each word's error (row) reaches each word's state (column).",
        )
    ]


def _said(seen: Seen) -> str:
    result: Errors = seen.result
    share = float(result.map.log_norm[-1, 0] - result.map.log_norm[-1, -1])
    way = "it travels all the way" if np.isfinite(share) else "nothing is handed back"
    much = ", and hardly anything arrives" if share < -2 * LN10 and np.isfinite(share) else ""
    return (
        f"There is an error at each of the {len(result.map.words)} words. The last one's reaches the first word with "
        f"**{scientific(share)}** of its strength: {way}{much}."
    )


PAGE = QuestionPage(
    QUESTION,
    "sentences",
    texts(__file__),
    ("cell", "gap", "initialiser"),
    _pictures,
    _said,
    {
        "No recurrent matrix (gain 0)": {"gain": 0.0},
        "ReLU from the identity": {"cell": "relu", "initialiser": "identity"},
        "LSTM with forget bias 3": {"cell": "lstm", "forget_bias": 3.0},
    },
    more=("hidden", "forget_bias", "gain"),
    highs={"gap": 21},
)
