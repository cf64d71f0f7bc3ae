"""Standard normal inputs and a random answer: nothing to learn, the plain setting in which theory speaks.

Example with 3 steps and 2 inputs: [[.3, -1.2], [.8, .1], [-.5, 2.0]] → class 1 of 4.
"""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from ..fields import whole
from .base import Batch, Shape, Task


@dataclass(frozen=True)
class Noise(Task):
    """Standard normal inputs at each step, a random class at the end."""

    name: ClassVar[str] = "noise"
    label: ClassVar[str] = "Random numbers"
    lesson: ClassVar[str] = "No words and nothing to learn: only the network decides how the gradient travels."
    gives: ClassVar[str] = "sequences"
    script: ClassVar[str] = """\
x = torch.from_numpy(rng.standard_normal(({{ size }}, LENGTH, INPUTS)))
target = rng.integers(ANSWERS, size={{ size }})  # has nothing to do with x
"""

    length: int = whole(100, 1, 400, "Time steps")
    inputs: int = whole(16, 1, 128, "Inputs per step")

    def shape(self) -> Shape:
        """Four answers that mean nothing."""
        return Shape(0, self.inputs, tuple("ABCD"), self.length)

    def draw(self, rng: np.random.Generator, size: int, seed: int, *, training: bool) -> Batch:
        """Inputs (size, length, inputs)."""
        return Batch(rng.standard_normal((size, self.length, self.inputs)), rng.integers(4, size=size))
