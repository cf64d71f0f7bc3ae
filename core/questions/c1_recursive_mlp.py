"""C1. The unrolled network against the same thing built as a feed-forward network with tied weights; or how far it is none."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..experiment.sampling import held_out
from ..experiment.specs import Experiment
from ..fields import SpecError
from ..instruments.bend import bend
from ..instruments.tied import Twin, tied_twin
from ..networks import Recurrent
from ..parts.activations import ACTIVATIONS
from ..tasks import France
from ..wording import number
from .base import Contrasts, Question, Verdict
from .settings import CELLS, called, recurrent

SAME = 1e-9  # relative: sums of float64 in another order


@dataclass(frozen=True)
class Unrolled:
    """twin: the feed-forward network of a plain cell, None for gates. bent: share of a gated step that is not linear before its
    nonlinearity, None for a plain cell.
    """

    twin: Twin | None = None
    bent: float | None = None


def measure(experiment: Experiment) -> Unrolled:
    """Builds the twin, or measures why there is none. Raises SpecError for a single step, and for cells without tanh or φ."""
    recurrent(experiment)
    if held_out(experiment, 1).inputs.shape[1] < 2:
        raise SpecError("a single step is not unrolled: take a task with more of them")
    if recurrent(experiment).cell in ACTIVATIONS:
        return Unrolled(twin=tied_twin(experiment))
    return Unrolled(bent=bend(experiment))


def contrasts(experiment: Experiment, result: Unrolled) -> Contrasts:
    """Returns a GRU for a plain cell, and a plain RNN for gates."""
    other = "GRU" if result.twin else "plain RNN"
    return {"other": (measure, experiment.changed(**CELLS[other], layers=1))}


def apart(twin: Twin) -> float:
    """Returns the largest difference of outputs and gradients."""
    return max(twin.outputs, *relative(twin).values())


def relative(twin: Twin) -> dict[str, float]:
    """Returns the largest difference of each parameter's gradient, relative to that gradient's largest entry."""
    return {name: gap / twin.largest[name] for name, gap in twin.gradients.items() if twin.largest[name] > 0}


def judge(experiment: Experiment, result: Unrolled, found: Mapping[str, Any]) -> Verdict:
    """Decides by the difference of the two networks."""
    cell, other = called(experiment), found["other"]
    twin, bent = result.twin or other.twin, other.bent if result.bent is None else result.bent
    difference = apart(twin)
    if result.twin:
        here = difference
        headline = f"The unrolled {cell} and the MLP built like it are the same, to {number(difference)}."
        finding = (
            "Built as a feed-forward network with tied weights, a layer for each step, it has the same outputs and the same "
            f"gradients: the largest difference is {number(difference)} of their size."
        )
        overturned = (
            f"A step of a GRU is no layer of an MLP, for its gates multiply: before the nonlinearity, {bent:.1%} of what a small "
            "change of h does is not linear."
        )
    else:
        here = bent
        headline = f"A step of the {cell} is no layer of an MLP: {bent:.1%} of what it does is not linear."
        finding = (
            "A layer is a linear map and then a nonlinearity. Before the nonlinearity, the step's answer to a small change of "
            f"h departs from a straight line by {bent:.1%}: gates multiply."
        )
        overturned = f"Without gates it is one: a plain RNN and its feed-forward twin differ by {number(difference)}."
    numbers = {"twin": difference, "bent": bent}
    return Verdict("holds" if here <= SAME else "fails", here, headline, finding, overturned, numbers)


QUESTION = Question(
    "c1_recursive_mlp",
    "An RNN is a recursive MLP",
    "An RNN is a recursive MLP: unroll it and it is a very deep one.",
    Experiment(Recurrent(), France(gap=22)),
    measure,
    contrasts,
    judge,
    ("Rumelhart, Hinton & Williams 1986",),
    0.2,
)
