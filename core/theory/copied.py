"""Networks of identity matrices: nothing is random, and every unit is a chain of its own, h ← φ(gain · h)."""

import numpy as np
from numpy import ndarray

from ..gradients.profile import Prediction, fit_line
from ..networks.convolutional import Convolutional
from ..networks.layered import Layered
from ..parts.activations import ACTIVATIONS, sigmoid


def copied(network: Layered, points: ndarray) -> Prediction:
    """The gradient's decay through a network whose matrices copy: each unit's own product of slopes, averaged over units.

    points (B, d) sit in the first d units, or in the first channel of a convolutional network; the other units start from 0.
    """
    why_not = ""
    if network.normalisation != "none" or network.bias_std:
        why_not = "normalisation, or biases that differ, make a unit's way depend on more than its input"
    else:
        with np.errstate(all="ignore"):
            curve = _curve(network, points)
        if not np.isfinite(curve).all():
            why_not = "the numbers leave the range of float64, or nothing gets through at all"
    if why_not:
        return Prediction("scalar map", np.nan, f"untrained networks of identity matrices, not here: {why_not}")
    slope = fit_line(np.arange(network.depth)[::-1], curve).slope
    return Prediction("scalar map", slope, "untrained networks of identity matrices", curve)


def _curve(network: Layered, points: ndarray) -> ndarray:
    entry = ACTIVATIONS[network.activation]
    inputs = 1 if isinstance(network, Convolutional) else points.shape[1]
    carried = points[:, : network.width].ravel()
    h = np.append(carried, 0.0)  # one unit stands for all that start from 0
    share = np.append(np.ones(len(carried)), len(carried) * max(0, network.width - inputs) / min(inputs, network.width))
    slopes = []
    for layer in range(network.depth):
        u = network.gain * h
        value = entry.value(u)
        slope = network.gain * entry.slope(u, value)
        skip = network.skip if layer or inputs == network.width else "none"
        if skip == "residual":
            value, slope = h + value, 1 + slope
        elif skip == "highway":
            gate = sigmoid(network.gain * h + network.gate_bias)
            slope = 1 + gate * (slope - 1) + network.gain * gate * (1 - gate) * (value - h)
            value = h + gate * (value - h)
        slopes.append(np.log(np.abs(slope)))
        h = value
    through = np.cumsum([np.zeros(len(h)), *slopes[:0:-1]], axis=0)[::-1]
    largest = through.max(-1, keepdims=True)
    return 0.5 * np.log(np.average(np.exp(2 * (through - largest)), axis=-1, weights=share)) + largest[:, 0]
