"""Networks that really have an illness, or none, trained for a moment with a recorder attached."""

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy

from core.recording import GradientRecorder, Recording

CLASSES, INPUTS, WIDTH = 4, 16, 32
Loss = Callable[[int], Tensor]  # step → loss


def stack(layers: int, activation: type[nn.Module], start: Callable[[Tensor], Any] | None = None) -> nn.Sequential:
    """Linear layers with an activation behind each but the last; ``start`` draws the weights."""
    widths = [INPUTS, *[WIDTH] * (layers - 1), CLASSES]
    parts: list[nn.Module] = []
    for fan_in, fan_out in pairwise(widths):
        parts += [nn.Linear(fan_in, fan_out), activation()]
        if start:
            start(parts[-2].weight)  # type: ignore[arg-type]
    return nn.Sequential(*parts[:-1])


def clouds(model: nn.Module, scale: float = 1.0, batch: int = 64) -> Loss:
    """Points around four centres, new ones at each step."""
    random = torch.Generator().manual_seed(1)
    centres = torch.randn(CLASSES, INPUTS, generator=random)

    def loss(step: int) -> Tensor:
        targets = torch.randint(CLASSES, (batch,), generator=random)
        points = centres[targets] + 0.5 * torch.randn(batch, INPUTS, generator=random)
        return cross_entropy(model(scale * points), targets)

    return loss


class Tagger(nn.Module):
    """A recurrent layer, and a read-out of its last step."""

    def __init__(self, recurrent: nn.RNNBase) -> None:
        super().__init__()
        self.recurrent = recurrent
        self.head = nn.Linear(recurrent.hidden_size, CLASSES)

    def forward(self, x: Tensor) -> Tensor:
        """(T, B, inputs) → (B, classes)."""
        return self.head(self.recurrent(x)[0][-1])


def sequences(model: nn.Module, steps: int, inputs: int = 4, offset: float = 0.0) -> Loss:
    """Noise whose first vector tells the class."""
    random = torch.Generator().manual_seed(2)

    def loss(step: int) -> Tensor:
        targets = torch.randint(CLASSES, (32,), generator=random)
        x = offset + 0.3 * torch.randn(steps, 32, inputs, generator=random)
        x[0] += torch.eye(CLASSES, inputs)[targets]
        return cross_entropy(model(x), targets)

    return loss


def record(
    model: nn.Module,
    loss: Loss,
    optimizer: torch.optim.Optimizer,
    steps: int = 60,
    clip: float = 0.0,
    known: bool = True,
    **options: Any,
) -> Recording:
    """Trains and records every second step, or as ``options`` say; without ``known`` the recorder has no optimiser."""
    with GradientRecorder(model, optimizer if known else None, **({"every": 2} | options)) as recorder:
        for step in range(steps):
            optimizer.zero_grad()
            value = loss(step)
            value.backward()
            if clip:
                nn.utils.clip_grad_norm_(model.parameters(), clip)
            optimizer.step()
            recorder.step(value)
    return recorder.recording()
