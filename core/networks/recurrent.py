"""Recurrent networks: any cell, stacked, as a chain of visible steps; the classic ones as torch's own fused module, too."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, TypeVar

import numpy as np
import torch
from torch import Tensor, nn

from ..fields import Spec, SpecError, choice, flag, real, whole
from ..parts.cells import CELLS, Cell
from ..parts.dropouts import DROPOUTS
from ..parts.initialisers import INITIALISERS
from ..parts.linear import State, Weights
from ..parts.normalisations import NORMALISATIONS
from ..tasks.base import Shape
from .base import Chain, Parameters, as_float32, draw_readout, look_up, stream
from .modules import Fused, Visible
from .recurrent_weights import draw_layer
from .unrolled import unroll

RECURRENT_NORMS = {
    name: NORMALISATIONS[name] for name in ("none", "layer")
}  # a batch has no mean at each step of its own

MOST_WEIGHTS = 4_000_000  # of untied matrices


Array = TypeVar("Array", Tensor, np.ndarray)


@dataclass(frozen=True)
class Recurrent(Spec):
    """One to four recurrent layers of ``hidden`` units, read out by a linear layer after the last step, or after each.

    Cells without a recurrent matrix (LRU, minGRU) have no use for ``initialiser``, ``gain``, ``radius``, ``tied``, ``dropout``.
    """

    name: ClassVar[str] = "rnn"
    label: ClassVar[str] = "Recurrent network"
    lesson: ClassVar[str] = "One matrix used again at every step: the gradient is multiplied by it once per word."
    reads: ClassVar[str] = "sequences"
    axis: ClassVar[str] = "step"

    cell: str = choice("tanh", CELLS, "Cell")
    layers: int = whole(1, 1, 4, "Layers", "Recurrent layers stacked on each other.")
    hidden: int = whole(32, 1, 128, "Hidden units", "Width n of each layer's state.")
    embedding: int = whole(16, 1, 64, "Word vector size", "Numbers that stand for one word.")
    initialiser: str = choice("default", INITIALISERS, "Recurrent weights", "How each gate's n×n matrix is drawn.")
    gain: float = real(1.0, 0.0, 10.0, "Gain", "Multiplies the initial recurrent matrix.")
    radius: float = real(
        0.0,
        0.0,
        4.0,
        "Spectral radius (0: as drawn)",
        "Rescales each gate's recurrent matrix; only the shape of its draw matters then.",
    )
    sigma: float = real(0.01, 0.0, 10.0, "σ of Normal N(0, σ²)", "Used by the Normal initialisation alone.", 0.01)
    shear: float = real(1.0, 0.0, 2.0, "Shear", "Used by the Non-normal initialisation alone.", 0.1)
    tied: bool = flag(
        True, "Same weights at each step", "Off: every step has a recurrent matrix of its own, drawn anew."
    )
    recurrent_norm: str = choice(
        "none", RECURRENT_NORMS, "Normalisation", "Of each gate's pre-activations, at each step."
    )
    dropout: str = choice("none", DROPOUTS, "Dropout", "Of what the recurrent matrix reads, in training.")
    drop: float = real(0.2, 0.0, 0.9, "Share dropped", "Probability that a unit is dropped.")
    forget_bias: float = real(
        1.0, -10.0, 10.0, "Forget bias", "LSTM only: the sum of torch's two biases of the forget gate.", 0.5
    )
    chrono: int = whole(
        0, 0, 1000, "Chrono: longest memory (0: off)", "Gated cells: biases that hold on for 1 to this many steps."
    )
    leak: float = real(0.1, 0.0, 1.0, "Leak α", "Leaky RNN only: the share of each unit that is renewed at a step.")
    r_min: float = real(0.9, 0.001, 0.9999, "Smallest |λ|", "LRU only: inner edge of the ring.", 0.01)
    r_max: float = real(0.99, 0.001, 0.9999, "Largest |λ|", "LRU only: outer edge of the ring.", 0.01)

    @property
    def structure(self) -> tuple[object, ...]:
        """What networks that are measured side by side must have in common: all but their initial weights."""
        sizes = (self.name, self.cell, self.layers, self.hidden, self.embedding)
        return *sizes, self.tied, self.recurrent_norm, self.dropout, self.drop, self.leak

    @property
    def entry(self) -> Cell:
        """The cell's entry in the registry."""
        return CELLS[self.cell]

    @property
    def width(self) -> int:
        """How many numbers a layer's h has: one per unit, or two in a complex cell."""
        return self.entry.reals * self.hidden

    @property
    def drops(self) -> bool:
        """Whether there is any dropout in training."""
        return self.dropout != "none" and self.drop > 0 and self.entry.matrix

    @property
    def written_out(self) -> bool:
        """Whether ``parts.recursions`` has the recursion of its layers: a plain cell, tied, without dropout or normalisation."""
        return self.entry.explicit is not None and self.tied and self.recurrent_norm == "none" and not self.drops

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

    def start(self, x: Tensor) -> State:
        """The state before the first step, for inputs x (…, B, n_in): zeros."""
        zero = x.new_zeros(*x.shape[:-1], self.width)
        return (zero,) * (self.entry.states * self.layers)

    def vectors(self, weights: Weights, inputs: Tensor) -> Tensor:
        """What the bottom layer reads: word numbers (…, B, T) looked up, vectors (…, B, T, d) as they are."""
        table = weights.get("embedding.weight")
        return inputs if table is None else look_up(table, inputs)

    @staticmethod
    def layer_weights(weights: Mapping[str, Array], layer: int) -> dict[str, Array]:
        """One layer's tensors under the names that cells use: ``weight_ih``, ``weight_hh`` and so on."""
        prefix, suffix = "recurrent.", f"_l{layer}"
        return {name[len(prefix) : -len(suffix)]: each for name, each in weights.items() if name.endswith(suffix)}
