"""D2. How many recurrent matrices serve all steps, and how long the gradients of the three sets of weights are."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from ..experiment.specs import Experiment
from ..instruments.weight_sets import WeightSets, weight_sets
from ..networks import Recurrent
from ..tasks import Roles
from ..wording import number
from .base import Question, Verdict, no_contrasts
from .settings import recurrent


def measure(experiment: Experiment) -> WeightSets:
    """Measures the sets. Raises SpecError unless the network is recurrent and its cell written out."""
    recurrent(experiment)
    return weight_sets(experiment)


def judge(_experiment: Experiment, result: WeightSets, _found: Mapping[str, Any]) -> Verdict:
    """Decides by the number of recurrent matrices."""
    copies = result.copies
    sizes = {kind: float(np.exp(log)) for kind, log in result.log_norm.items()}
    lengths = [number(sizes[kind]) for kind in ("input", "recurrent", "output")]
    return Verdict(
        "holds" if copies == 1 else "fails",
        float(copies),
        f"One recurrent matrix serves all {result.steps} steps."
        if copies == 1
        else f"There are {copies} recurrent matrices, one for each step."
        if copies
        else "This cell has no recurrent matrix.",
        f"Shared by all steps, the network has {result.shared:,} weights; the gradients of its input, recurrent and output "
        f"weights have the lengths {lengths[0]}, {lengths[1]} and {lengths[2]}.",
        f"Untied, with a recurrent matrix for every step, the same network has {result.untied:,} weights."
        if copies == 1
        else f"Tied, with one recurrent matrix for all steps, the same network has {result.shared:,} weights.",
        {"weight_ih": sizes["input"], "weight_hh": sizes["recurrent"], "readout.weight": sizes["output"]}
        | {"shared": result.shared, "untied": result.untied, "copies": float(copies)},
    )


QUESTION = Question(
    "d2_three_sets",
    "Three sets of weights",
    "There are three sets of weights, shared over time: input, recurrent, output.",
    Experiment(Recurrent(), Roles(gap=21)),
    measure,
    no_contrasts,
    judge,
)
