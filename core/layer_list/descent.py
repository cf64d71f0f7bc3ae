"""The rules of ``core.parts.optimisers`` as an optimiser of torch's kind, which a gradient recorder can listen to.

torch's own optimisers import its compiler when the first of them is made: half a second and a hundred megabytes in each worker.
"""

from collections.abc import Iterable
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.nn import Parameter

from ..parts.optimisers import OPTIMISERS, Slots


class Descent(torch.optim.Optimizer):
    """The rule called ``name`` at one learning rate for all weights, which it sees as one long vector (on the CPU)."""

    def __init__(self, weights: Iterable[Parameter], name: str, learning_rate: float) -> None:
        super().__init__(list(weights), {"lr": learning_rate})
        self._rule = OPTIMISERS[name].step
        self._slots: Slots = {}
        self._count = 0

    def add_param_group(self, group: dict[str, Any]) -> None:
        """Takes the one group that there is."""
        self.param_groups.append(group)

    @torch.no_grad()
    def step(self, closure: None = None) -> None:  # type: ignore[override]
        """Moves the weights; those without a gradient count as if theirs were 0."""
        weights: list[Tensor] = self.param_groups[0]["params"]
        rate = self.defaults["lr"]
        gradients = [torch.zeros_like(w) if w.grad is None else w.grad for w in weights]
        flat = torch.cat([gradient.reshape(-1) for gradient in gradients]).numpy()
        with np.errstate(all="ignore"):  # what is not finite is the recorder's business
            direction, self._slots = self._rule(flat, self._slots, self._count)
        self._count += 1
        moves = torch.from_numpy(direction.astype(flat.dtype, copy=False)).split([weight.numel() for weight in weights])
        for weight, move in zip(weights, moves, strict=True):
            weight.sub_(rate * move.view_as(weight))
