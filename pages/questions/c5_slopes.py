"""C5. The activation's slope, where the units are on it, and what an MLP of the same depth makes of the same weights."""

from core.instruments.starts import STARTS
from core.questions.c5_slopes import QUESTION, Slopes, usual_weights
from core.questions.settings import recurrent
from pages.frame.question_page import Picture, QuestionPage, Seen
from pages.frame.slopes import slopes_picture, slopes_said
from pages.frame.texts import texts
from pages.results.cost import bulky


def _pictures(seen: Seen) -> list[Picture]:
    result: Slopes = seen.result
    return [slopes_picture(seen.experiment, result.units)]


def _said(seen: Seen) -> str:
    result: Slopes = seen.result
    if not (result.rnn and result.same and result.usual):
        return slopes_said(result.units)
    steps, label = seen.experiment.task.shape().steps, usual_weights(recurrent(seen.experiment))
    weights = {"he": "He", "xavier": "Xavier"}[label]
    return (
        f"{slopes_said(result.units)} Factor per step or layer back, in the mean of {STARTS} random starts: "
        f"**{result.rnn.rate:.3f}** in this RNN, **{result.same.rate:.3f}** in an MLP of {steps} layers with the same kind of "
        f"weights, **{result.usual.rate:.3f}** in one with {weights} weights."
    )


PAGE = QuestionPage(
    QUESTION,
    "depth",
    texts(__file__),
    ("cell", "gain", "radius", "length"),
    _pictures,
    _said,
    {"Gain 3": {"gain": 3.0}, "ReLU": {"cell": "relu"}, "Sigmoid": {"cell": "sigmoid"}},
    more=("initialiser", "hidden"),
    highs={"gain": 5, "radius": 3, "length": 100},
    slow=bulky,
)
