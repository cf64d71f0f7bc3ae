"""Influence against gradient: put another word in a place and see what becomes of the answer (question A3).

Diagnosis: "a tiny gradient only says that the early word matters little" mixes up the network and the task. To the *network*
as it is an untrained plain RNN's cue does matter little: replacing it changes nothing, as the gradient foretells. To the
*task* it decides everything, and the gradient, which should say so, says nothing. And in a network that has understood,
replacing the cue turns the answer over while the gradient there is still ~ 0, because the answer is saturated: a gradient
knows infinitely small changes only. Replacing from the data's own values: Breiman 2001 (permutation importance).
"""

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

import numpy as np
import torch
from numpy import ndarray
from torch import Tensor

from ..experiment.sampling import held_out
from ..experiment.specs import Experiment, SpecError
from ..gradients.measure import MEASURED
from ..networks import Recurrent
from ..tasks import Batch
from ..training.run import Run
from .evaluation import as_tensors, example_losses, loss_and_gradient, parameters_of, unrolled
from .replacement import at_inputs, others, what_matters, word_vectors

POOL = 256  # held-out sentences that say what may stand in a place


@dataclass(frozen=True)
class Influence:
    """position (P,): 0-based steps. Each other array (P,) is a mean over 32 held-out examples and all their replacements, of
    the word (or vector) at that step by another that the task puts there; NaN where it never puts another. Changes below
    10⁻¹⁶ are rounding.

    change: of the example's loss, for classes −1 × that of the answer's log-probability. size: of its absolute value.
    forecast: |∂L/∂x · (x′ − x)|, the size that the gradient foretells. divergence: KL(p ‖ p′) of the outputs in nats (for
    numbers the squared change). flips: share of answers that become another (NaN for numbers). log_gradient: ln ‖∂L/∂x‖ over
    (batch, inputs), L the batch's mean loss. Of several targets in an example only those count that matter.

    When the cue is replaced and the target follows it: decides, the share of replacements that make another answer right;
    followed and followed_size, the mean change of the example's loss and its mean absolute value: near 0 for a network
    that has understood. All NaN where the target is not a class that the cue decides alone.
    """

    position: ndarray
    change: ndarray
    size: ndarray
    forecast: ndarray
    divergence: ndarray
    flips: ndarray
    log_gradient: ndarray
    decides: float
    followed: float
    followed_size: float


def influence(experiment: Experiment, run: Run | None = None, positions: Sequence[int] | None = None) -> Influence:
    """Every place (or only ``positions``), each replacement a forward pass. Raises SpecError for data that are no sequence."""
    batch, pool = what_matters(held_out(experiment, MEASURED)), held_out(experiment, POOL)
    if experiment.task.gives != "sequences":
        raise SpecError("influence is measured on sequences: replacing a point leaves nothing of the example")
    weights = as_tensors(parameters_of(experiment, run))
    places = range(batch.inputs.shape[1]) if positions is None else positions
    with torch.no_grad():
        whole = _Whole(experiment, weights, batch)
    before = whole.logits
    losses, _ = example_losses(before, batch.targets)
    vectors, gradient = at_inputs(experiment, weights, batch)
    rows, label = [], (np.nan,) * 3
    for k in places:
        other = others(pool.inputs[:, k])
        replaced = np.repeat(batch.inputs[None], len(other), 0)
        replaced[:, :, k] = other[:, None]
        with torch.no_grad():
            after = whole.again(replaced, k)
            new = whole.vectors(replaced, k).numpy()
        changes = example_losses(after, batch.targets)[0] - losses
        differs = (replaced[:, :, k] != batch.inputs[:, k]).reshape(*changes.shape, -1).any(-1)
        foretold = ((new - vectors[:, k]) * gradient[:, k]).sum(-1)
        kl, flipped = _difference(before, after, batch.targets)
        seen = [changes, np.abs(changes), np.abs(foretold), kl, flipped]
        rows.append([float(values[differs].mean()) if differs.any() else np.nan for values in seen])
        if k == batch.cue:
            label = _followed(after, other, pool, k, losses, batch.targets, differs)
    change, size, forecast, divergence, flips = np.array(rows).T
    norms = np.linalg.norm(gradient, axis=(0, 2))
    with np.errstate(divide="ignore"):
        logs = np.log(norms / MEASURED)[list(places)]
    return Influence(np.array(places), change, size, forecast, divergence, flips, logs, *label)


