"""Measuring: experiment (and weights, if trained) → gradient profile."""

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import cross_entropy

from core.gradients.adjoint import Loss
from core.gradients.backward import backward_norms
from core.gradients.layers import layer_norms
from core.gradients.profile import GradientProfile
from core.gradients.recurrence import recurrent_norms
from core.networks import FeedForward, Recurrent
from core.networks.base import Parameters
from core.sampling import held_out, initial
from core.specs import Experiment, NetworkSpec
from core.tasks import Batch

MEASURED = 32  # examples per measurement


def measure_many(experiments: Sequence[Experiment], parameters: Parameters | None = None) -> list[GradientProfile]:
    """Profiles of experiments of equal sizes (such as seeds, gains or radii of one network) in one backward pass.

    ``parameters`` replace the initial weights (all experiments then share them). float64 throughout. Raises ValueError
    when the sizes differ.
    """
    batches = [held_out(experiment, MEASURED) for experiment in experiments]
    try:
        if len({experiment.network.structure for experiment in experiments}) > 1:
            raise ValueError
        weights = side_by_side([parameters or initial(experiment) for experiment in experiments])
        inputs = np.stack([batch.inputs for batch in batches])
        targets = torch.from_numpy(np.stack([batch.targets for batch in batches]))
    except (KeyError, ValueError):
        raise ValueError("experiments measured together must have networks and data of equal kinds and sizes") from None

    def loss(logits: Tensor) -> Tensor:
        flat = cross_entropy(logits.flatten(0, -2), targets.flatten(), reduction="none")
        return flat.reshape(targets.shape).mean(-1)

    logs = _log_norms(experiments[0].network, weights, inputs, loss)
    return [_profile(*each, logs[..., i]) for i, each in enumerate(zip(experiments, batches, strict=True))]


def _log_norms(network: NetworkSpec, weights: dict[str, np.ndarray], inputs: np.ndarray, loss: Loss) -> np.ndarray:
    """Written-out recursions where there are some, autograd for the rest: (maps of the chain, networks)."""
    if isinstance(network, FeedForward):
        return layer_norms(network, weights, inputs, loss)
    if network.layers == 1:
        return recurrent_norms(network, weights, inputs, loss)
    tensors = {name: torch.from_numpy(value) for name, value in weights.items()}
    return backward_norms(network.chain(tensors, torch.from_numpy(inputs)), loss).numpy()


def measure_weights(experiment: Experiment, parameters: Parameters) -> GradientProfile:
    """The profile of one network with given parameters."""
    return measure_many([experiment], parameters)[0]


def side_by_side(each: Sequence[Parameters]) -> dict[str, np.ndarray]:
    """The same parameter of several networks in one array, float64: name → (networks, …)."""
    return {name: np.stack([own[name] for own in each]).astype(np.float64) for name in each[0]}


def _profile(experiment: Experiment, batch: Batch, logs: np.ndarray) -> GradientProfile:
    """logs, one per map of the chain → profile."""
    network = experiment.network
    if not isinstance(network, Recurrent):
        return GradientProfile("layer", np.arange(1, len(logs) + 1), logs, logs[None])
    by_layer = np.ascontiguousarray(logs.reshape(-1, network.layers).T)
    total = logs if network.layers == 1 else 0.5 * np.logaddexp.reduce(2 * by_layer, axis=0)
    return GradientProfile("step", np.arange(len(total)), total, by_layer, batch.words, batch.cue)
