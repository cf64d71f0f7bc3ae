"""The convolutional network: the same few weights at every place of a ring."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import torch
from torch import Tensor

from ..fields import flag, whole
from ..parts.linear import State, Weights, affine
from ..parts.normalisations import NORMALISATIONS
from ..tasks.base import Shape
from .base import drawn
from .layered import Layered


@dataclass(frozen=True)
class Convolutional(Layered):
    """The d inputs are a signal on a ring of d places; each layer has ``width`` channels there.

    A layer is ``torch.nn.Conv1d(…, 2·reach + 1, padding="same", padding_mode="circular")`` with its weight (out, in, kernel).
    States are its maps (…, batch, channels, d) flattened, channel by channel. LayerNorm takes mean and variance over all
    channels and places of an example, BatchNorm those of each channel over batch and places (as ``BatchNorm1d`` does).
    """

    name: ClassVar[str] = "cnn"
    label: ClassVar[str] = "Convolutional network (CNN)"
    lesson: ClassVar[str] = (
        "Few weights, used at every place; the gradient is still multiplied by one matrix per layer."
    )
    reads: ClassVar[str] = "vectors"

    width: int = whole(16, 1, 64, "Channels", "Features at each place, in each layer.")
    reach: int = whole(1, 0, 4, "Reach", "How many neighbouring places a unit sees to each side: half the kernel.")
    pooled: bool = flag(
        False, "Read out the average", "Each channel's mean over all places, not every place by itself."
    )

    @property
    def kernel(self) -> int:
        """How many places a unit sees: itself and its neighbours."""
        return 2 * self.reach + 1

    @property
    def structure(self) -> tuple[object, ...]:
        """What networks that are measured side by side must have in common: all but their initial weights."""
        return *super().structure, self.reach, self.pooled

    def sizes(self, shape: Shape) -> list[int]:
        """Channels of the input (one) and of each layer."""
        return [1] + [self.width] * self.depth

    def outputs(self, shape: Shape) -> int:
        """Channels, at every place or averaged."""
        return self.width * (1 if self.pooled else shape.inputs)

    def matrix(self, seed: int, name: str, fan_out: int, fan_in: int) -> np.ndarray:
        """A weight (out, in, kernel), drawn with fan-in · kernel inputs per unit.

        The middle of the kernel comes first in the draw, so that the identity copies a place to itself.
        """
        flat = drawn(self, seed, name, fan_out, fan_in * self.kernel).reshape(fan_out, self.kernel, fan_in)
        middle_first = np.argsort(np.abs(np.arange(self.kernel) - self.kernel // 2), kind="stable")
        weight = np.empty_like(flat)
        weight[:, middle_first] = flat
        return weight.swapaxes(1, 2)

    def mix(self, h: Tensor, weight: Tensor, bias: Tensor, normalise: bool) -> Tensor:
        """The maps (…, batch, out·d) from maps (…, batch, in·d): one matrix product for all examples and places."""
        channels, kernel = weight.shape[-2:]
        maps = h.unflatten(-1, (channels, -1))
        batch, places = maps.shape[-3], maps.shape[-1]
        seen = (torch.arange(places)[:, None] + torch.arange(kernel) - kernel // 2) % places
        columns = maps[..., seen].transpose(-3, -2).flatten(-2).flatten(-3, -2)  # (…, batch·d, in·kernel)
        z = affine(columns, weight.flatten(-2), bias)
        norm = NORMALISATIONS[self.normalisation]
        if normalise and norm.axis == -2:
            z = norm.function(z)
        z = z.unflatten(-2, (batch, places)).mT.flatten(-2)
        return norm.function(z) if normalise and norm.axis == -1 else z

    def read_out(self, weights: Weights, state: State) -> Tensor:
        """Logits (…, batch, answers)."""
        maps = state[0]
        if self.pooled:
            maps = maps.unflatten(-1, (self.width, -1)).mean(-1)
        return affine(maps, weights["readout.weight"], weights["readout.bias"])
