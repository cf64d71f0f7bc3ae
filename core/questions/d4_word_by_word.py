"""D4. Backpropagation from every word's loss alone, added up, against once from the summed loss."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..experiment.sampling import held_out, initial
from ..experiment.specs import Experiment
from ..fields import SpecError
from ..gradients.extras import Extras
from ..gradients.measure import MEASURED, differentiate, side_by_side
from ..instruments.itemised import GradientMap, map_gradients
from ..networks import Recurrent
from ..parts.losses import Loss
from ..tasks import Roles
from ..wording import number
from .base import Question, Verdict, no_contrasts
from .settings import recurrent

EQUAL = 1e-10  # relative difference of two float64 sums over a hundred steps that are the same mathematically
WINDOW = 5  # steps


@dataclass(frozen=True)
class WordByWord:
    """map: ‖∂L_t/∂h_k‖. exact: how far the sum of the words' own gradients is from the gradient of the summed loss, relative to
    the latter's length. windowed: the same where each goes back by the experiment's window of steps (by 5 if it has none).
    """

    map: GradientMap
    exact: float
    windowed: float


def measure(experiment: Experiment) -> WordByWord:
    """Makes a pass for each word, and one for all. Raises SpecError where no gradient of each word can be had."""
    network = recurrent(experiment)
    if not experiment.task.shape().answers:
        raise SpecError("a gradient for each word needs a task whose answers are classes")
    window = experiment.training.truncate or WINDOW
    return WordByWord(
        map_gradients(experiment), _difference(experiment, network, 0), _difference(experiment, network, window)
    )


def _difference(experiment: Experiment, network: Recurrent, truncate: int) -> float:
    """Returns ‖Σ of the words' gradients − gradient of the summed loss‖ / ‖the latter‖; each goes ``truncate`` steps back."""
    batch = held_out(experiment, MEASURED)
    targets = batch.targets if batch.targets.ndim == 2 else np.repeat(batch.targets[:, None], batch.mask.shape[1], 1)
    weights = {name: values[0] for name, values in side_by_side([initial(experiment)]).items()}

    def gradient(some: np.ndarray, steps: int) -> np.ndarray:
        found = differentiate(
            network, weights, batch.inputs[:, :steps], Loss.of(some[:, :steps]), extras=Extras(truncate), rescale=0
        ).parameters
        return (some[:, :steps] >= 0).sum() * np.concatenate([found[name].reshape(-1) for name in sorted(found)])

    whole = gradient(targets, targets.shape[1])
    parts = np.zeros_like(whole)
    for t in range(targets.shape[1]):
        alone = np.full_like(targets, -1)
        alone[:, t] = targets[:, t]
        parts = parts + gradient(alone, t + 1)
    return float(np.linalg.norm(whole - parts) / np.linalg.norm(whole))


def judge(experiment: Experiment, result: WordByWord, _found: Mapping[str, Any]) -> Verdict:
    """Decides by whether the sum of the words' gradients is the gradient of the sum."""
    truncate, exact, windowed = experiment.training.truncate, result.exact, result.windowed
    difference = windowed if truncate else exact
    same = difference < EQUAL
    return Verdict(
        "only_when" if same else "fails",
        difference,
        "One pass back gives what a pass for each word would, added up."
        if same
        else f"With windows of {truncate} steps, one pass back is {difference:.0%} off what a pass for each word would give.",
        f"A pass for each word's own loss, added up, is the gradient of the summed loss, to {number(difference)}: the gradient "
        "of a sum is the sum of the gradients. Training makes one pass for all words."
        if same
        else f"One pass ends at the windows' borders, a pass for each word {truncate} steps before that word.",
        f"In windows of 5 steps not even that is so: one pass ends at the windows' borders, not 5 steps before each word, and "
        f"the two differ by {windowed:.0%}."
        if same
        else f"Without windows the two are the same, to {number(exact)}.",
        {"exact": exact, "windows": windowed},
        when="it is read as an account of the sum" if same else "",
    )


QUESTION = Question(
    "d4_word_by_word",
    "Once for each word",
    "Backpropagation happens once, separately, for each word.",
    Experiment(Recurrent(), Roles(gap=11)),
    measure,
    no_contrasts,
    judge,
    ("Cashman et al. 2017",),
)
