"""Mean-field theory of the gradient's decay per layer (Poole et al. 2016; Schoenholz et al. 2017; Xiao et al. 2018 for CNNs).

For wide random layers the pre-activations u are Gaussian with variance q, and going back through one layer multiplies the mean
square of the gradient by χ = σ_w² E[φ′(u)²], its norm by √χ. q is iterated layer by layer from the data, because a shallow
network never reaches its fixed point. A convolution is the same with fan-in = kernel · channels. With LayerNorm
χ = E[φ′²]/E[h²] at q = 1 whatever the weights' scale; BatchNorm has the variance over the batch in place of E[h²], and more to it
(``core.theory.batch``). A way past the layer adds what it lets through: 1 for a residual layer, E(1 − T)² for a highway with
gate T = σ(g), whose gate matrix gives σ_w² E[σ′²] E(φ − h)² on top of σ_w² E[T²] E[φ′²].
"""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy import ndarray

from ..networks.convolutional import Convolutional
from ..networks.layered import Layered
from ..parts.initialisers import INITIALISERS
from ..parts.normalisations import EPSILON
from .batch import centred, normalised, spherical, unlike
from .gaussian import Gate, Moments, gate, moments


@dataclass(frozen=True)
class Data:
    """What theory has to know of the inputs.

    features: numbers per point, or channels per place. square: E x². variance: over the batch, of ``batch`` examples. gram
    (B, B): products of the centred points per feature, or None where the batch is too large for it to matter.
    """

    features: int
    square: float
    variance: float
    batch: int
    gram: ndarray | None

    @classmethod
    def of(cls, points: ndarray, network: Layered) -> "Data":
        """From points (B, d); in a convolutional network they are signals of one channel on d places."""
        square, spread = float(np.mean(points**2)), float(np.mean(np.var(points, axis=0, ddof=1)))
        if isinstance(network, Convolutional):
            return cls(1, square, spread, points.size, None)
        return cls(points.shape[1], square, spread, len(points), centred(points @ points.T) / points.shape[1])


@dataclass(frozen=True)
class Way:
    """h ← a ∘ h + b ∘ φ: E a, E a², E b, E b², E ab; slope and unequal: E σ′² of the gate and how unequal its units are."""

    a: float
    a_square: float
    b: float = 1.0
    b_square: float = 1.0
    cross: float = 0.0
    slope: float = 0.0
    unequal: float = 1.0


NONE, RESIDUAL = Way(0.0, 0.0), Way(1.0, 1.0, cross=1.0)


@dataclass(frozen=True)
class Layer:
    """One layer in theory: it multiplies the gradient's square by E a² past it, chi through it and of_gate through its gate.

    before: E h² of the old h; mean, square: E h and E h² of the new one. q: Var u, and own: its share that is W h, not bias.
    seen: the variance that a normalisation took out (NaN without one). likeness: nats that the likeness of a batch's examples
    adds. at: averages over u.
    """

    way: Way
    chi: float
    of_gate: float
    before: float
    mean: float
    square: float
    q: float
    own: float
    seen: float
    likeness: float
    at: Moments

    @property
    def growth(self) -> float:
        """Factor on the mean square of the gradient."""
        return self.way.a_square + self.chi + self.of_gate


def mean_field(network: Layered, data: Data) -> list[Layer]:
    """Layers 1 … depth, from the data upwards."""
    layers = []
    places = network.kernel if isinstance(network, Convolutional) else 1
    mean, square, bias = np.float64(0.0), np.float64(data.square), network.bias_std**2
    spread, gram, last = np.float64(data.variance), data.gram, 1 - 1 / data.batch
    for fan_in, width in pairwise([data.features] + [network.width] * network.depth):
        weight = variance(network, width, places * fan_in)
        way = _way(network, weight * square) if fan_in == width else NONE
        into, scale, seen = weight * square + bias, weight, np.nan
        own = weight * square / into if into > 0 else 1.0
        if network.normalisation != "none":  # brought to variance 1 but for epsilon, so that W's scale drops out
            seen = weight * spread * last if network.normalisation == "batch" else into
            into, scale = seen / (seen + EPSILON), weight / (seen + EPSILON)
        at = moments(network.activation, into)
        back, likeness = at.slope_square, 0.0
        if network.normalisation == "batch":
            made, back = spherical(network.activation, data.batch)
            if gram is not None:
                lengths, seen_as = normalised(gram)
                likeness = 0.5 * np.log(lengths)
                gram = way.a_square * gram + way.b_square * made * unlike(network.activation, seen_as)
            back, spread = back * last * np.exp(2 * likeness), way.a_square * spread + way.b_square * made
        after = way.a_square * square + 2 * way.cross * mean * at.mean + way.b_square * at.square
        of_gate = weight * way.slope * (at.square - 2 * at.mean * mean + square)
        chi = scale * way.b_square * back
        mean, before, square = way.a * mean + way.b * at.mean, square, after
        layers.append(Layer(way, chi, of_gate, before, mean, after, into, own, seen, likeness, at))
    return layers


def _way(network: Layered, q: float) -> Way:
    """What is let past a layer whose gate's pre-activations have variance q."""
    if network.skip != "highway":
        return RESIDUAL if network.skip == "residual" else NONE
    t: Gate = gate(network.gate_bias, q)
    return Way(1 - t.mean, t.kept, t.mean, t.square, t.cross, t.slope_square, t.unequal_slopes)


def variance(network: Layered, fan_out: int, fan_in: int) -> float:
    """σ_w²: fan-in · E[weight²] of the network's initial matrices."""
    entry = INITIALISERS[network.initialiser]
    return np.float64(network.gain**2 * entry.variance(fan_out, fan_in, getattr(network, entry.setting)))
