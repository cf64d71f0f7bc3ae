"""E3. The slope at the ends of the activation's curve, and how many nonlinearities lie on the shortest path back."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from ..experiment.specs import Experiment
from ..instruments.grid import Grid, grid
from ..instruments.saturation import FLAT, Saturation, saturation
from ..instruments.starts import STARTS, decay
from ..networks import Recurrent
from ..tasks import France
from ..wording import number
from .base import Contrasts, Question, Verdict
from .settings import CELLS, KEEPERS, recurrent

RELU, LSTM = "ReLU from the identity", "LSTM with forget bias 3"


def contrasts(experiment: Experiment, _result: Saturation) -> Contrasts:
    """Returns its paths and its decay, and what sigmoid units, ReLU and an LSTM do instead."""
    recurrent(experiment)
    relu, lstm = (experiment.changed(**KEEPERS[name]) for name in (RELU, LSTM))
    sigmoid = experiment.changed(**CELLS["plain RNN"] | {"cell": "sigmoid"})
    return {
        "paths": (grid, experiment),
        "decay": (decay, experiment),
        "ReLU": (saturation, relu),
        "ReLU's decay": (decay, relu),
        "LSTM's paths": (grid, lstm),
        "LSTM's decay": (decay, lstm),
        "sigmoid": (saturation, sigmoid),
        "sigmoid's paths": (grid, sigmoid),
    }


def judge(_experiment: Experiment, result: Saturation, found: Mapping[str, Any]) -> Verdict:
    """Decides by whether the slope fades at the ends, and whether the shortest path grows with the steps."""
    steps, least = found["paths"].log_norm.shape[-1], _shortest(found["paths"])
    mean, ends, steepest = _mean(result), _ends(result), float(np.abs(result.curve).max())
    rates = {RELU: found["ReLU's decay"].rate, LSTM: found["LSTM's decay"].rate}
    short, longer, sigmoid_ends = (
        _shortest(found["LSTM's paths"]),
        _shortest(found["sigmoid's paths"]),
        _ends(found["sigmoid"]),
    )
    verdict = "fails" if ends >= FLAT else "holds" if least >= steps - 1 else "only_when"
    return Verdict(
        verdict,
        mean,
        f"Over {steps} steps the shortest path back passes {least} slopes, {mean:.2f} in the mean.",
        f"At the ends of the activation's curve the slope is {number(ends)} of its steepest, {steepest:.2f}. Slopes and "
        f"weights together multiply the gradient by {found['decay'].rate:.3f} per step back (mean of {STARTS} random starts).",
        f"With sigmoid units the slope fades to {number(sigmoid_ends)} of its steepest at the ends, and the shortest path passes "
        f"{longer} of them."
        if verdict != "holds"
        else f"ReLU's slope is 1 at its upper end (and {_mean(found['ReLU']):.2f} in the mean): from the identity "
        f"{rates[RELU]:.3f} per step. In an LSTM the shortest path passes {short}, however many steps there are: with forget "
        f"bias 3 {rates[LSTM]:.3f}.",
        {"mean slope": mean, "at the ends": ends, "steepest": steepest, "shortest path": float(least)}
        | {"rate": found["decay"].rate, "shortest path, LSTM": float(short), **rates}
        | {"at the ends, sigmoid": sigmoid_ends, "shortest path, sigmoid": float(longer)},
        when="no path goes past the activations" if verdict == "only_when" else "",
    )


def _mean(units: Saturation) -> float:
    """Returns the mean slope that the gradient meets."""
    return float(np.nanmean(units.slope))


def _ends(units: Saturation) -> float:
    """Returns the slope at the ends of the curve as a share of the steepest one."""
    curve = np.abs(units.curve)
    return float((curve[:, [0, -1]].max(-1) / curve.max(-1)).max())


def _shortest(paths: Grid) -> int:
    """Returns the nonlinearities on the shortest path from the last step to the first."""
    return int(paths.lengths.nonlinearities[0, 0, -1])


QUESTION = Question(
    "e3_fading_slopes",
    "Slopes that fade, layers that multiply",
    "Sigmoid slopes fade towards the poles, and backpropagation through time makes the number of layers grow dramatically.",
    Experiment(Recurrent(cell="sigmoid"), France(gap=20)),
    saturation,
    contrasts,
    judge,
)
