"""Recurrent networks: any cell, stacked, as a chain of visible steps; the classic ones as torch's own fused module, too."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import torch
from torch import Tensor, nn

from ..fields import SpecError
from ..parts.linear import Weights
from ..tasks.base import Shape
from .base import Chain, Parameters, as_float32, draw_readout, stream
from .modules import Fused, Visible
from .recurrent_settings import RecurrentSettings
from .recurrent_weights import draw_layer
from .unrolled import unroll

MOST_WEIGHTS = 4_000_000  # of untied matrices


@dataclass(frozen=True)
class Recurrent(RecurrentSettings):
    """One to four recurrent layers of ``hidden`` units, read out by a linear layer after the last step, or after each.

    Cells without a recurrent matrix (LRU, minGRU) have no use for ``initialiser``, ``gain``, ``radius``, ``tied``, ``dropout``.
    """

    name: ClassVar[str] = "rnn"
    label: ClassVar[str] = "Recurrent network"
    lesson: ClassVar[str] = "One matrix used again at every step: the gradient is multiplied by it once per word."
    reads: ClassVar[str] = "sequences"
    axis: ClassVar[str] = "step"
    main: ClassVar[str] = "cell"

    def draw(self, shape: Shape, seed: int) -> Parameters:
        """The initial parameters by name, float32: ``embedding.weight``, ``recurrent.weight_ih_l0`` … ``readout.bias``."""
        parameters: dict[str, np.ndarray] = {}
        inputs = self.embedding if shape.vocabulary else shape.inputs
        if shape.vocabulary:
            parameters["embedding.weight"] = stream(seed, "embedding").standard_normal((shape.vocabulary, inputs))
        for layer in range(self.layers):
            own = draw_layer(self, layer, self.width if layer else inputs, shape.steps, seed)
            parameters |= {f"recurrent.{name}_l{layer}": values for name, values in own.items()}
        return as_float32(parameters | draw_readout(self.width, shape.outputs, seed))

    def check(self, shape: Shape) -> None:
        """Raises SpecError when untied weights don't know for how many steps they are, or would be too many."""
        if self.tied or not self.entry.matrix:
            return
        if not shape.steps:
            raise SpecError("weights of each step's own need a task that says how long its sequences are")
        numbers = self.layers * shape.steps * self.entry.gates * self.hidden**2
        if numbers > MOST_WEIGHTS:
            raise SpecError(
                f"weights of their own for {shape.steps} steps would be {numbers / 1e6:.0f} million numbers, more than "
                f"{MOST_WEIGHTS / 1e6:.0f} million: fewer steps, hidden units or layers"
            )

    def build(self, shape: Shape) -> nn.Module:
        """The torch module, its parameters not yet set: around torch's own fused one where that does the same."""
        if self.entry.fused is None or not self.written_out:
            return Visible(self, shape)
        inputs = self.embedding if shape.vocabulary else shape.inputs
        return Fused(self.entry.fused(inputs, self.hidden, self.layers, batch_first=True), shape)

    def chain(self, weights: Weights, inputs: Tensor, noise: torch.Generator | None = None) -> Chain:
        """The network unrolled over time, with ``weights`` that may have leading axes (one network per entry).

        inputs: word numbers (…, B, T) or vectors (…, B, T, d) with the same leading axes. All of dropout's ``noise`` is
        drawn here, so that the maps are pure functions; without it dropout is off.
        """
        return unroll(self, weights, inputs, noise)
