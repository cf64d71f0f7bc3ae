"""D7. What a linear read-out can tell from the state, by word and training step."""

from core.instruments.two_roles import FRAMES, TwoRoles
from core.questions.d7_context import QUESTION, last_known
from pages.charts import grid
from pages.frame.question_page import Picture, QuestionPage, Seen
from pages.frame.texts import texts
from pages.frame.two_roles import CONTROLS, HIGHS, MORE, TURNS
from pages.results.cost import always


def _pictures(seen: Seen) -> list[Picture]:
    result: TwoRoles = seen.result
    words = [f"{i + 1} {word}" for i, word in enumerate(result.words)]
    looks = [f"step {step}" for step in result.steps]
    table = grid.frame(result.read, words, looks, 0.5, 1.0, False)
    told = "share right of a linear probe", "read from the state after this word", "training"
    said = "Grid: can was/were be read from the state, by word and training step."
    return [Picture(grid.chart, (FRAMES, 0.5, 1.0, False, *told), table, said)]


def _said(seen: Seen) -> str:
    result: TwoRoles = seen.result
    known = last_known(result)
    last = f"after *{result.words[known]}*, word {known + 1}" if known >= 0 else "nowhere"
    return (
        f"After training, whether the noun was one or many can last be read {last}; at the blank a linear read-out is right in "
        f"**{result.read[-1, -1]:.0%}** (guessing: {result.chance:.0%})."
    )


PAGE = QuestionPage(
    QUESTION,
    "roles",
    texts(__file__),
    CONTROLS,
    _pictures,
    _said,
    TURNS,
    more=MORE,
    highs=HIGHS,
    slow=always,
)
