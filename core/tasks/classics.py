"""The classic tests of memory, all with a word (or number) per step and an answer at the end.

temporal order   b X c a d Y c a b d → XY   two symbols among distractors, in this order (Hochreiter & Schmidhuber 1997, 6a)
latch            +1.0 +0.1 −0.3 +0.2 → +1   the first number's sign decides (Bengio, Simard & Frasconi 1994; noise of variance
                                            .2 as in Hochreiter & Schmidhuber 1997, 3a)
parity           1 0 1 1 → odd              a part of the bits tells nothing, so it is hard even where the gradient arrives
"""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from ..fields import real, whole
from .base import Batch, Shape, Task

SYMBOLS = ("a", "b", "c", "d", "X", "Y")


@dataclass(frozen=True)
class TemporalOrder(Task):
    """The first X or Y stands in the second tenth of the row, the other after the middle."""

    name: ClassVar[str] = "order"
    label: ClassVar[str] = "Temporal order"
    lesson: ClassVar[str] = "Which of X and Y came first, which second? Both must be kept through a row of distractors."
    gives: ClassVar[str] = "sequences"
    script_lexicon: ClassVar[str] = 'vocabulary = "abcdXY"'
    script: ClassVar[str] = """\
symbols = rng.integers(4, size=({{ size }}, LENGTH))
first, after_first, second, after_second = (LENGTH * tenths // 10 for tenths in (1, 2, 5, 6))
at_first = rng.integers(first, max(after_first, first + 1), size={{ size }})
at_second = rng.integers(second, max(after_second, second + 1), size={{ size }})
at_first[0] = first
target, rows = rng.integers(4, size={{ size }}), np.arange({{ size }})
symbols[rows, at_first], symbols[rows, at_second] = 4 + target // 2, 4 + target % 2
sentences = [[vocabulary[i] for i in row] for row in symbols]
"""

    length: int = whole(30, 5, 400, "Time steps")

    def shape(self) -> Shape:
        """Four orders of two symbols."""
        return Shape(len(SYMBOLS), 0, ("XX", "XY", "YX", "YY"), self.length)

    def draw(self, rng: np.random.Generator, size: int, seed: int, *, training: bool) -> Batch:
        """Symbol numbers (size, length); the cue is the first symbol of the example that is shown."""
        inputs = rng.integers(4, size=(size, self.length))
        ends = [self.length * tenths // 10 for tenths in (1, 2, 5, 6)]
        first = rng.integers(ends[0], max(ends[1], ends[0] + 1), size=size)
        second = rng.integers(ends[2], max(ends[3], ends[2] + 1), size=size)
        first[:1] = ends[0]  # in the row that is shown, the longest way
        targets, rows = rng.integers(4, size=size), np.arange(size)
        inputs[rows, first], inputs[rows, second] = 4 + targets // 2, 4 + targets % 2
        return Batch(inputs, targets, tuple(SYMBOLS[i] for i in inputs[0]), int(first[0]))


@dataclass(frozen=True)
class Latch(Task):
    """One number per step: +1 or −1 at first, then normal noise."""

    name: ClassVar[str] = "latch"
    label: ClassVar[str] = "Latch one bit"
    lesson: ClassVar[str] = "One bit at the start, noise ever after: the simplest long dependency there is."
    gives: ClassVar[str] = "sequences"
    script: ClassVar[str] = """\
target = rng.integers(2, size={{ size }})
values = NOISE * rng.standard_normal(({{ size }}, LENGTH, 1))
values[:, 0, 0] = 2 * target - 1
x = torch.from_numpy(values)
{% if not training %}
sentences = [[f"{value:+z.1f}".replace("-", "−") for value in values[0, :, 0]]]  # to be shown
{% endif %}
"""

    length: int = whole(20, 2, 400, "Time steps")
    noise: float = real(0.45, 0.0, 2.0, "Noise", "Standard deviation of every number after the first.")

    def shape(self) -> Shape:
        """Two signs."""
        return Shape(0, 1, ("−1", "+1"), self.length)

    def draw(self, rng: np.random.Generator, size: int, seed: int, *, training: bool) -> Batch:
        """Inputs (size, length, 1)."""
        targets = rng.integers(2, size=size)
        inputs = self.noise * rng.standard_normal((size, self.length, 1))
        inputs[:, 0, 0] = 2 * targets - 1
        return Batch(inputs, targets, tuple(f"{value:+z.1f}".replace("-", "−") for value in inputs[0, :, 0]), cue=0)


@dataclass(frozen=True)
class Parity(Task):
    """Random bits; the answer is whether the number of ones is odd."""

    name: ClassVar[str] = "parity"
    label: ClassVar[str] = "Parity"
    lesson: ClassVar[str] = (
        "A part of the bits tells nothing of the answer, so all cells fail: not a task of vanishing gradients."
    )
    gives: ClassVar[str] = "sequences"
    script_lexicon: ClassVar[str] = 'vocabulary = "01"'
    script: ClassVar[str] = """\
bits = rng.integers(2, size=({{ size }}, LENGTH))
target = bits.sum(1) % 2
sentences = [[str(bit) for bit in row] for row in bits]
"""

    length: int = whole(8, 1, 200, "Time steps")

    def shape(self) -> Shape:
        """Even or odd."""
        return Shape(2, 0, ("even", "odd"), self.length)

    def draw(self, rng: np.random.Generator, size: int, seed: int, *, training: bool) -> Batch:
        """Bits (size, length); all of them are cues, the first the oldest."""
        bits = rng.integers(2, size=(size, self.length))
        return Batch(bits, bits.sum(1) % 2, tuple(str(bit) for bit in bits[0]), cue=0)
