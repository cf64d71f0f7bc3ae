"""What every task gives: batches and their sizes."""

from dataclasses import dataclass
from typing import ClassVar, Protocol

import numpy as np


@dataclass(frozen=True)
class Batch:
    """``inputs``: word numbers (B, T), vectors per step (B, T, d) or points (B, d). ``targets``: class (B,).

    The loss is taken at the last step (or at the only output). ``words`` is the first example as text (T words; empty
    for numbers), ``cue`` the position of the word that decides the answer (None: no such position).
    """

    inputs: np.ndarray
    targets: np.ndarray
    words: tuple[str, ...] = ()
    cue: int | None = None

    @property
    def mask(self) -> np.ndarray:
        """Where the loss is taken: bool (B, T), or (B,) for points."""
        if self.inputs.dtype.kind == "f" and self.inputs.ndim == 2:
            return np.ones(len(self.inputs), dtype=bool)
        mask = np.zeros(self.inputs.shape[:2], dtype=bool)
        mask[:, -1] = True
        return mask


@dataclass(frozen=True)
class Shape:
    """What a network must fit: ``vocabulary`` words (0: vectors of ``inputs`` numbers), ``answers`` in class order."""

    vocabulary: int
    inputs: int
    answers: tuple[str, ...]

    @property
    def chance(self) -> float:
        """Accuracy of guessing, 0 to 1."""
        return 1.0 / len(self.answers)


class Task(Protocol):
    """A task is a Spec that can draw its own data. ``gives`` is "sequences" or "vectors"."""

    name: ClassVar[str]
    label: ClassVar[str]
    lesson: ClassVar[str]
    gives: ClassVar[str]

    def shape(self) -> Shape:
        """Sizes of inputs and answers."""

    def draw(self, rng: np.random.Generator, size: int, seed: int, *, training: bool) -> Batch:
        """``size`` examples; ``seed`` fixes what all batches of an experiment share (such as the blobs' centres)."""
