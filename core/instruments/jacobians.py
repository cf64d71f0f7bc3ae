"""Jacobians of one time step, ∂s_t/∂s_{t−1}, of any recurrent network (question C3).

s is the whole state: h, or (h, c), of all layers. The gradient is multiplied by these matrices, transposed, once per step.
"""

import numpy as np
import torch
from numpy import ndarray

from ..experiment.specs import Experiment
from ..gradients.recurrence import forward
from ..networks.base import Parameters
from ..networks.recurrent import Recurrent
from .subject import subject


def one_step_jacobians(experiment: Experiment, parameters: Parameters | None = None, example: int = 0) -> ndarray:
    """∂s_t/∂s_{t−1} for t = 0 … T − 1, (T, N, N), along one held-out example in float64; s_{−1} is zero.

    Any recurrent network, dropout off. Raises SpecError for other networks.
    """
    of = subject(experiment, parameters, "a Jacobian per step", plain=False)
    inputs = of.batch.inputs[example]
    if of.network.written_out and of.network.layers == 1:
        (trajectory,) = forward(of.network, of.weights, inputs[None])
        return np.stack([trajectory.jacobian(t)[0] for t in range(len(trajectory))])
    return _by_autograd(of.network, of.weights, inputs)


def _by_autograd(network: Recurrent, weights: dict[str, ndarray], inputs: ndarray) -> ndarray:
    """The same for any cell and any number of layers: N copies of the example, each asking for one row."""
    tensors = {name: torch.from_numpy(values) for name, values in weights.items()}
    size = network.entry.states * network.layers * network.width
    copies = torch.from_numpy(np.repeat(inputs[None], size, axis=0))
    chain = network.chain(tensors, copies)
    rows = torch.eye(size, dtype=torch.float64).split(network.width, -1)
    found, begin, state = [], 0, chain.state
    for end in chain.ends:
        before = tuple(part.detach().requires_grad_() for part in state)
        state = before
        for step in chain.maps[begin : end + 1]:
            state = step(state)
        parts = torch.autograd.grad(state, before, rows, allow_unused=True, materialize_grads=True)
        found.append(torch.cat(parts, -1).numpy())
        begin = end + 1
    return np.stack(found)
