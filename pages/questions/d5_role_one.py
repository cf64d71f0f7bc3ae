"""D5. The accuracies of the two roles over training."""

from core.instruments.two_roles import TwoRoles
from core.questions.d5_role_one import QUESTION
from core.questions.settings import right
from pages.frame.question_page import Picture, QuestionPage, Seen
from pages.frame.texts import texts
from pages.frame.two_roles import CONTROLS, HIGHS, MORE, TURNS, accuracies
from pages.results.cost import always


def _pictures(seen: Seen) -> list[Picture]:
    return [accuracies(seen)]


def _said(seen: Seen) -> str:
    result: TwoRoles = seen.result
    return (
        f"After {result.steps[-1]} steps **{right(float(result.local[-1]))}** of the words are translated rightly, and "
        f"**{result.far[-1]:.0%}** of the last verbs (guessing: {seen.experiment.task.shape().chance:.0%})."
    )


PAGE = QuestionPage(
    QUESTION,
    "roles",
    texts(__file__),
    CONTROLS,
    _pictures,
    _said,
    {"Plain SGD at rate 0.005": {"optimiser": "sgd", "learning_rate": 0.005}, **TURNS},
    more=MORE,
    highs=HIGHS,
    slow=always,
)
