"""What all judging instruments start from: an experiment at given weights, run on a given batch, in float64.

One place for logits, losses, parameter gradients and hidden states; through ``network.chain``, so for any network and task.
"""

import numpy as np
import torch
from torch import Tensor

from ..experiment.sampling import initial
from ..experiment.specs import Experiment
from ..gradients.measure import differentiate
from ..networks.base import Chain, Parameters
from ..parts.losses import Loss
from ..tasks import Batch
from ..training.run import Run


def parameters_of(experiment: Experiment, run: Run | None = None) -> Parameters:
    """The run's weights, or the untrained ones."""
    return run.parameters if run else initial(experiment)


def as_tensors(parameters: Parameters, dtype: torch.dtype = torch.float64) -> dict[str, Tensor]:
    """Weights for ``network.chain``, in ``dtype``."""
    return {name: torch.as_tensor(np.asarray(values), dtype=dtype) for name, values in parameters.items()}


def unrolled(experiment: Experiment, weights: dict[str, Tensor], inputs: np.ndarray) -> Chain:
    """The network as a chain, reading word numbers or vectors; ``weights`` decide the dtype."""
    read = torch.from_numpy(np.ascontiguousarray(inputs))
    if read.is_floating_point():
        read = read.to(next(iter(weights.values())).dtype)
    return experiment.network.chain(weights, read)


def logits_of(experiment: Experiment, weights: dict[str, Tensor], batch: Batch) -> Tensor:
    """(…, B, answers), or (T, …, B, answers) where the batch has a target at every step."""
    return unrolled(experiment, weights, batch.inputs).logits(each_step=batch.targets.ndim == 2)


def loss_and_gradient(logits: Tensor, targets: np.ndarray, each_step: bool = False) -> tuple[np.ndarray, Tensor]:
    """The loss (…,) of each network and ∂L/∂logits. Networks side by side share targets (B[, T]) that lack their axes."""
    values = logits.detach().numpy()
    lead = values.shape[1:-2] if each_step else values.shape[:-2]
    own = targets.shape[-1 - each_step :]
    with np.errstate(all="ignore"):  # what blew up says so itself: the loss is then ∞ or NaN
        value, gradient = Loss(np.broadcast_to(targets, (*lead, *own)), each_step).value_and_gradient(values)
    return np.asarray(value), torch.from_numpy(gradient)


def example_losses(logits: Tensor, targets: np.ndarray) -> tuple[np.ndarray, Tensor]:
    """The loss of each example (…, B), and their gradients in the shape of ``logits``; targets (B,) or (B, T)."""
    value, gradient = loss_and_gradient(logits.unsqueeze(-2), targets[:, None], targets.ndim == 2)
    return value, gradient.squeeze(-2)


def losses(experiment: Experiment, weights: dict[str, Tensor], batch: Batch) -> np.ndarray:
    """The loss (…,) of networks side by side: the leading axes of ``weights``, of all of them or only of some."""
    with torch.no_grad():
        logits = logits_of(experiment, weights, batch)
    return loss_and_gradient(logits, batch.targets, batch.targets.ndim == 2)[0]


def score(experiment: Experiment, parameters: Parameters, batch: Batch) -> tuple[float, float]:
    """Loss and accuracy (as the task counts it) of one network."""
    with torch.no_grad():
        logits = logits_of(experiment, as_tensors(parameters), batch)
    value, _ = loss_and_gradient(logits, batch.targets, batch.targets.ndim == 2)
    return float(value), batch.score(logits.numpy()).accuracy


def parameter_gradients(experiment: Experiment, parameters: Parameters, batch: Batch) -> Parameters:
    """∂L/∂W of the batch's loss for every parameter by name, float64; the loss alone, without penalties and dropout."""
    weights = {name: values.astype(np.float64) for name, values in parameters.items()}
    found = differentiate(experiment.network, weights, batch.inputs, Loss.of(batch.targets)).parameters
    return {name: found[name] for name in parameters}


def hidden_states(experiment: Experiment, parameters: Parameters, batch: Batch) -> np.ndarray:
    """h of every step and layer: (T, layers, B, n), float64. T is 1 for networks without time.

    The h that each map of the chain makes (attention: of each block, at every position); layers of unequal width are filled
    up with zeros.
    """
    with torch.no_grad():
        chain = unrolled(experiment, as_tensors(parameters), batch.inputs)
        state, made = chain.state, []
        for step, watched in zip(chain.maps, chain.watched, strict=True):
            state = step(state)
            made.append(state[watched].numpy())
    if chain.positions:
        return np.stack(made).transpose(2, 0, 1, 3)
    width = max(h.shape[-1] for h in made)
    filled = [np.pad(h, ((0, 0), (0, width - h.shape[-1]))) for h in made]
    return np.stack(filled).reshape(len(chain.ends), -1, *filled[0].shape)
