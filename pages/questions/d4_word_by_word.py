"""D4. Whose loss reaches which word's state."""

from core.questions.d4_word_by_word import QUESTION, WordByWord
from core.wording import LN10, number, scientific
from pages.charts import grid
from pages.frame.question_page import Picture, QuestionPage, Seen
from pages.frame.texts import texts
from pages.frame.turns import IDENTITY
from pages.results.cost import lengthy


def _pictures(seen: Seen) -> list[Picture]:
    result: WordByWord = seen.result
    words = [f"{i + 1} {word}" for i, word in enumerate(result.map.words)]
    table = grid.frame(result.map.log_norm / LN10, words, words, -14, 0, True)
    told = "‖∂L_t/∂h_k‖", "the word whose state k is asked", "the word whose loss t it is"
    said = "Grid: length of the gradient of each word's loss (row) at each word's state (column)."
    return [Picture(grid.chart, (len(words), -14, 0, True, *told), table, said)]


def _said(seen: Seen) -> str:
    result: WordByWord = seen.result
    last, cue, window = result.map.log_norm[-1], result.map.cue or 0, seen.experiment.training.truncate
    cut = ""
    if window:
        cut = (
            f" Training in windows of {window} words, as set here, sees the squares along the diagonal only, and is "
            f"{result.windowed:.0%} off what a pass for each word would give."
        )
    return (
        f"The words' own gradients, added up, are the gradient of the summed loss, to **{number(result.exact)}**. Each row is "
        f"one word's loss: the last word's reaches *{result.map.words[cue]}* with {scientific(float(last[cue] - last[-1]))} of "
        f"its strength.{cut}"
    )


PAGE = QuestionPage(
    QUESTION,
    "roles",
    texts(__file__),
    ("cell", "gap", "initialiser"),
    _pictures,
    _said,
    {"Truncated after 5 steps": {"truncate": 5}, **IDENTITY},
    more=("truncate", "hidden", "forget_bias"),
    highs={"gap": 11},
    slow=lengthy,
)
