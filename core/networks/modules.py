"""Networks as torch modules: parameters with torch's names, to be trained in anybody's own loop."""

from typing import Protocol

import torch
from torch import Tensor, nn

from ..parts.linear import Weights
from ..tasks.base import Shape
from .base import Chain, Parameters


class Drawn(Protocol):
    """What a network's spec can do for its module."""

    def draw(self, shape: Shape, seed: int) -> Parameters:
        """Parameters by name."""

    def chain(self, weights: Weights, inputs: Tensor) -> Chain:
        """The network unrolled."""


class Visible(nn.Module):
    """Any network as the chain of its visible maps; a parameter called ``hidden.0.weight`` is in the submodule ``hidden.0``.

    Parameters are not set yet; ``core.build`` does that.
    """

    def __init__(self, spec: Drawn, shape: Shape) -> None:
        super().__init__()
        self.spec = spec
        for name, values in spec.draw(shape, 0).items():
            *path, last = name.split(".")
            home: nn.Module = self
            for part in path:
                if part not in home._modules:
                    home.add_module(part, nn.Module())
                home = home.get_submodule(part)
            home.register_parameter(last, nn.Parameter(torch.empty(values.shape)))

    def forward(self, inputs: Tensor, each_step: bool = False) -> Tensor:
        """Logits (B, answers) after the last step, or (T, B, answers) after each; dropout is off."""
        return self.spec.chain(dict(self.named_parameters()), inputs).logits(each_step)


class Fused(nn.Module):
    """A classic recurrent network: word numbers (B, T) or vectors (B, T, d) → logits.

    ``recurrent`` is a ``torch.nn.RNN``, ``GRU`` or ``LSTM`` (batch first).
    """

    def __init__(self, recurrent: nn.RNNBase, shape: Shape) -> None:
        super().__init__()
        self.embedding = nn.Embedding(shape.vocabulary, recurrent.input_size) if shape.vocabulary else None
        self.recurrent = recurrent
        self.readout = nn.Linear(recurrent.hidden_size, shape.outputs)

    def forward(self, inputs: Tensor, each_step: bool = False) -> Tensor:
        """Logits (B, answers) after the last step, or (T, B, answers) after each."""
        outputs, _ = self.recurrent(inputs if self.embedding is None else self.embedding(inputs))
        logits: Tensor = self.readout(outputs.movedim(1, 0) if each_step else outputs[:, -1])
        return logits
