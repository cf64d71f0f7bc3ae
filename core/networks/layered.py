"""What networks of layers have in common: h ← φ(norm(W h + b)), beside or on top of the last h if there is a skip."""

from abc import abstractmethod
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from typing import ClassVar

import numpy as np
import torch
from torch import Tensor

from ..fields import choice, real, whole
from ..parts.activations import ACTIVATIONS
from ..parts.initialisers import INITIALISERS
from ..parts.linear import State, Weights
from ..parts.normalisations import NORMALISATIONS
from ..parts.skips import SKIPS
from ..tasks.base import Shape
from .base import Chain, Network, Parameters, as_float32, draw_readout, drawn, stream
from .modules import Visible


@dataclass(frozen=True)
class Layered(Network):
    """``depth`` hidden layers of equal width and a linear read-out. Kinds differ in what "W h" means (``mix``).

    Parameters: ``hidden.{i}.weight``, ``hidden.{i}.bias``; with a highway also ``gate.{i}.weight``, ``gate.{i}.bias``.
    """

    axis: ClassVar[str] = "layer"

    depth: int = whole(30, 1, 200, "Layers", "How many layers lie between the input and the read-out.")
    activation: str = choice("sigmoid", ACTIVATIONS, "Activation")
    initialiser: str = choice("xavier", INITIALISERS, "Initial weights")
    normalisation: str = choice("none", NORMALISATIONS, "Normalisation")
    skip: str = choice("none", SKIPS, "Way past a layer")
    width: int = whole(64, 1, 256, "Width", "Units in each layer.")
    gain: float = real(1.0, 0.0, 10.0, "Gain", "Multiplies every initial weight matrix.")
    sigma: float = real(0.01, 0.0, 10.0, "σ of Normal N(0, σ²)", "Used by the Normal initialisation alone.", 0.01)
    shear: float = real(1.0, 0.0, 2.0, "Shear", "Used by the Non-normal initialisation alone.", 0.1)
    bias_std: float = real(0.0, 0.0, 5.0, "Spread of biases", "Standard deviation of the initial biases.")
    gate_bias: float = real(-2.0, -10.0, 10.0, "Gate bias", "Highway only: below 0 the layers start nearly shut.", 0.5)

    @property
    def structure(self) -> tuple[object, ...]:
        """What networks that are measured side by side must have in common: all but their initial weights."""
        return type(self), self.depth, self.width, self.activation, self.normalisation, self.skip

    def extent(self, shape: Shape) -> int:
        """Its layers."""
        return self.depth

    @abstractmethod
    def sizes(self, shape: Shape) -> list[int]:
        """Width (or channels) of the input and of each layer."""

    def matrix(self, seed: int, name: str, fan_out: int, fan_in: int) -> np.ndarray:
        """An initial weight from one width (or number of channels) to the next."""
        return drawn(self, seed, name, fan_out, fan_in)

    @abstractmethod
    def outputs(self, shape: Shape) -> int:
        """How many numbers the read-out reads."""

    def draw(self, shape: Shape, seed: int) -> Parameters:
        """The initial parameters by name, float32: ``hidden.0.weight`` … ``readout.bias``."""
        parameters: dict[str, np.ndarray] = {}
        gates: dict[str, np.ndarray] = {}
        for i, (fan_in, fan_out) in enumerate(pairwise(self.sizes(shape))):
            name = f"hidden.{i}"
            parameters[f"{name}.weight"] = self.matrix(seed, name, fan_out, fan_in)
            bias = stream(seed, f"{name}.bias").standard_normal(fan_out) if self.bias_std else np.zeros(fan_out)
            parameters[f"{name}.bias"] = self.bias_std * bias
            if SKIPS[self.skip].gated and fan_in == fan_out:
                gates[f"gate.{i}.weight"] = self.matrix(seed, f"gate.{i}", fan_out, fan_in)
                gates[f"gate.{i}.bias"] = np.full(fan_out, self.gate_bias)
        return as_float32(parameters | gates | draw_readout(self.outputs(shape), shape.outputs, seed))

    def build(self, shape: Shape) -> Visible:
        """The torch module, its parameters not yet set."""
        return Visible(self, shape)

    def chain(self, weights: Weights, inputs: Tensor, noise: torch.Generator | None = None) -> Chain:
        """The network as a chain of layers, with ``weights`` that may have leading axes (one network per entry)."""
        maps = [partial(self._layer, weights, i) for i in range(self.depth)]
        return Chain((inputs,), maps, partial(self.read_out, weights), watched=[0] * self.depth)

    @abstractmethod
    def mix(self, h: Tensor, weight: Tensor, bias: Tensor, normalise: bool) -> Tensor:
        """Pre-activations (…, batch, units) from h, normalised if asked for."""

    @abstractmethod
    def read_out(self, weights: Weights, state: State) -> Tensor:
        """Logits (…, batch, answers)."""

    def _layer(self, weights: Weights, i: int, state: State) -> State:
        (h,) = state
        z = self.mix(h, weights[f"hidden.{i}.weight"], weights[f"hidden.{i}.bias"], normalise=True)
        new = ACTIVATIONS[self.activation].function(z)
        if h.shape != new.shape:  # a layer that changes the width (the first) has nothing of equal shape to add to
            return (new,)
        skip, gate = SKIPS[self.skip], None
        if skip.gated:
            gate = torch.sigmoid(self.mix(h, weights[f"gate.{i}.weight"], weights[f"gate.{i}.bias"], normalise=False))
        return (skip.join(h, new, gate),)
