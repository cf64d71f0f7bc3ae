"""Gradient norms through time for one recurrent layer, by the explicit recursion of ``core.explicit``.

``core.gradients.backward`` does the same for any network by autograd; a test holds the two equal.
"""

import numpy as np
import torch
from numpy import ndarray

from core.explicit import Trajectory
from core.gradients.adjoint import Loss, log_norms, through_read_out
from core.linear import affine
from core.networks import Recurrent


def follow(network: Recurrent, weights: dict[str, ndarray], inputs: ndarray) -> Trajectory:
    """Runs a one-layer network over word numbers (…, batch, T) or vectors (…, batch, T, d), all slopes kept."""
    tensors = {name: torch.from_numpy(value) for name, value in weights.items()}
    own = network.layer_weights(tensors, 0)
    vectors = network.vectors(tensors, torch.from_numpy(inputs))
    into = affine(vectors.flatten(-3, -2), own["weight_ih"], own["bias_ih"])  # all steps in one product
    from_x = np.moveaxis(into.numpy().reshape(*vectors.shape[:-1], -1), -2, 0)
    recurrent, bias = own["weight_hh"].numpy(), own["bias_hh"].numpy()[..., None, :]
    with np.errstate(all="ignore"):  # what blows up is named in the profile's states
        return network.entry.explicit(np.ascontiguousarray(from_x), recurrent, bias)


def recurrent_norms(network: Recurrent, weights: dict[str, ndarray], inputs: ndarray, loss: Loss) -> ndarray:
    """ln ‖∂L/∂h_t‖_F, (T, …)."""
    trajectory = follow(network, weights, inputs)
    top = through_read_out(trajectory.last[0], weights, loss)
    delta = (top, *(np.zeros_like(part) for part in trajectory.last[1:]))
    return log_norms(len(trajectory.mixed[0]), delta, trajectory.back)
