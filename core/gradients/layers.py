"""Gradient norms through the layers of a feed-forward network, written out: forwards with slopes kept, then backwards.

``core.gradients.backward`` does the same for any network by autograd; a test holds the two equal.
"""

import numpy as np
from numpy import ndarray

from core.activations import ACTIVATIONS
from core.gradients.adjoint import Loss, log_norms, through_read_out
from core.linear import Parts
from core.networks import FeedForward
from core.normalisations import EPSILON, NORMALISATIONS


def layer_norms(network: FeedForward, weights: dict[str, ndarray], inputs: ndarray, loss: Loss) -> ndarray:
    """ln ‖∂L/∂h_l‖_F, (depth, …), for inputs (…, batch, d)."""
    activation, axis = ACTIVATIONS[network.activation], NORMALISATIONS[network.normalisation].axis
    matrices = [weights[f"hidden.{layer}.weight"] for layer in range(network.depth)]
    h = inputs
    kept: list[tuple[ndarray, ndarray, ndarray | None]] = []  # slope, pre-activation, its spread before normalising
    with np.errstate(all="ignore"):  # what blows up is named in the profile's states
        for layer, matrix in enumerate(matrices):
            z, spread = h @ matrix.swapaxes(-1, -2) + weights[f"hidden.{layer}.bias"][..., None, :], None
            if axis is not None:
                z = z - z.mean(axis, keepdims=True)
                spread = np.sqrt((z**2).mean(axis, keepdims=True) + EPSILON)
                z = z / spread
            value = activation.value(z)
            kept.append((activation.slope(z, value), z, spread))
            h = h + value if network.residual and h.shape == value.shape else value

    def back(layer: int, delta: Parts) -> Parts:
        slope, z, spread = kept[layer]
        inner = delta[0] * slope
        if spread is not None and axis is not None:  # mean and spread depend on z as well
            inner = inner - inner.mean(axis, keepdims=True) - z * (inner * z).mean(axis, keepdims=True)
            inner = inner / spread
        before = inner @ matrices[layer]
        return (before + delta[0] if network.residual and before.shape == delta[0].shape else before,)

    return log_norms(network.depth, (through_read_out(h, weights, loss),), back)
