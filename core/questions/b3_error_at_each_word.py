"""B3. Whose error reaches which word, and how far the first word is carried forwards."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from ..experiment.sampling import held_out, initial
from ..experiment.specs import Experiment
from ..gradients.measure import MEASURED
from ..instruments.evaluation import hidden_states
from ..instruments.itemised import GradientMap, map_gradients
from ..networks import Recurrent
from ..tasks import Roles
from ..wording import number, scientific
from .base import Contrasts, Question, Verdict
from .settings import CELLS, recurrent

ASKS = Roles(gap=21)  # at every word


@dataclass(frozen=True)
class Errors:
    """map: how strongly each step's error reaches each earlier state. asked: the share of steps that have a loss of their own.

    carried (steps): ‖change of h_t‖/‖h_t‖ from the cue's step on when the word there is replaced by other examples' words.
    """

    map: GradientMap
    asked: float
    carried: np.ndarray

    @property
    def pairs(self) -> np.ndarray:
        """Returns ln of the gradient for every error and every step up to its own."""
        return self.map.log_norm[np.tril_indices(len(self.map.log_norm))]

    @property
    def reached(self) -> float:
        """Returns the share of these pairs with a gradient that is not exactly 0."""
        return float(np.isfinite(self.pairs).mean())

    @property
    def arrives(self) -> float:
        """Returns the share of states that another first word changes."""
        return float((self.carried > 0).mean())


def measure(experiment: Experiment) -> Errors:
    """Goes back from each step's own loss, and forwards with another word at the cue."""
    recurrent(experiment)
    asked = float(held_out(experiment, MEASURED).mask.any(0).mean())
    return Errors(map_gradients(experiment), asked, _carried(experiment))


def _carried(experiment: Experiment) -> np.ndarray:
    batch, weights = held_out(experiment, MEASURED), initial(experiment)
    first = batch.cue or 0
    inputs = batch.inputs.copy()
    inputs[:, first] = np.roll(inputs[:, first], 1, axis=0)
    before, after = (hidden_states(experiment, weights, some) for some in (batch, replace(batch, inputs=inputs)))
    with np.errstate(invalid="ignore"):
        change: np.ndarray = _size(after - before)[first:] / _size(before)[first:]
    return change


def _size(states: np.ndarray) -> np.ndarray:
    """‖h_t‖ over layers, examples and units: (T,)."""
    return np.asarray(np.linalg.norm(states.reshape(len(states), -1), axis=1))


def contrasts(experiment: Experiment, _result: Errors) -> Contrasts:
    """Returns the network without recurrent weights, and with PyTorch's."""
    return {
        "cut": (measure, experiment.changed(gain=0.0)),
        "torch": (measure, experiment.changed(**CELLS["plain RNN"])),
    }


def judge(_experiment: Experiment, result: Errors, found: Mapping[str, Errors]) -> Verdict:
    """Decides by whether every error reaches every earlier step, and whether each step has one."""
    asked, reached, arrives, steps = result.asked, result.reached, result.arrives, len(result.map.log_norm)
    unit, last = "word" if result.map.words else "step", float(result.carried[-1])
    alone, plainly = found["cut"].reached, found["torch"].reached
    verdict = "fails" if reached < 1 or arrives < 1 else "holds" if asked == 1 else "only_when"
    contrast = {
        "holds": f"Without recurrent weights (gain 0) an error reaches {alone:.0%} of the {unit}s up to its own: that one alone. "
        "And a task that asks at its end only has one error.",
        "only_when": f"The two-role sentences ask at every one of their {ASKS.shape().steps} words.",
        "fails": f"With PyTorch's weights an error reaches {plainly:.0%} of the {unit}s up to its own.",
    }[verdict]
    return Verdict(
        verdict,
        min(asked, reached, arrives),
        f"An error reaches {reached:.0%} of the {unit}s up to its own."
        if reached < 1
        else f"Every {unit}'s error reaches every earlier {unit}."
        if asked == 1
        else f"{asked:.0%} of the {unit}s have an error; every error reaches every earlier {unit}.",
        f"{asked:.0%} of the {steps} {unit}s have a loss of their own. The weakest link back is "
        f"{scientific(result.pairs.min())}. Forwards, another first word changes {arrives:.0%} of the states after it, "
        f"the last one by {number(last)} of its length.",
        contrast,
        {"asked": asked, "reached": reached, "carried": arrives, "last state": last}
        | {"without matrix": alone, "with PyTorch's weights": plainly},
        when="the task asks for something at every step" if verdict == "only_when" else "",
    )


QUESTION = Question(
    "b3_error_at_each_word",
    "An error at each time point",
    "Information travels through time; there is an error at each time point.",
    Experiment(Recurrent(), ASKS),
    measure,
    contrasts,
    judge,
    (),
    0.1,
)
