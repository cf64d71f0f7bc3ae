"""Two sentences whose last word is decided by a word far back.

France:   I went to Spain  and met some kind people …  I speak ___        → Spanish   (8 answers, chance 1/8)
was/were: the cats which were  grey and happy and …  , ___                → were      (2 answers, chance 1/2)

The words in between carry no information. With ``gap`` = 2 an example of each, word by word:
    I went to Spain and met I speak        cue "Spain" at position 3, read-out after "speak" (position 7): 4 words back
    the cats which were grey and ,         cue "cats" at position 1, read-out after "," (position 6): 5 words back
The first example of every batch has its filler words in their natural order, to be shown; the others draw them freely,
so that a network cannot learn the answer from the fillers.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from core.fields import Spec, flag, whole, words
from core.tasks.base import Batch, Shape

COUNTRIES = {
    "France": "French",
    "Spain": "Spanish",
    "Italy": "Italian",
    "Germany": "German",
    "Greece": "Greek",
    "Japan": "Japanese",
    "Russia": "Russian",
    "China": "Chinese",
}
TRAVEL = (
    "and met some kind people who took me to the sea and we ate well and slept late and walked for hours "
    "until one day it was time to go home so now"
)
NOUNS = {"cat": "cats", "dog": "dogs", "horse": "horses", "child": "children", "bird": "birds", "friend": "friends"}
ADJECTIVES = "grey and happy and small and old and quick and shy and soft and loud and wild and calm"
HELP_FILLERS = "They replace the built-in ones. Any words, any language."


def _pool(own: str, built_in: str) -> list[str]:
    return (own or built_in).split()


def _numbered(*groups: Sequence[str]) -> dict[str, int]:
    """Word → number, in order of first appearance."""
    return {word: i for i, word in enumerate(dict.fromkeys(word for group in groups for word in group))}


def _fill(rng: np.random.Generator, pool: list[str], size: int, gap: int) -> list[list[str]]:
    """``size`` rows of ``gap`` filler words: the first in natural order, the others drawn freely."""
    drawn = rng.integers(len(pool), size=(size, gap))
    drawn[:1] = np.arange(gap) % len(pool)
    return [[pool[i] for i in row] for row in drawn]


def _training_gap(rng: np.random.Generator, gap: int, mixed: bool, training: bool) -> int:
    """One gap for a whole batch, so that no padding is needed."""
    return int(rng.integers(1, gap + 1)) if mixed and training and gap > 1 else gap


def _encode(rows: list[list[str]], numbers: dict[str, int]) -> np.ndarray:
    return np.array([[numbers[word] for word in row] for row in rows])


@dataclass(frozen=True)
class France(Spec):
    """“I went to *France* … I speak ___”: the country decides the language."""

    name: ClassVar[str] = "france"
    label: ClassVar[str] = "France → French"
    lesson: ClassVar[str] = "One early word decides the answer; every word after it is filler."
    gives: ClassVar[str] = "sequences"

    gap: int = whole(22, 0, 200, "Filler words in between", "Words between the country and “I speak”.")
    mixed: bool = flag(False, "Train on mixed gaps", "Train on every gap from 1 up to this one; test at this one.")
    fillers: str = words("", "Your own filler words", HELP_FILLERS)

    def _vocabulary(self) -> dict[str, int]:
        return _numbered(["I", "went", "to", "speak"], list(COUNTRIES), _pool(self.fillers, TRAVEL))

    def shape(self) -> Shape:
        """One answer per country."""
        return Shape(len(self._vocabulary()), 0, tuple(COUNTRIES.values()))

    def draw(self, rng: np.random.Generator, size: int, seed: int, *, training: bool) -> Batch:
        """Sentences of 6 + gap words; the first is about France."""
        gap = _training_gap(rng, self.gap, self.mixed, training)
        targets = rng.integers(len(COUNTRIES), size=size)
        targets[:1] = 0
        fillers = _fill(rng, _pool(self.fillers, TRAVEL), size, gap)
        countries = list(COUNTRIES)
        rows = [
            ["I", "went", "to", countries[target], *filler, "I", "speak"]
            for target, filler in zip(targets, fillers, strict=True)
        ]
        return Batch(_encode(rows, self._vocabulary()), targets, tuple(rows[0]), cue=3)


@dataclass(frozen=True)
class WasWere(Spec):
    """“The *cats* which were … ___”: the noun's number decides was or were.

    Attractors are other nouns, singular or plural at random, spread evenly over the gap in place of filler words.
    """

    name: ClassVar[str] = "waswere"
    label: ClassVar[str] = "was or were?"
    lesson: ClassVar[str] = "The noun at the start decides; nouns in between (attractors) may mislead."
    gives: ClassVar[str] = "sequences"

    gap: int = whole(15, 0, 200, "Words in between", "Words between “which was/were” and the blank.")
    mixed: bool = flag(False, "Train on mixed gaps", "Train on every gap from 1 up to this one; test at this one.")
    attractors: int = whole(0, 0, 8, "Attractor nouns", "Nouns in between that may be of the other number.")
    fillers: str = words("", "Your own filler words", HELP_FILLERS)

    def _vocabulary(self) -> dict[str, int]:
        nouns = [*NOUNS, *NOUNS.values()]
        return _numbered(["the", "which", "was", "were", ","], nouns, _pool(self.fillers, ADJECTIVES))

    def shape(self) -> Shape:
        """Two answers."""
        return Shape(len(self._vocabulary()), 0, ("was", "were"))

    def draw(self, rng: np.random.Generator, size: int, seed: int, *, training: bool) -> Batch:
        """Sentences of 5 + gap words; the first is about cats."""
        gap = _training_gap(rng, self.gap, self.mixed, training)
        targets = rng.integers(2, size=size)
        which = rng.integers(len(NOUNS), size=size)
        targets[:1], which[:1] = 1, 0
        fillers = _fill(rng, _pool(self.fillers, ADJECTIVES), size, gap)
        nouns = (list(NOUNS), list(NOUNS.values()))
        nouns_in_gap = min(self.attractors, gap)
        places = [(2 * i + 1) * gap // (2 * nouns_in_gap) for i in range(nouns_in_gap)]
        rows = []
        for row, (target, noun, filler) in enumerate(zip(targets, which, fillers, strict=True)):
            for i, place in enumerate(places):
                other = nouns[rng.integers(2)][rng.integers(len(NOUNS))]
                # the sentence that is shown is the same in every batch, and its attractors are of the other number first
                filler[place] = other if row else nouns[i % 2][(i + 1) % len(NOUNS)]
            rows.append(["the", nouns[target][noun], "which", ("was", "were")[target], *filler, ","])
        return Batch(_encode(rows, self._vocabulary()), targets, tuple(rows[0]), cue=1)
