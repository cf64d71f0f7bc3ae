"""The gradient's overlap with the activations, which decides where there is a way past the layers and no normalisation.

Given the pre-activations u = W h + bias of a layer h ← a ∘ h + b ∘ φ(u), going back gives besides fresh noise a part along h:
δ ← a ∘ δ + h ⟨p, δ⟩/‖h‖² + noise, with the pull p = b ∘ φ′(u) ∘ W h. A random read-out starts with overlaps ⟨h, δ⟩² ~ 1/n, and
these are amplified at the *forward* rate: in a residual ReLU network, where p = φ(u), ⟨h, δ⟩ is conserved exactly (Euler's
theorem for homogeneous functions), so the gradient can't grow more slowly backwards than the activations grow forwards. So
the covariance of the overlaps of δ with all h and p further down is carried along with its norm.
"""

from collections.abc import Sequence

import numpy as np
from numpy import ndarray

from .meanfield import Layer


def coupled(layers: Sequence[Layer], width: int) -> ndarray:
    """Growth of the gradient's square at layers 2 … depth, (depth − 1,)."""
    n, k = width, len(layers)
    gram = _gram(layers)
    overlap = gram / n  # covariance of ⟨w, δ⟩/√n in units of ‖δ‖², for w = h_1, p_1, h_2, p_2 … h_k, p_k
    growth = np.ones(k - 1)
    for top in range(k - 1, 0, -1):
        layer, way = layers[top], layers[top].way
        below, h, p = 2 * top, 2 * top - 2, 2 * top + 1
        along, pull = gram[:below, h], overlap[p, :below]
        noise = layer.chi + layer.of_gate
        inverse = 1 / layer.before if layer.before > 0 else 0.0
        strength = inverse * overlap[p, p]
        growth[top - 1] = way.a_square + noise * (1 - 1 / n) + 2 * way.a * inverse * pull[h] + strength
        drift = way.a * inverse * np.outer(along, pull)
        overlap = way.a**2 * overlap[:below, :below] + drift + drift.T
        overlap += (way.a_square - way.a**2 + noise) / n * gram[:below, :below]
        overlap += (strength - noise / n) * inverse * np.outer(along, along)
        overlap /= growth[top - 1]
    return growth


def _gram(layers: Sequence[Layer]) -> ndarray:
    """Mean products per unit of h_1, p_1 … h_k, p_k: (2k, 2k)."""
    k = len(layers)
    gram = np.zeros((2 * k, 2 * k))
    means = np.ravel([(layer.mean, layer.way.b * layer.own * layer.at.pull) for layer in layers])
    below = 0.0  # mean of h below the layer
    for j, layer in enumerate(layers):
        way, at, h, p = layer.way, layer.at, 2 * j, 2 * j + 1
        # a later h keeps the share a of what the one before it had in common with an earlier w, and adds its own mean
        before = gram[:h, h - 2] if j else gram[:0, 0]
        gram[:h, h] = way.a * before + way.b * at.mean * means[:h]
        gram[:h, p] = means[:h] * means[p]
        gram[h, h] = layer.square
        gram[h, p] = gram[p, h] = layer.own * (way.cross * at.pull * below + way.b_square * at.pull_value)
        # given u, W h is own · u, give or take
        gram[p, p] = (
            way.b_square * layer.own * (layer.own * at.pull_square + (1 - layer.own) * layer.q * at.slope_square)
        )
        below = layer.mean
    return np.triu(gram) + np.triu(gram, 1).T
