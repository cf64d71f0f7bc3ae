"""Small tasks that a pasted list of layers can be tried on, chosen by what it reads. Every batch is new.

points     4 clouds around random centres in 16 dimensions: which one?
signal     noisy waves, 64 samples long, with 1, 2, 3 or 4 periods at a random phase: how many?
sequence   a vector per step: the first one decides, all others are noise
words      a word per step, the same
"""

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from .base import POINTS, SEQUENCE, SIGNAL

CLASSES, INPUTS, SAMPLES, WORDS = 4, {POINTS: 16, SIGNAL: 1, SEQUENCE: 4}, 64, 20
_SPREAD, _NOISE = 0.5, 0.45


@dataclass(frozen=True)
class Toy:
    """What flows into the network: ``inputs`` numbers per example (per sample, step), or words numbered below ``inputs``."""

    flow: str
    inputs: int
    classes: int
    length: int  # time steps of a sequence
    words: bool = False

    @property
    def said(self) -> str:
        """The task in one sentence."""
        if self.flow == POINTS:
            return f"which of {self.classes} clouds does a point in {self.inputs} dimensions belong to?"
        if self.flow == SIGNAL:
            return f"how many periods, from 1 to {self.classes}, does a noisy wave of {SAMPLES} samples have?"
        what = "word" if self.words else f"vector of {self.inputs} numbers"
        return f"which of {self.classes} was the first {what}, asked after {self.length} steps of which all others are noise?"

    def batch(self, seed: int, step: int, size: int) -> tuple[Tensor, Tensor]:
        """Draws (inputs, targets (size,)) of one training step, in float32, from a private generator."""
        rng = np.random.default_rng([seed, 201, step])
        targets = rng.integers(self.classes, size=size)
        if self.words:
            inputs = rng.integers(self.classes, self.inputs, size=(size, self.length))
            inputs[:, 0] = targets
            return torch.from_numpy(inputs), torch.from_numpy(targets)
        if self.flow == SIGNAL:
            turns = np.arange(SAMPLES) / SAMPLES * (targets + 1)[:, None] + rng.random((size, 1))
            waves = np.sin(2 * np.pi * turns)[:, None]
            values = waves + _NOISE * rng.standard_normal((size, self.inputs, SAMPLES))
        elif self.flow == SEQUENCE:
            values = _NOISE * rng.standard_normal((size, self.length, self.inputs))
            values[:, 0] = self._codes(seed)[targets]
        else:
            values = self._codes(seed)[targets] + _SPREAD * rng.standard_normal((size, self.inputs))
        return torch.from_numpy(values.astype(np.float32)), torch.from_numpy(targets)

    def _codes(self, seed: int) -> np.ndarray:
        """Returns a vector for each class (classes, inputs): random, or one of its own axes each where there are enough."""
        if self.flow == SEQUENCE and self.inputs >= self.classes:
            return np.eye(self.classes, self.inputs)
        return np.random.default_rng([seed, 202]).standard_normal((self.classes, self.inputs))
