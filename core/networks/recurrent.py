"""Recurrent networks: torch's own fused module for training, the same weights as a chain of visible steps for measuring."""

from dataclasses import dataclass
from functools import partial
from typing import ClassVar

import numpy as np
import torch
from torch import Tensor, nn

from core.cells import CELLS, Cell
from core.fields import Spec, choice, real, whole
from core.initialisers import INITIALISERS
from core.linear import State, Weights
from core.networks.base import Chain, Parameters, as_float32, draw, draw_readout, read_out, stream
from core.tasks.base import Shape


@dataclass(frozen=True)
class Recurrent(Spec):
    """One to four recurrent layers of ``hidden`` units, read out by a linear layer after the last step."""

    name: ClassVar[str] = "rnn"
    label: ClassVar[str] = "Recurrent network"
    lesson: ClassVar[str] = "One matrix used again at every step: the gradient is multiplied by it once per word."
    reads: ClassVar[str] = "sequences"

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
    forget_bias: float = real(
        1.0, -10.0, 10.0, "Forget bias", "LSTM only: the sum of torch's two biases of the forget gate.", 0.5
    )

    @property
    def structure(self) -> tuple[object, ...]:
        """What networks that are measured side by side must have in common: all but their initial weights."""
        return self.name, self.cell, self.layers, self.hidden, self.embedding

    @property
    def entry(self) -> Cell:
        """The cell's entry in the registry."""
        return CELLS[self.cell]

    def draw(self, shape: Shape, seed: int) -> Parameters:
        """The initial parameters by name, float32: ``embedding.weight``, ``recurrent.weight_ih_l0`` … ``readout.bias``."""
        n, gates = self.hidden, self.entry.gates
        inputs = self.embedding if shape.vocabulary else shape.inputs
        parameters: dict[str, np.ndarray] = {}
        if shape.vocabulary:
            parameters["embedding.weight"] = stream(seed, "embedding").standard_normal((shape.vocabulary, inputs))
        for layer in range(self.layers):
            rng = stream(seed, f"layer {layer}")
            bound = 1.0 / np.sqrt(n)  # torch's default for all that is not recurrent
            input_weights = rng.uniform(-bound, bound, (gates * n, inputs if layer == 0 else n))
            biases = rng.uniform(-bound, bound, (2, gates * n))
            if self.entry.forget is not None:
                biases[:, self.entry.forget * n : (self.entry.forget + 1) * n] = [[self.forget_bias], [0.0]]
            blocks = [self._block(f"layer {layer} gate {gate}", seed) for gate in range(gates)]
            parameters |= {
                f"recurrent.weight_ih_l{layer}": input_weights,
                f"recurrent.weight_hh_l{layer}": np.concatenate(blocks),
                f"recurrent.bias_ih_l{layer}": biases[0],
                f"recurrent.bias_hh_l{layer}": biases[1],
            }
        return as_float32(parameters | draw_readout(n, len(shape.answers), seed))

    def _block(self, name: str, seed: int) -> np.ndarray:
        """One gate's initial recurrent matrix (hidden, hidden)."""
        block = draw(self.initialiser, seed, name, self.hidden, self.hidden, self.sigma)
        if self.radius:
            largest = np.abs(np.linalg.eigvals(block)).max()
            block = block * (self.radius / largest) if largest > 0 else block
        return self.gain * block

    def build(self, shape: Shape) -> "RecurrentNetwork":
        """The torch module, its parameters not yet set."""
        return RecurrentNetwork(self, shape)

    def chain(self, weights: Weights, inputs: Tensor) -> Chain:
        """The network unrolled over time, with ``weights`` that may have leading axes (one network per entry).

        inputs: word numbers (…, B, T) or vectors (…, B, T, d) with the same leading axes.
        """
        vectors = self.vectors(weights, inputs).unbind(-2)
        state = self.start(vectors[0])
        maps = [partial(self.one_layer, weights, layer, x) for x in vectors for layer in range(self.layers)]
        made = [layer * self.entry.states for layer in range(self.layers)]
        return Chain(state, maps, partial(read_out, weights, made[-1]), watched=made * len(vectors))

    def start(self, x: Tensor) -> State:
        """The state before the first step, for inputs x (…, B, n_in): zeros."""
        zero = x.new_zeros(*x.shape[:-1], self.hidden)
        return (zero,) * (self.entry.states * self.layers)

    def vectors(self, weights: Weights, inputs: Tensor) -> Tensor:
        """What the bottom layer reads: word numbers (…, B, T) looked up, vectors (…, B, T, d) as they are."""
        table = weights.get("embedding.weight")
        return inputs if table is None else _look_up(table, inputs)

    def one_layer(self, weights: Weights, layer: int, x: Tensor, state: State) -> State:
        """One time step of one layer, which reads x if it is the lowest and else the new h of the layer below."""
        first = layer * self.entry.states
        below = state[first - self.entry.states] if layer else x
        own = slice(first, first + self.entry.states)
        new = self.entry.step(self.layer_weights(weights, layer), below, state[own])
        return (*state[:first], *new, *state[own.stop :])

    @staticmethod
    def layer_weights(weights: Weights, layer: int) -> dict[str, Tensor]:
        """One layer's four tensors under the names that cells use."""
        parts = ("weight_ih", "weight_hh", "bias_ih", "bias_hh")
        return {part: weights[f"recurrent.{part}_l{layer}"] for part in parts}


def _look_up(table: Tensor, numbers: Tensor) -> Tensor:
    """Rows of table (…, vocabulary, e) for word numbers (…, B, T) → (…, B, T, e)."""
    if table.dim() == 2:
        return table[numbers]
    return torch.stack([_look_up(*pair) for pair in zip(table, numbers, strict=True)])


class RecurrentNetwork(nn.Module):
    """Word numbers (B, T) or vectors (B, T, d) → logits (B, answers) after the last step.

    ``recurrent`` is a ``torch.nn.RNN``, ``GRU`` or ``LSTM`` (batch first), with torch's names and shapes.
    """

    def __init__(self, spec: Recurrent, shape: Shape) -> None:
        super().__init__()
        self.spec = spec
        inputs = spec.embedding if shape.vocabulary else shape.inputs
        self.embedding = nn.Embedding(shape.vocabulary, inputs) if shape.vocabulary else None
        self.recurrent = spec.entry.fused(inputs, spec.hidden, spec.layers, batch_first=True)
        self.readout = nn.Linear(spec.hidden, len(shape.answers))

    def forward(self, inputs: Tensor) -> Tensor:
        """Logits (B, answers) after the last step."""
        outputs, _ = self.recurrent(inputs if self.embedding is None else self.embedding(inputs))
        logits: Tensor = self.readout(outputs[:, -1])
        return logits