class _Whole:
    """The examples as they are: their logits, and those of copies that differ from step k on alone.

    A recurrent network with one matrix for all steps need not read again what comes before k.
    """

    def __init__(self, experiment: Experiment, weights: dict[str, Tensor], batch: Batch) -> None:
        self._experiment, self._weights, self._each_step = experiment, weights, batch.targets.ndim == 2
        self._resumes = isinstance(experiment.network, Recurrent) and experiment.network.tied
        chain = unrolled(experiment, weights, batch.inputs)
        self.logits = chain.logits(self._each_step)
        states = list(accumulate(chain.maps, lambda state, step: step(state), initial=chain.state))
        self._before = [chain.state, *(states[end + 1] for end in chain.ends)]  # each step

    def again(self, inputs: ndarray, k: int) -> Tensor:
        """Logits (…, R, B, answers) of R copies ``inputs`` (R, B, T[, d]) of the examples, equal to them before step ``k``."""
        if not self._resumes:
            return unrolled(self._experiment, self._weights, inputs).logits(self._each_step)
        copies = len(inputs)
        state = tuple(part.expand(copies, *part.shape) for part in self._before[k])
        chain = dataclasses.replace(unrolled(self._experiment, self._weights, inputs[:, :, k:]), state=state)
        logits = chain.logits(self._each_step)
        if not self._each_step:
            return logits
        return torch.cat([self.logits[:k].unsqueeze(1).expand(-1, copies, -1, -1), logits])

    def vectors(self, inputs: ndarray, k: int) -> Tensor:
        """What the network reads in the copies at step ``k``: (R, B, e)."""
        if self._resumes:
            return word_vectors(self._experiment, self._weights, inputs[:, :, k : k + 1])[:, :, 0]
        return word_vectors(self._experiment, self._weights, inputs)[:, :, k]


def _difference(before: Tensor, after: Tensor, targets: ndarray) -> tuple[ndarray, ndarray]:
    """KL divergence and share of changed answers, (R, B), over the steps that have a target."""
    if targets.dtype.kind == "f":
        change = (after - before).squeeze(-1).square().numpy()
        return change, np.full_like(change, np.nan)
    if targets.ndim == 2:  # (T, R, B, answers) → steps behind the examples
        before, after = before.unsqueeze(1).movedim(0, -2), after.movedim(0, -2)
    else:
        before, after, targets = before.unsqueeze(-2), after.unsqueeze(-2), targets[:, None]
    old, new = before.log_softmax(-1), after.log_softmax(-1)
    kl = (old.exp() * (old - new)).sum(-1).numpy()
    flips = (before.argmax(-1) != after.argmax(-1)).numpy()
    asked = targets >= 0
    count = np.maximum(asked.sum(-1), 1)
    return (kl * asked).sum(-1) / count, (flips & asked).sum(-1) / count


def _followed(
    after: Tensor, other: ndarray, pool: Batch, cue: int, losses: ndarray, targets: ndarray, differs: ndarray
) -> tuple[float, float, float]:
    """(decides, followed, followed_size) from the outputs (R, B, answers) that each replaced cue leads to."""
    if pool.targets.ndim > 1 or pool.targets.dtype.kind == "f" or other.ndim > 1:
        return np.nan, np.nan, np.nan
    own = [np.unique(pool.targets[pool.inputs[:, cue] == word]) for word in other]
    if any(len(each) > 1 for each in own):
        return np.nan, np.nan, np.nan
    brought = np.broadcast_to(np.array(own), after.shape[:2])
    new, _ = loss_and_gradient(after.unsqueeze(-2), brought[..., None])
    change = (new - losses)[differs]
    return float((brought != targets)[differs].mean()), float(change.mean()), float(np.abs(change).mean())
