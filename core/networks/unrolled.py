"""A recurrent network unrolled over time: one map per layer and step, whatever the cell, dropout or normalisation."""

from dataclasses import dataclass, replace
from functools import partial

import torch
from torch import Tensor

from ..parts.cell import Cell
from ..parts.dropouts import DROPOUTS, Dropout, Source
from ..parts.linear import State, Weights, affine
from ..parts.normalisations import NORMALISATIONS, Normalisation
from .base import Chain, read_out
from .recurrent_settings import RecurrentSettings


@dataclass(frozen=True)
class Layer:
    """One layer with its weights: what it makes of its input, and of its own past.

    ``own``: its tensors by torch's names without layer number; weight_hh is (…, steps, rows, n) if not ``tied``.
    ``noise``: what its dropout has drawn, one tensor per step (None: dropout is off).
    """

    cell: Cell
    own: Weights
    tied: bool
    norm: Normalisation
    dropout: Dropout
    noise: Tensor | None = None

    def from_x(self, x: Tensor) -> Tensor:
        """norm(W_ih x) + b_ih: (…, batch, rows) for x (…, batch, n_in)."""
        if self.norm.axis is None:
            return affine(x, self.own["weight_ih"], self.own["bias_ih"])
        return self._normalised(x @ self.own["weight_ih"].mT) + self.own["bias_ih"].unsqueeze(-2)

    def recur(self, t: int, h: Tensor) -> Tensor:
        """norm(W_hh h) + b_hh at step t: (…, batch, rows) for h (…, batch, n), of which dropout takes some."""
        weight = self.own["weight_hh"] if self.tied else self.own["weight_hh"][..., t, :, :]
        if self.norm.axis is None and self.noise is None:
            return affine(h, weight, self.own["bias_hh"])
        mixed = h @ weight.mT if self.noise is None else self.dropout.mix(h, weight, self.noise[t])
        return self._normalised(mixed) + self.own["bias_hh"].unsqueeze(-2)

    def _normalised(self, z: Tensor) -> Tensor:
        """Each gate's pre-activations by themselves (Ba et al. 2016), before the biases, which it would take out again."""
        return self.norm.function(z.unflatten(-1, (self.cell.gates, -1))).flatten(-2)


def unroll(spec: RecurrentSettings, weights: Weights, inputs: Tensor, noise: torch.Generator | None) -> Chain:
    """See ``Recurrent.chain``."""
    vectors = spec.vectors(weights, inputs)
    batch, steps = vectors.shape[-3:-1]
    state = spec.start(vectors[..., 0, :])
    layers = [_layer(spec, weights, i, steps, state[0], noise) for i in range(spec.layers)]
    # what the bottom layer makes of its inputs, for all steps in one product
    from_x = layers[0].from_x(vectors.transpose(-3, -2).flatten(-3, -2)).unflatten(-2, (steps, batch)).unbind(-3)
    maps = [
        partial(_one_map, layer, i, t, from_x[t] if i == 0 else None)
        for t in range(steps)
        for i, layer in enumerate(layers)
    ]
    made = [i * spec.entry.states for i in range(spec.layers)]
    ends = range(spec.layers - 1, len(maps), spec.layers)
    return Chain(state, maps, partial(read_out, weights, made[-1]), watched=made * steps, ends=ends, layers=spec.layers)


def _layer(
    spec: RecurrentSettings, weights: Weights, i: int, steps: int, h: Tensor, noise: torch.Generator | None
) -> Layer:
    own = spec.layer_weights(weights, i) | {"leak": h.new_tensor(spec.leak)}
    if spec.entry.prepare is not None:
        own |= spec.entry.prepare(own)
    dropout = DROPOUTS[spec.dropout]
    layer = Layer(spec.entry, own, spec.tied, NORMALISATIONS[spec.recurrent_norm], dropout)
    if noise is None or not spec.drops:
        return layer
    return replace(layer, noise=dropout.draw(Source(noise, steps, h, spec.entry.gates * spec.hidden, spec.drop)))


def _one_map(layer: Layer, i: int, t: int, from_x: Tensor | None, state: State) -> State:
    """One time step of layer i, which reads the new h of the layer below unless it is the lowest (``from_x`` is given)."""
    parts = layer.cell.states
    first, above = i * parts, (i + 1) * parts
    if from_x is None:
        from_x = layer.from_x(state[first - parts])
    new = layer.cell.step(from_x, partial(layer.recur, t), state[first:above], layer.own)
    return (*state[:first], *new, *state[above:])
