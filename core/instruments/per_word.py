"""Word by word: backpropagation once for each word's loss, and all of them together (question D4).

L = Σ_t w_t L_t, w_t being word t's share of all targets, so ∂L/∂W = Σ_t w_t ∂L_t/∂W: a network trained on the summed loss is
trained on every word separately. Here each word has forward and backward passes of its own, and their sum is held against
the single pass. Diagnosis: which words' losses move the weights at all.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy import ndarray

from ..experiment.specs import Experiment, SpecError
from ..gradients.adjoint import log_norm
from ..gradients.measure import differentiate
from ..networks.base import Parameters
from ..parts.losses import Loss
from .subject import subject


@dataclass(frozen=True)
class WordGradients:
    """log_norm: by parameter name (T,), ln ‖w_t ∂L_t/∂W‖, −inf where nothing is asked. full: ln ‖∂L/∂W‖.

    difference: ‖Σ_t w_t ∂L_t/∂W − ∂L/∂W‖ / Σ_t ‖w_t ∂L_t/∂W‖, which is rounding.
    """

    log_norm: Mapping[str, ndarray]
    full: Mapping[str, float]
    difference: Mapping[str, float]
    words: tuple[str, ...] = ()


def word_by_word(experiment: Experiment, parameters: Parameters | None = None) -> WordGradients:
    """On 32 held-out examples in float64; where the task has one target per example, every word is asked for it.

    Costs a pass per word. Raises SpecError for networks that are not recurrent, and for tasks whose answers are numbers.
    """
    of = subject(experiment, parameters, "a gradient for each word", plain=False)
    targets, steps = of.batch.targets, of.batch.inputs.shape[1]
    if targets.dtype.kind == "f":
        raise SpecError("a gradient for each word needs a task whose answers are classes")
    if targets.ndim == 1:
        targets = np.repeat(targets[:, None], steps, axis=1)

    whole = differentiate(of.network, of.weights, of.batch.inputs, Loss.of(targets), rescale=0).parameters
    norms = {name: np.full(steps, -np.inf) for name in whole}
    total = {name: np.zeros_like(values) for name, values in whole.items()}
    count = (targets >= 0).sum(0)
    for t in np.flatnonzero(count):  # what comes after word t does not matter to its loss
        only = differentiate(of.network, of.weights, of.batch.inputs[:, : t + 1], Loss(targets[:, t]), rescale=0)
        for name, own in only.parameters.items():
            own = own * (count[t] / count.sum())
            norms[name][t] = log_norm(np.atleast_2d(own))
            total[name] += own
    full = {name: float(log_norm(np.atleast_2d(values))) for name, values in whole.items()}
    difference = {name: _gap(total[name], whole[name], norms[name]) for name in whole}
    return WordGradients(norms, full, difference, of.batch.words)


def _gap(total: ndarray, whole: ndarray, norms: ndarray) -> float:
    size = np.exp(norms).sum()
    return float(np.linalg.norm(total - whole) / size) if size > 0 else 0.0
