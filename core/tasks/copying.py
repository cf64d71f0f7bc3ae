"""The copy task (Hochreiter & Schmidhuber 1997; Arjovsky et al. 2016): say again what was heard before a long pause.

Example with 3 symbols and a pause of 4: C A F . . . . ? ? ? → at the three question marks C, A, F; nothing is asked before.
"""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from ..fields import whole
from .base import Batch, Shape, Task

SYMBOLS = tuple("ABCDEFGH")


@dataclass(frozen=True)
class Copy(Task):
    """``symbols`` out of eight, a pause, and as many question marks, each with a target of its own."""

    name: ClassVar[str] = "copy"
    label: ClassVar[str] = "Copy after a pause"
    lesson: ClassVar[str] = "Several symbols must be kept at once; slow to learn for every cell once the pause is long."
    gives: ClassVar[str] = "sequences"
    script_lexicon: ClassVar[str] = 'vocabulary = "ABCDEFGH.?"'
    script: ClassVar[str] = """\
heard = rng.integers(8, size=({{ size }}, SYMBOLS))
sentences = [[*(vocabulary[i] for i in row), *"." * PAUSE, *"?" * SYMBOLS] for row in heard]
target = np.full(({{ size }}, 2 * SYMBOLS + PAUSE), -1)
target[:, -SYMBOLS:] = heard  # at the question marks
"""
    script_matters: ClassVar[str] = "SYMBOLS"

    symbols: int = whole(3, 1, 20, "Symbols to copy")
    pause: int = whole(10, 0, 200, "Steps of pause")

    def shape(self) -> Shape:
        """Eight symbols to answer with; besides them the pause and the question mark are read."""
        return Shape(len(SYMBOLS) + 2, 0, SYMBOLS, 2 * self.symbols + self.pause)

    def draw(self, rng: np.random.Generator, size: int, seed: int, *, training: bool) -> Batch:
        """Symbol numbers (size, 2·symbols + pause), targets at the last ``symbols`` steps."""
        heard = rng.integers(len(SYMBOLS), size=(size, self.symbols))
        rest = [np.full((size, many), len(SYMBOLS) + i) for i, many in enumerate((self.pause, self.symbols))]
        inputs = np.concatenate([heard, *rest], 1)
        targets = np.full(inputs.shape, -1)
        targets[:, -self.symbols :] = heard
        steps = inputs.shape[1]
        words = tuple((*SYMBOLS, ".", "?")[i] for i in inputs[0])
        return Batch(inputs, targets, words, cue=0, matters=tuple(range(steps - self.symbols, steps)))
