"""What may stand in a place of an example, and what the gradient foretells of putting it there."""

import dataclasses

import numpy as np
import torch
from numpy import ndarray
from torch import Tensor

from ..experiment.specs import Experiment
from ..networks import Recurrent
from ..tasks import Batch
from .evaluation import example_losses, unrolled

OTHERS = 12  # replacements that are tried in each place, at most


def what_matters(batch: Batch) -> Batch:
    """Where there are targets at every step, only those that matter."""
    if not batch.matters:
        return batch
    targets = np.full_like(batch.targets, -1)
    targets[:, list(batch.matters)] = batch.targets[:, list(batch.matters)]
    return dataclasses.replace(batch, targets=targets)


def others(column: ndarray) -> ndarray:
    """Up to ``OTHERS`` different entries of what stands in a place, evenly spread."""
    kinds = np.unique(column, axis=0)
    return kinds[np.unique(np.linspace(0, len(kinds) - 1, OTHERS).round().astype(int))]


def word_vectors(experiment: Experiment, weights: dict[str, Tensor], inputs: ndarray) -> Tensor:
    """What a network reads at each step, (…, B, T, e): words looked up, numbers as they are (attention: projected)."""
    if isinstance(experiment.network, Recurrent):
        return experiment.network.vectors(weights, torch.from_numpy(inputs))
    return unrolled(experiment, weights, inputs).state[0]


def at_inputs(experiment: Experiment, weights: dict[str, Tensor], batch: Batch) -> tuple[ndarray, ndarray]:
    """Input vectors (B, T, e) and the gradients there of each example's own loss."""
    leaf = word_vectors(experiment, weights, batch.inputs).detach().clone().requires_grad_()
    if isinstance(experiment.network, Recurrent):
        rest = {name: tensor for name, tensor in weights.items() if name != "embedding.weight"}
        chain = experiment.network.chain(rest, leaf)
    else:
        chain = dataclasses.replace(unrolled(experiment, weights, batch.inputs), state=(leaf,))
    logits = chain.logits(each_step=batch.targets.ndim == 2)
    (gradient,) = torch.autograd.grad(logits, leaf, example_losses(logits, batch.targets)[1])
    return leaf.detach().numpy(), gradient.numpy()
