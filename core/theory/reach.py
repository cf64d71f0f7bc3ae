"""Where mean-field theory can be trusted: conditions that are computed, not guessed.

Their limits were set by measurement: over 2600 random networks (8 to 256 units, 10 to 120 layers, every activation,
normalisation and skip, gains ½ to 4) the slope of a single draw lay within .05 nats per layer of the prediction in 97 % of
those that pass, and in 63 % of those that don't.
"""

import numpy as np

from ..networks.convolutional import Convolutional
from ..networks.layered import Layered
from ..parts.normalisations import EPSILON
from .batch import linear_share
from .meanfield import Layer

LARGEST = 0.03  # nats per layer that finite width may cost
SPREAD = 0.05  # nats per layer between the least and the greatest slope that could be predicted
ALIKE = 0.1  # nats per layer that the likeness of a batch's examples may add
LINEAR = 0.95  # share of an activation's variance that its straight line may have


def objection(network: Layered, layers: list[Layer], slopes: tuple[float, float]) -> str:
    """Why the prediction does not hold here, or nothing. ``slopes``: the least and greatest that could be predicted."""
    if len(layers) < 2:
        return "there is nothing between one layer and itself"
    cost = narrowness(network, layers)
    if not np.isfinite(cost):
        return "the numbers leave the range of float64, or nothing gets through at all"
    if cost > LARGEST:
        return f"too narrow: units differ so much that {network.width} of them cost about {cost:.2f} nats per layer"
    if not abs(slopes[1] - slopes[0]) <= SPREAD:
        return "the slope hangs on chance: on which examples are large, or on how an overlap spreads over a convolution's places"
    return _batch_norm(network, layers) if network.normalisation == "batch" else ""


def _batch_norm(network: Layered, layers: list[Layer]) -> str:
    if network.skip == "highway":
        return "not derived for BatchNorm within a highway"
    if min(layer.seen for layer in layers) < 100 * EPSILON:
        return "BatchNorm's epsilon is not small against the variance that it should remove"
    if np.mean([layer.likeness * layer.chi / layer.growth for layer in layers[1:]]) > ALIKE:
        return "the batch's examples are too much alike for BatchNorm's theory"
    if isinstance(network, Convolutional) and network.skip == "none" and linear_share(network.activation) > LINEAR:
        return "an activation so close to linear leaves a convolution's places alike, and BatchNorm's theory takes them as unlike"
    return ""


def narrowness(network: Layered, layers: list[Layer]) -> float:
    """Nats per layer that a finite width takes at most: the mean of a logarithm lies below the logarithm of the mean.

    For a Gaussian matrix the gradient's square fluctuates by (3 E φ′⁴/(E φ′²)² − 1)/n of itself in each layer (Hanin & Nica
    2018), beside a skip by 4 χ/n as well; half the variance of its logarithm, halved again for the norm, is lost. Many
    examples with gradients of their own lose less.
    """
    lost = [_fluctuation(layer) / layer.growth**2 for layer in layers[1:]]
    units = network.width
    if isinstance(network, Convolutional) and not network.pooled:
        units *= network.kernel  # places with gradients of their own share the matrix
    return float(np.mean(lost) / units / 4)


def strays(network: Layered, layers: list[Layer]) -> float:
    """Standard deviation of one draw's slope in nats per layer, at most: its logarithm walks at random from layer to layer."""
    return float(np.sqrt(narrowness(network, layers) / (network.depth - 1)))


def wander(network: Layered, layers: list[Layer]) -> float:
    """Standard deviation of ln E h² at the top from draw to draw, for a single example."""
    each = [(3 * layer.at.unequal - 1) * (layer.way.b_square * layer.at.square / layer.square) ** 2 for layer in layers]
    return float(np.sqrt(np.nansum(each) / network.width))


def _fluctuation(layer: Layer) -> float:
    through = (3 * layer.at.unequal_slopes - 1) * layer.chi**2 + (3 * layer.way.unequal - 1) * layer.of_gate**2
    return float(through + 4 * layer.way.a_square * (layer.chi + layer.of_gate))
