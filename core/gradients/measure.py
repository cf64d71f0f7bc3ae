"""Measuring: experiment (and weights, if trained) → gradient profile."""

from collections.abc import Sequence

import numpy as np
import torch
from numpy import ndarray

from ..experiment.sampling import held_out, initial
from ..experiment.specs import Experiment
from ..networks import FeedForward, Network, Recurrent
from ..networks.base import Parameters
from ..parts.losses import Loss
from ..tasks import Batch
from .adjoint import Gradients
from .backward import as_tensor, chain_gradients
from .extras import PLAIN, Extras
from .layers import layer_gradients
from .profile import GradientProfile
from .recurrence import RESCALE, forward, logits, recurrent_gradients

MEASURED = 32  # examples per measurement


def differentiate(
    network: Network,
    weights: dict[str, ndarray],
    inputs: ndarray,
    loss: Loss,
    *,
    parameters: bool = True,
    extras: Extras = PLAIN,
    noise: torch.Generator | None = None,
    rescale: int = RESCALE,
) -> Gradients:
    """Forwards and backwards once: the written-out recursions where there are some, autograd for the rest.

    The precision is that of ``weights``, which may have leading axes (networks side by side), and then inputs and
    targets have them too. ``rescale`` 0 does without the log domain, as training does; with ``RESCALE`` a profile in float32
    reads −inf where a step back leaves less than 10⁻⁴ (measure in float64). ``truncate`` is for recurrent networks: those
    without steps one after the other have no window to end.
    """
    if isinstance(network, FeedForward) and network.written_out and not extras.sparsity:
        return layer_gradients(network, weights, inputs, loss, parameters=parameters)
    if isinstance(network, Recurrent) and network.written_out:
        return recurrent_gradients(
            network, weights, inputs, loss, parameters=parameters, extras=extras, rescale=rescale
        )
    return chain_gradients(
        network, weights, inputs, loss, parameters=parameters, extras=extras, noise=noise, rescale=rescale
    )


def predict_logits(network: Network, weights: dict[str, ndarray], inputs: ndarray, each_step: bool = False) -> ndarray:
    """What the network answers, dropout off: (…, B, answers) after the last step, or (T, …, B, answers)."""
    if isinstance(network, Recurrent) and network.written_out:
        top = forward(network, weights, inputs)[-1]
        return logits(weights, top, each_step)[0]
    with torch.no_grad():
        tensors = {name: torch.from_numpy(value) for name, value in weights.items()}
        chain = network.chain(tensors, as_tensor(inputs, weights))
        answers: ndarray = chain.logits(each_step).numpy()
    return answers


def measure_many(experiments: Sequence[Experiment], parameters: Parameters | None = None) -> list[GradientProfile]:
    """Profiles of experiments of equal sizes (such as seeds, gains or radii of one network) in one backward pass.

    ``parameters`` replace the initial weights (all experiments then share them). float64 throughout; dropout is off.
    Raises ValueError when the sizes differ.
    """
    batches = [held_out(experiment, MEASURED) for experiment in experiments]
    try:
        if len({experiment.network.structure for experiment in experiments}) > 1:
            raise ValueError
        weights = side_by_side([parameters or initial(experiment) for experiment in experiments])
        inputs = np.stack([batch.inputs for batch in batches])
        loss = Loss(np.stack([batch.targets for batch in batches]), each_step=batches[0].targets.ndim == 2)
    except (KeyError, ValueError):
        raise ValueError("experiments measured together must have networks and data of equal kinds and sizes") from None
    logs = differentiate(experiments[0].network, weights, inputs, loss, parameters=False).log_norm
    return [_profile(*each, logs[..., i]) for i, each in enumerate(zip(experiments, batches, strict=True))]


def measure_weights(experiment: Experiment, parameters: Parameters) -> GradientProfile:
    """The profile of one network with given parameters."""
    return measure_many([experiment], parameters)[0]


def side_by_side(each: Sequence[Parameters]) -> dict[str, ndarray]:
    """The same parameter of several networks in one array, float64: name → (networks, …)."""
    return {name: np.stack([own[name] for own in each]).astype(np.float64) for name in each[0]}


def _profile(experiment: Experiment, batch: Batch, logs: ndarray) -> GradientProfile:
    """ln-norms (layers, P) → profile."""
    axis, total = experiment.network.axis, of_positions(experiment.network, logs)
    if axis == "layer":
        return GradientProfile(axis, np.arange(1, len(total) + 1), total, logs)
    return GradientProfile(axis, np.arange(len(total)), total, np.ascontiguousarray(logs), batch.words, batch.cue)


def of_positions(network: Network, logs: ndarray) -> ndarray:
    """ln-norms (layers, P, …) → (P, …): of a recurrent stack the whole state counts.

    Attention's blocks lie one after the other: the first entry, which sees the words, counts.
    """
    if not isinstance(network, Recurrent) or len(logs) == 1:
        return np.asarray(logs[0])
    with np.errstate(invalid="ignore"):
        return np.asarray(0.5 * np.logaddexp.reduce(2 * logs, axis=0))
