"""The multilayer perceptron."""

from dataclasses import dataclass
from typing import ClassVar

from torch import Tensor

from ..parts.linear import State, Weights, affine
from ..parts.normalisations import NORMALISATIONS
from ..tasks.base import Shape
from .base import read_out
from .layered import Layered


@dataclass(frozen=True)
class FeedForward(Layered):
    """A stack of ``depth`` hidden layers of equal width and a linear read-out."""

    name: ClassVar[str] = "mlp"
    label: ClassVar[str] = "Feed-forward network (MLP)"
    lesson: ClassVar[str] = "One matrix per layer: the gradient is multiplied by each of them on its way to the input."
    reads: ClassVar[str] = "vectors"

    @property
    def written_out(self) -> bool:
        """Whether ``core.gradients.layers`` can differentiate it by hand."""
        return self.skip != "highway"

    def sizes(self, shape: Shape) -> list[int]:
        """Width of the input and of each layer."""
        return [shape.inputs] + [self.width] * self.depth

    def outputs(self, shape: Shape) -> int:
        """The last layer's width."""
        return self.width

    def mix(self, h: Tensor, weight: Tensor, bias: Tensor, normalise: bool) -> Tensor:
        """W h + b (…, batch, width)."""
        z = affine(h, weight, bias)
        return NORMALISATIONS[self.normalisation].function(z) if normalise else z

    def read_out(self, weights: Weights, state: State) -> Tensor:
        """Logits (…, batch, answers)."""
        return read_out(weights, 0, state)
