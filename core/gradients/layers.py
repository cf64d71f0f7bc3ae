"""Backpropagation through the layers of a feed-forward network, written out: forwards with slopes kept, then backwards.

``core.gradients.backward`` does the same for any network by autograd; a test holds the two equal.
"""

import numpy as np
from numpy import ndarray

from ..networks import FeedForward
from ..parts.activations import ACTIVATIONS
from ..parts.losses import Loss
from ..parts.normalisations import EPSILON, NORMALISATIONS
from .adjoint import Gradients, log_norm, rescaled


def layer_gradients(
    network: FeedForward, weights: dict[str, ndarray], inputs: ndarray, loss: Loss, *, parameters: bool = True
) -> Gradients:
    """Loss, profile (1, depth, …) and all parameters' gradients, for inputs (…, batch, d)."""
    activation, axis = ACTIVATIONS[network.activation], NORMALISATIONS[network.normalisation].axis
    matrices = [weights[f"hidden.{layer}.weight"] for layer in range(network.depth)]
    h = inputs.astype(matrices[0].dtype, copy=False)
    kept: list[tuple[ndarray, ndarray, ndarray, ndarray | None]] = []  # input, slope, pre-activation, its spread
    with np.errstate(all="ignore"):  # what blows up is named in the profile's states
        for layer, matrix in enumerate(matrices):
            z, spread = h @ matrix.swapaxes(-1, -2) + weights[f"hidden.{layer}.bias"][..., None, :], None
            if axis is not None:
                z = z - z.mean(axis, keepdims=True)
                spread = np.sqrt((z**2).mean(axis, keepdims=True) + EPSILON)
                z = z / spread
            value = activation.value(z)
            kept.append((h, activation.slope(z, value), z, spread))
            h = h + value if network.skip == "residual" and h.shape == value.shape else value
        read_out = weights["readout.weight"]
        outputs = h @ read_out.swapaxes(-1, -2) + weights["readout.bias"][..., None, :]
        value, at_logits = loss.value_and_gradient(outputs)
        found: dict[str, ndarray] = {}
        if parameters:
            found["readout.weight"] = at_logits.swapaxes(-1, -2) @ h
            found["readout.bias"] = at_logits.sum(-2)
        delta, scale = at_logits @ read_out, np.zeros(h.shape[:-2])
        logs = np.empty((1, network.depth, *scale.shape))
        for layer in range(network.depth - 1, -1, -1):
            (delta,), scale = rescaled((delta,), scale)
            logs[0, layer] = log_norm(delta) + scale
            before, slope, z, spread = kept[layer]
            inner = delta * slope
            if spread is not None and axis is not None:  # mean and spread depend on z as well
                inner = inner - inner.mean(axis, keepdims=True) - z * (inner * z).mean(axis, keepdims=True)
                inner = inner / spread
            if parameters:
                plain = inner * np.exp(scale).astype(inner.dtype)[..., None, None]
                found[f"hidden.{layer}.weight"] = plain.swapaxes(-1, -2) @ before
                found[f"hidden.{layer}.bias"] = plain.sum(-2)
            if layer:
                residual = network.skip == "residual" and before.shape == delta.shape
                delta = inner @ matrices[layer] + delta if residual else inner @ matrices[layer]
    return Gradients(value, logs, found)
