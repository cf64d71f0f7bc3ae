"""What every task gives: batches and their sizes."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy import ndarray

from ..fields import Spec

TOLERANCE = 0.04  # how near a number must come to count as right (Hochreiter & Schmidhuber 1997)


@dataclass(frozen=True)
class Score:
    """Shares of right answers, 0 to 1: ``accuracy`` for the target that matters, ``local`` for the others (NaN: none)."""

    accuracy: float
    local: float


@dataclass(frozen=True)
class Batch:
    """``inputs``: word numbers (B, T), vectors per step (B, T, d) or points (B, d).

    ``targets``: a class (B,) or a number (B,) float at the last step or for the only output; or a class at every step (B, T),
    −1 where none is asked for. ``matters``: the steps whose targets are the ones that matter, where there is one at
    every step (the others are local). ``words`` is the first example as text (T words; empty: nothing to be read), ``cue``
    the position in it of the word that decides the answer, the oldest of several (None: no such position).
    """

    inputs: ndarray
    targets: ndarray
    words: tuple[str, ...] = ()
    cue: int | None = None
    matters: tuple[int, ...] = ()

    @property
    def mask(self) -> ndarray:
        """Where the loss is taken: bool (B, T), or (B,) for points."""
        if self.targets.ndim == 2:
            return self.targets >= 0
        if self.inputs.dtype.kind == "f" and self.inputs.ndim == 2:
            return np.ones(len(self.inputs), dtype=bool)
        mask = np.zeros(self.inputs.shape[:2], dtype=bool)
        mask[:, -1] = True
        return mask

    def score(self, outputs: ndarray) -> Score:
        """How many of the outputs are right: logits (B, answers), or (T, B, answers) where there is a target at every step."""
        if self.targets.dtype.kind == "f":
            return Score(float((np.abs(outputs[:, 0] - self.targets) < TOLERANCE).mean()), float("nan"))
        right = outputs.argmax(-1) == self.targets.T
        if self.targets.ndim == 1:
            return Score(float(right.mean()), float("nan"))
        asked = self.mask.T
        chosen = np.zeros_like(asked)
        chosen[list(self.matters)] = True
        return Score(_share(right, asked & chosen), _share(right, asked & ~chosen))


def _share(right: ndarray, of: ndarray) -> float:
    return float(right[of].mean()) if of.any() else float("nan")


@dataclass(frozen=True)
class Shape:
    """What a network must fit: ``vocabulary`` words (0: vectors of ``inputs`` numbers), ``answers`` in class order.

    ``steps``: time steps of the longest sequence (0: not a sequence). No answers: the output is a number. ``guess``: the
    accuracy of guessing the target that matters, where it is not 1 / answers; ``guess_loss``: the loss of the best guess
    without memory, where it is not ln(answers).
    """

    vocabulary: int
    inputs: int
    answers: tuple[str, ...]
    steps: int = 0
    guess: float | None = None
    guess_loss: float | None = None

    @property
    def outputs(self) -> int:
        """How many numbers the read-out gives."""
        return len(self.answers) or 1

    @property
    def chance(self) -> float:
        """Accuracy of guessing the target that matters, 0 to 1."""
        return 1.0 / self.outputs if self.guess is None else self.guess

    @property
    def chance_loss(self) -> float:
        """Mean loss of guessing, in nats (or squared units)."""
        return float(np.log(self.outputs)) if self.guess_loss is None else self.guess_loss


@dataclass(frozen=True)
class Task(Spec, ABC):
    """A task is a Spec that can draw its own data. ``gives`` is "sequences" or "vectors".

    In an exported script ``script`` goes from rng to target and x (or target and sentences), for ``size`` examples;
    ``script_lexicon`` says what all batches share, the vocabulary first of all; ``script_lists`` are the words that they use,
    by their names there; ``script_matters`` is how many of the last targets matter, where there is one at every step.
    """

    name: ClassVar[str]
    label: ClassVar[str]
    lesson: ClassVar[str]
    gives: ClassVar[str]
    script: ClassVar[str]
    script_lexicon: ClassVar[str] = ""
    script_lists: ClassVar[Mapping[str, Iterable[str]]] = {}
    script_matters: ClassVar[str] = "1"

    @abstractmethod
    def shape(self) -> Shape:
        """Sizes of inputs and answers."""

    @abstractmethod
    def draw(self, rng: np.random.Generator, size: int, seed: int, *, training: bool) -> Batch:
        """``size`` examples; ``seed`` fixes what all batches of an experiment share (such as the blobs' centres)."""
