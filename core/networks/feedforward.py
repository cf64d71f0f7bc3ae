"""The multilayer perceptron: h ← φ(norm(W h + b)), on top of the last h if residual."""

from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from typing import ClassVar

import numpy as np
from torch import Tensor, nn

from core.activations import ACTIVATIONS
from core.fields import Spec, choice, flag, real, whole
from core.initialisers import INITIALISERS
from core.linear import State, Weights, affine
from core.networks.base import Chain, Parameters, as_float32, draw, draw_readout, read_out, stream
from core.normalisations import NORMALISATIONS
from core.tasks.base import Shape


@dataclass(frozen=True)
class FeedForward(Spec):
    """A stack of ``depth`` hidden layers of equal width and a linear read-out."""

    name: ClassVar[str] = "mlp"
    label: ClassVar[str] = "Feed-forward network (MLP)"
    lesson: ClassVar[str] = "One matrix per layer: the gradient is multiplied by each of them on its way to the input."
    reads: ClassVar[str] = "vectors"

    depth: int = whole(30, 1, 200, "Layers", "How many layers lie between the input and the read-out.")
    activation: str = choice("sigmoid", ACTIVATIONS, "Activation")
    initialiser: str = choice("xavier", INITIALISERS, "Initial weights")
    normalisation: str = choice("none", NORMALISATIONS, "Normalisation")
    residual: bool = flag(False, "Residual connections", "Each layer adds to its input instead of replacing it.")
    width: int = whole(64, 1, 256, "Width", "Units in each layer.")
    gain: float = real(1.0, 0.0, 10.0, "Gain", "Multiplies every initial weight matrix.")
    sigma: float = real(0.01, 0.0, 10.0, "σ of Normal N(0, σ²)", "Used by the Normal initialisation alone.", 0.01)
    bias_std: float = real(0.0, 0.0, 5.0, "Spread of biases", "Standard deviation of the initial biases.")

    @property
    def structure(self) -> tuple[object, ...]:
        """What networks that are measured side by side must have in common: all but their initial weights."""
        return self.name, self.depth, self.width, self.activation, self.normalisation, self.residual

    def draw(self, shape: Shape, seed: int) -> Parameters:
        """The initial parameters by name, float32: ``hidden.0.weight`` … ``readout.bias``."""
        parameters: dict[str, np.ndarray] = {}
        for i, (fan_in, fan_out) in enumerate(pairwise([shape.inputs] + [self.width] * self.depth)):
            name = f"hidden.{i}"
            parameters[f"{name}.weight"] = self.gain * draw(self.initialiser, seed, name, fan_out, fan_in, self.sigma)
            bias = stream(seed, f"{name}.bias").standard_normal(fan_out) if self.bias_std else np.zeros(fan_out)
            parameters[f"{name}.bias"] = self.bias_std * bias
        return as_float32(parameters | draw_readout(self.width, len(shape.answers), seed))

    def build(self, shape: Shape) -> "Perceptron":
        """The torch module, its parameters not yet set."""
        return Perceptron(self, shape)

    def chain(self, weights: Weights, inputs: Tensor) -> Chain:
        """The network as a chain of layers, with ``weights`` that may have leading axes (one network per entry)."""
        maps = [
            partial(self._layer, weights[f"hidden.{i}.weight"], weights[f"hidden.{i}.bias"]) for i in range(self.depth)
        ]
        return Chain((inputs,), maps, partial(read_out, weights, 0), watched=[0] * self.depth)

    def _layer(self, weight: Tensor, bias: Tensor, state: State) -> State:
        (h,) = state
        z = NORMALISATIONS[self.normalisation].function(affine(h, weight, bias))
        new = ACTIVATIONS[self.activation].function(z)
        # a layer that changes the width (the first) has nothing of equal shape to add to
        return (h + new if self.residual and h.shape == new.shape else new,)


class Perceptron(nn.Module):
    """Points (B, d) → logits (B, classes). The hidden layers are ``hidden.0`` … ``hidden.{depth-1}``."""

    def __init__(self, spec: FeedForward, shape: Shape) -> None:
        super().__init__()
        self.spec = spec
        sizes = [shape.inputs] + [spec.width] * spec.depth
        self.hidden = nn.ModuleList(nn.Linear(fan_in, fan_out) for fan_in, fan_out in pairwise(sizes))
        self.readout = nn.Linear(spec.width, len(shape.answers))

    def forward(self, points: Tensor) -> Tensor:
        """Logits (B, classes) of points (B, d)."""
        chain = self.spec.chain(dict(self.named_parameters()), points)
        state = chain.state
        for layer in chain.maps:
            state = layer(state)
        return chain.read_out(state)
