"""Causal self-attention: every position reads all earlier ones directly, so that no path back is longer than the blocks."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import ClassVar

import numpy as np
import torch
from torch import Tensor

from ..fields import choice, real, whole
from ..parts.activations import ACTIVATIONS
from ..parts.initialisers import INITIALISERS
from ..parts.linear import State, Weights, affine
from ..parts.normalisations import NORMALISATIONS
from ..parts.skips import SKIPS
from ..registry import Named, registry
from ..tasks.base import Shape
from .base import Chain, Network, Parameters, as_float32, draw_readout, drawn, look_up, stream
from .modules import Visible

MLP = 2  # how many times wider than the states each block's MLP is

BLOCK_NORMS = registry(
    Named("none", "None", "Attention and MLP read the states as they come."),
    Named(
        "pre",
        "LayerNorm before",
        "Each part reads a normalised copy; the gradient passes beside it (Xiong et al. 2020).",
    ),
    Named(
        "post",
        "LayerNorm after",
        "Each sum is normalised, as in the first Transformer; the gradient has to go through it.",
    ),
)
BLOCK_SKIPS = {name: SKIPS[name] for name in ("residual", "none")}


@dataclass(frozen=True)
class Attention(Network):
    """One to four blocks of self-attention and a small MLP (Vaswani et al. 2017), read out at the last position, or at each.

    Parameters are named as in ``torch.nn.TransformerEncoder``: ``layers.0.self_attn.in_proj_weight`` and so on. Each LayerNorm
    is without learned scale and shift.
    """

    name: ClassVar[str] = "attention"
    label: ClassVar[str] = "Self-attention"
    lesson: ClassVar[str] = (
        "Each word looks at all earlier ones directly: the way back is one step long, however far it goes."
    )
    reads: ClassVar[str] = "sequences"
    axis: ClassVar[str] = "step"

    layers: int = whole(1, 1, 4, "Blocks", "Blocks of attention and MLP on top of each other.")
    heads: int = whole(2, 1, 8, "Heads", "Attentions side by side in each block.")
    head_width: int = whole(16, 1, 32, "Width of a head", "Numbers per position and head.")
    activation: str = choice("relu", ACTIVATIONS, "Activation")
    initialiser: str = choice("xavier", INITIALISERS, "Initial weights")
    block_norm: str = choice("pre", BLOCK_NORMS, "LayerNorm")
    skip: str = choice("residual", BLOCK_SKIPS, "Way past each part")
    gain: float = real(1.0, 0.0, 10.0, "Gain", "Multiplies every initial weight matrix.")
    sigma: float = real(0.01, 0.0, 10.0, "σ of Normal N(0, σ²)", "Used by the Normal initialisation alone.", 0.01)
    shear: float = real(1.0, 0.0, 2.0, "Shear", "Used by the Non-normal initialisation alone.", 0.1)

    @property
    def width(self) -> int:
        """Numbers per position."""
        return self.heads * self.head_width

    @property
    def structure(self) -> tuple[object, ...]:
        """What networks that are measured side by side must have in common: all but their initial weights."""
        return self.name, self.layers, self.heads, self.head_width, self.activation, self.block_norm, self.skip

    def draw(self, shape: Shape, seed: int) -> Parameters:
        """The initial parameters by name, float32; biases are 0."""
        d = self.width
        parameters: dict[str, np.ndarray] = {}
        if shape.vocabulary:
            parameters["embedding.weight"] = stream(seed, "embedding").standard_normal((shape.vocabulary, d))
        else:
            parameters["embedding.weight"] = drawn(self, seed, "embedding", d, shape.inputs)
        for i in range(self.layers):
            name = f"layers.{i}"
            own = {f"{part}_proj": drawn(self, seed, f"{name} {part}", d, d) for part in ("q", "k", "v", "out")}
            own |= {"linear1": drawn(self, seed, f"{name} linear1", MLP * d, d)}
            own |= {"linear2": drawn(self, seed, f"{name} linear2", d, MLP * d)}
            parameters |= {
                f"{name}.self_attn.in_proj_weight": np.concatenate([own[f"{part}_proj"] for part in "qkv"]),
                f"{name}.self_attn.in_proj_bias": np.zeros(3 * d),
                f"{name}.self_attn.out_proj.weight": own["out_proj"],
                f"{name}.self_attn.out_proj.bias": np.zeros(d),
                f"{name}.linear1.weight": own["linear1"],
                f"{name}.linear1.bias": np.zeros(MLP * d),
                f"{name}.linear2.weight": own["linear2"],
                f"{name}.linear2.bias": np.zeros(d),
            }
        return as_float32(parameters | draw_readout(d, shape.outputs, seed))

    def build(self, shape: Shape) -> Visible:
        """The torch module, its parameters not yet set."""
        return Visible(self, shape)

    def chain(self, weights: Weights, inputs: Tensor, noise: torch.Generator | None = None) -> Chain:
        """Map 0 adds the positions; each map after it is a block. inputs: word numbers (…, B, T) or vectors (…, B, T, d)."""
        table = weights["embedding.weight"]
        if inputs.is_floating_point():
            vectors = _at_each(inputs, table, table.new_zeros(table.shape[:-1]))
        else:
            vectors = look_up(table, inputs)
        steps = vectors.shape[-2]
        maps = [partial(_placed, positions(steps, vectors))]
        maps += [partial(self._block, weights, f"layers.{i}") for i in range(self.layers)]
        return Chain((vectors,), maps, partial(_read_out, weights), watched=[0] * len(maps), positions=steps)

    def _block(self, weights: Weights, name: str, state: State) -> State:
        own = {key.removeprefix(f"{name}."): tensor for key, tensor in weights.items() if key.startswith(f"{name}.")}
        h = self._part(state[0], partial(self._attend, own))
        return (self._part(h, partial(self._mlp, own)),)

    def _part(self, h: Tensor, part: Callable[[Tensor], Tensor]) -> Tensor:
        norm, join = NORMALISATIONS["layer"].function, SKIPS[self.skip].join
        new = join(h, part(norm(h) if self.block_norm == "pre" else h), None)
        return norm(new) if self.block_norm == "post" else new

    def _attend(self, own: Weights, h: Tensor) -> Tensor:
        """softmax(Q Kᵀ/√d_head + mask) V per head, in (…, B, heads, T, d_head)."""
        mixed = _at_each(h, own["self_attn.in_proj_weight"], own["self_attn.in_proj_bias"])
        q, k, v = mixed.unflatten(-1, (3, self.heads, -1)).movedim(-3, 0).transpose(-3, -2)
        future = torch.ones(h.shape[-2], h.shape[-2], dtype=torch.bool).triu(1)
        scores = (q @ k.mT / k.shape[-1] ** 0.5).masked_fill(future, -torch.inf)
        heads = (scores.softmax(-1) @ v).transpose(-3, -2).flatten(-2)
        return _at_each(heads, own["self_attn.out_proj.weight"], own["self_attn.out_proj.bias"])

    def _mlp(self, own: Weights, h: Tensor) -> Tensor:
        inner = ACTIVATIONS[self.activation].function(_at_each(h, own["linear1.weight"], own["linear1.bias"]))
        return _at_each(inner, own["linear2.weight"], own["linear2.bias"])


def positions(steps: int, like: Tensor) -> Tensor:
    """Sines and cosines of wave lengths 2π to 2π·10⁴, (steps, d): sin at even places, cos at odd (Vaswani et al. 2017, 3.5)."""
    d = like.shape[-1]
    angle = torch.arange(steps, dtype=torch.float64)[:, None] * 1e4 ** -(torch.arange(0, d, 2, dtype=torch.float64) / d)
    return torch.stack([angle.sin(), angle.cos()], -1).flatten(-2)[:, :d].to(like.dtype)


def _placed(where: Tensor, state: State) -> State:
    return (state[0] + where,)


def _read_out(weights: Weights, state: State) -> Tensor:
    """Logits (T, …, batch, answers)."""
    return _at_each(state[0], weights["readout.weight"], weights["readout.bias"]).movedim(-2, 0)


def _at_each(h: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
    """The same linear layer at each position: (…, B, T, n_in) → (…, B, T, n_out)."""
    return affine(h.flatten(-3, -2), weight, bias).unflatten(-2, h.shape[-3:-1])
