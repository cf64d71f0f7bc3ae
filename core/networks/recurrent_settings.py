"""The settings of a recurrent network: what its weights are drawn from and its steps are made of."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from torch import Tensor

from ..fields import choice, flag, real, whole
from ..parts.cell import Cell
from ..parts.cells import CELLS
from ..parts.dropouts import DROPOUTS
from ..parts.initialisers import INITIALISERS
from ..parts.linear import State, Weights
from ..parts.normalisations import NORMALISATIONS
from .base import Network, look_up

RECURRENT_NORMS = {
    name: NORMALISATIONS[name] for name in ("none", "layer")
}  # a batch has no mean at each step of its own

Array = TypeVar("Array", Tensor, np.ndarray)


@dataclass(frozen=True)
class RecurrentSettings(Network):
    """What can be chosen about a recurrent network, and what follows from it alone."""

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
        sizes = (type(self), self.cell, self.layers, self.hidden, self.embedding)
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
        return {name[len(prefix) : -len(suffix)]: tensor for name, tensor in weights.items() if name.endswith(suffix)}
