"""The adding problem (Hochreiter & Schmidhuber 1997): add the two numbers that are marked, out of a long row.

Example with 6 steps, a star being the mark: .3  .8*  .1  .5  .2*  .9  → 1.0. Always saying 1 has a mean squared error
of 1/6, the variance of the sum of two uniform numbers; a network is stuck there until the first mark's gradient arrives.
"""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from ..fields import whole
from .base import TOLERANCE, Batch, Shape, Task


@dataclass(frozen=True)
class Adding(Task):
    """Two numbers per step: one uniform in 0 … 1, and a mark that is 1 once in each half of the row."""

    name: ClassVar[str] = "adding"
    label: ClassVar[str] = "Adding two marked numbers"
    lesson: ClassVar[str] = "The first marked number must be kept until the end: remembering is all that is difficult."
    gives: ClassVar[str] = "sequences"
    script: ClassVar[str] = """\
values = rng.random(({{ size }}, LENGTH))
first = rng.integers(LENGTH // 2, size={{ size }})
second = rng.integers(LENGTH // 2, LENGTH, size={{ size }})
first[0] = 0
marks, rows = np.zeros_like(values), np.arange({{ size }})
marks[rows, first] = marks[rows, second] = 1
target = values[rows, first] + values[rows, second]
x = torch.from_numpy(np.stack([values, marks], axis=2))
{% if not training %}
sentences = [[f"{value:.1f}" + "*" * int(mark) for value, mark in zip(values[0], marks[0])]]  # to be shown
{% endif %}
"""

    length: int = whole(50, 4, 400, "Time steps")

    def shape(self) -> Shape:
        """One number; within ±.04 of 1 lies 1 − .96² of all sums."""
        return Shape(0, 2, (), self.length, guess=1 - (1 - TOLERANCE) ** 2, guess_loss=1 / 6)

    def draw(self, rng: np.random.Generator, size: int, seed: int, *, training: bool) -> Batch:
        """Inputs (size, length, 2); the cue is the first mark of the example that is shown."""
        half = self.length // 2
        values = rng.random((size, self.length))
        first, second = rng.integers(half, size=size), rng.integers(half, self.length, size=size)
        first[:1] = 0  # in the row that is shown, the longest way
        marks = np.zeros_like(values)
        rows = np.arange(size)
        marks[rows, first] = marks[rows, second] = 1
        words = tuple(f"{value:.1f}{'*' * int(mark)}" for value, mark in zip(values[0], marks[0], strict=True))
        return Batch(np.stack([values, marks], -1), values[rows, first] + values[rows, second], words, int(first[0]))
