"""A linear probe: can the answer be read from h_t, at each step and layer (question D7)?

Diagnosis: if a probe reads the noun's number from h_t right after the noun but not at the end, the network was not handed
what its read-out needs: the context is garbage. If it reads it at the end and the network is wrong all the same, the read-out
is to blame. Linear classifier probes: Alain & Bengio 2016; here by ridge regression on one column of 0 and 1 per
class, which has a closed form.
"""

from dataclasses import dataclass

import numpy as np
from numpy import ndarray

from ..experiment.sampling import held_out
from ..experiment.specs import Experiment
from ..tasks import Batch
from ..training.run import Run
from .evaluation import hidden_states, parameters_of


@dataclass(frozen=True)
class Probe:
    """accuracy (T, layers): share of the test examples that a linear read-out of h_t gets right, fitted on other ones; for a
    number the share of its variance that is explained. T is 1 without time. chance: what guessing gets (0 for a number).
    spread (T, layers): of the accuracy if there were nothing to read: one standard deviation by chance alone (NaN for a
    number).
    """

    accuracy: ndarray
    chance: float
    spread: ndarray


def probe(
    experiment: Experiment,
    run: Run | None = None,
    labels: ndarray | None = None,
    examples: int = 512,
    ridge: float = 1e-6,
) -> Probe:
    """Reads ``labels`` (2·``examples``,), by default the targets (of several the last one that matters), from h.

    Half of the held-out examples fit, the other half test. ``ridge``: added to each direction's variance, as a share of the
    mean variance; it decides how faint a trace still counts as known.
    """
    batch = held_out(experiment, 2 * examples)
    wanted = _answers(batch) if labels is None else np.asarray(labels)
    states = hidden_states(experiment, parameters_of(experiment, run), batch)
    numbers = wanted.dtype.kind == "f"
    kinds = np.unique(wanted)
    signs = wanted[:, None].astype(float) if numbers else (wanted[:, None] == kinds).astype(float)
    guess = fit_and_predict(states[..., :examples, :], signs[:examples], states[..., examples:, :], ridge)
    test = wanted[examples:]
    if numbers:
        error = ((guess[..., 0] - test) ** 2).mean(-1) / test.var()
        return Probe(1 - error, 0.0, np.full(error.shape, np.nan))
    share = (kinds[guess.argmax(-1)] == test).mean(-1)
    chance = float(np.unique(test, return_counts=True)[1].max() / examples)
    return Probe(share, chance, np.full(share.shape, np.sqrt(chance * (1 - chance) / examples)))


def _answers(batch: Batch) -> ndarray:
    if batch.targets.ndim == 1:
        return batch.targets
    answers: ndarray = batch.targets[:, batch.matters[-1] if batch.matters else -1]
    return answers


def fit_and_predict(seen: ndarray, wanted: ndarray, new: ndarray, ridge: float) -> ndarray:
    """Ridge regression with intercept of ``wanted`` (B, K) on ``seen`` (…, B, n), applied to ``new`` (…, C, n): (…, C, K).

    Least squares over B examples plus ridge · B · (mean variance) · ‖weights‖²; a direction without any variance is left out.
    """
    mean, base = seen.mean(-2, keepdims=True), wanted.mean(0)
    centred = seen - mean
    scale = np.sqrt((centred**2).mean((-2, -1), keepdims=True))
    scale = np.where(scale > 0, scale, 1.0)
    centred = centred / scale
    n = seen.shape[-1]
    gram = centred.swapaxes(-1, -2) @ centred / seen.shape[-2] + ridge * np.eye(n)
    weights = np.linalg.solve(gram, centred.swapaxes(-1, -2) @ (wanted - base) / seen.shape[-2])
    return base + (new - mean) / scale @ weights
