"""France → French: the country at the start of a sentence decides the language at its end."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from ..fields import flag, whole, words
from .base import Batch, Shape, Task
from .language import (
    COUNTRIES,
    HELP_FILLERS,
    SCRIPT_FILLERS,
    SCRIPT_GAP,
    TRAVEL,
    fill,
    numbered,
    pool,
    sentences,
    training_gap,
)


@dataclass(frozen=True)
class France(Task):
    """“I went to *France* … I speak ___”: the country decides the language."""

    name: ClassVar[str] = "france"
    label: ClassVar[str] = "France → French"
    lesson: ClassVar[str] = "One early word decides the answer; every word after it is filler."
    gives: ClassVar[str] = "sequences"
    script_lists: ClassVar[Mapping[str, Iterable[str]]] = {"COUNTRIES": COUNTRIES, "FILLERS": TRAVEL.split()}
    script_lexicon: ClassVar[str] = (
        'vocabulary = dict.fromkeys(["I", "went", "to", "speak", *COUNTRIES, *FILLERS])  # each word once'
    )
    script: ClassVar[str] = (
        SCRIPT_GAP
        + """\
target = rng.integers(ANSWERS, size={{ size }})
target[0] = 0  # the first sentence is about France
"""
        + SCRIPT_FILLERS
        + """\
sentences = [
    ["I", "went", "to", COUNTRIES[answer], *(FILLERS[i] for i in row), "I", "speak"]
    for answer, row in zip(target, fillers)
]"""
    )

    gap: int = whole(22, 0, 200, "Filler words in between", "Words between the country and “I speak”.")
    mixed: bool = flag(False, "Train on mixed gaps", "Train on every gap from 1 up to this one; test at this one.")
    fillers: str = words("", "Your own filler words", HELP_FILLERS)

    def _vocabulary(self) -> dict[str, int]:
        return numbered(["I", "went", "to", "speak"], list(COUNTRIES), pool(self.fillers, TRAVEL))

    def shape(self) -> Shape:
        """One answer per country."""
        return Shape(len(self._vocabulary()), 0, tuple(COUNTRIES.values()), 6 + self.gap)

    def draw(self, rng: np.random.Generator, size: int, seed: int, *, training: bool) -> Batch:
        """Sentences of 6 + gap words; the first is about France."""
        gap, numbers = training_gap(rng, self.gap, self.mixed, training), self._vocabulary()
        targets = rng.integers(len(COUNTRIES), size=size)
        targets[:1] = 0
        fillers = fill(rng, pool(self.fillers, TRAVEL), numbers, size, gap)
        country = np.array([numbers[word] for word in COUNTRIES])[targets]
        inputs, words = sentences(numbers, size, "I", "went", "to", country, fillers, "I", "speak")
        return Batch(inputs, targets, words, cue=3)
