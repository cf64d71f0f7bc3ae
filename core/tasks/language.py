"""Sentences whose last word is decided by a word far back.

France:   I went to Spain  and met some kind people …  I speak ___        → Spanish   (8 answers, chance 1/8)
was/were: the cats which were  grey and happy and …  , ___                → were      (2 answers, chance 1/2)
roles:    the same sentence, a word asked for at every step                  → le chats were étaient gris … were

The words in between carry no information. With ``gap`` = 2 an example of each, word by word:
    I went to Spain and met I speak        cue "Spain" at position 3, read-out after "speak" (position 7): 4 words back
    the cats which were grey and ,         cue "cats" at position 1, read-out after "," (position 6): 5 words back
    le chats were étaient gris et were     what roles asks for at each of these words: its translation, which needs no memory,
                                           but after "which" and "," the verb, 1 and 5 words after its noun

The first example of every batch has its filler words in their natural order, to be shown; the others draw them freely,
so that a network cannot learn the answer from the fillers.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np

from ..fields import Spec, flag, whole, words
from .base import Batch, Shape

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
FRENCH = (
    "the/le which/qui was/était were/étaient cat/chat cats/chats dog/chien dogs/chiens horse/cheval "
    "horses/chevaux child/enfant children/enfants bird/oiseau birds/oiseaux friend/ami friends/amis and/et grey/gris "
    "happy/heureux small/petit old/vieux quick/rapide shy/timide soft/doux loud/bruyant wild/sauvage calm/calme"
)
TRANSLATION = dict(pair.split("/") for pair in FRENCH.split())
FIRST_VERB = 2  # the step “which”, after which the first was or were comes
HELP_FILLERS = "They replace the built-in ones. Any words, any language."


def _pool(own: str, built_in: str) -> list[str]:
    return (own or built_in).split()


def _numbered(*groups: Sequence[str]) -> dict[str, int]:
    """Word → number, in order of first appearance."""
    return {word: i for i, word in enumerate(dict.fromkeys(word for group in groups for word in group))}


def _fill(rng: np.random.Generator, pool: list[str], numbers: dict[str, int], size: int, gap: int) -> np.ndarray:
    """Word numbers of ``size`` rows of ``gap`` fillers: the first in natural order, the others drawn freely."""
    drawn = rng.integers(len(pool), size=(size, gap))
    drawn[:1] = np.arange(gap) % len(pool)
    return np.array([numbers[word] for word in pool])[drawn]


def _training_gap(rng: np.random.Generator, gap: int, mixed: bool, training: bool) -> int:
    """One gap for a whole batch, so that no padding is needed."""
    return int(rng.integers(1, gap + 1)) if mixed and training and gap > 1 else gap


def _sentences(numbers: dict[str, int], size: int, *parts: str | np.ndarray) -> tuple[np.ndarray, tuple[str, ...]]:
    """Word numbers (size, T) out of words that all rows share and columns of numbers; and the first row as words."""
    columns = [np.full((size, 1), numbers[part]) if isinstance(part, str) else part.reshape(size, -1) for part in parts]
    inputs, words = np.concatenate(columns, 1), list(numbers)
    return inputs, tuple(words[i] for i in inputs[0])


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
        return Shape(len(self._vocabulary()), 0, tuple(COUNTRIES.values()), 6 + self.gap)

    def draw(self, rng: np.random.Generator, size: int, seed: int, *, training: bool) -> Batch:
        """Sentences of 6 + gap words; the first is about France."""
        gap, numbers = _training_gap(rng, self.gap, self.mixed, training), self._vocabulary()
        targets = rng.integers(len(COUNTRIES), size=size)
        targets[:1] = 0
        fillers = _fill(rng, _pool(self.fillers, TRAVEL), numbers, size, gap)
        country = np.array([numbers[word] for word in COUNTRIES])[targets]
        inputs, words = _sentences(numbers, size, "I", "went", "to", country, fillers, "I", "speak")
        return Batch(inputs, targets, words, cue=3)


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
        return Shape(len(self._vocabulary()), 0, ("was", "were"), 5 + self.gap)

    def draw(self, rng: np.random.Generator, size: int, seed: int, *, training: bool) -> Batch:
        """Sentences of 5 + gap words; the first is about cats."""
        gap, numbers = _training_gap(rng, self.gap, self.mixed, training), self._vocabulary()
        targets = rng.integers(2, size=size)
        which = rng.integers(len(NOUNS), size=size)
        targets[:1], which[:1] = 1, 0
        fillers = _fill(rng, _pool(self.fillers, ADJECTIVES), numbers, size, gap)
        nouns = np.array([[numbers[noun] for noun in kind] for kind in (NOUNS, NOUNS.values())])
        nouns_in_gap = min(self.attractors, gap)
        places = [(2 * i + 1) * gap // (2 * nouns_in_gap) for i in range(nouns_in_gap)]
        number, other = np.moveaxis(rng.integers([2, len(NOUNS)], size=(size, nouns_in_gap, 2)), -1, 0)
        # the sentence that is shown is the same in every batch, and its attractors are of the other number first
        number[:1], other[:1] = np.arange(nouns_in_gap) % 2, (np.arange(nouns_in_gap) + 1) % len(NOUNS)
        fillers[:, places] = nouns[number, other]
        verb = np.array([numbers["was"], numbers["were"]])[targets]
        inputs, words = _sentences(numbers, size, "the", nouns[targets, which], "which", verb, fillers, ",")
        return Batch(inputs, targets, words, cue=1)


@dataclass(frozen=True)
class Roles(WasWere):
    """Was or were with a target at every step: translate the word just read; at “which” and “,” say was or were."""

    name: ClassVar[str] = "roles"
    label: ClassVar[str] = "Two roles: translate, and remember"
    lesson: ClassVar[str] = (
        "Most words need only the word just read, the last verb needs the noun: two roles for the same weights."
    )

    gap: int = whole(10, 0, 200, "Words in between", "Words between “which was/were” and the blank.")

    def _answers(self) -> dict[str, int]:
        return _numbered(["was", "were"], [TRANSLATION.get(word, word) for word in self._vocabulary()])

    def shape(self) -> Shape:
        """was, were and the translations; without memory two verbs are guessed, and right half of the time."""
        steps = 5 + self.gap
        guess_loss = 2 * float(np.log(2)) / steps
        return Shape(len(self._vocabulary()), 0, tuple(self._answers()), steps, guess=0.5, guess_loss=guess_loss)

    def draw(self, rng: np.random.Generator, size: int, seed: int, *, training: bool) -> Batch:
        """The same sentences as was/were; what matters is the last verb."""
        batch, answers = super().draw(rng, size, seed, training=training), self._answers()
        translated = np.array([answers[TRANSLATION.get(word, word)] for word in self._vocabulary()])
        targets = translated[batch.inputs]
        targets[:, FIRST_VERB] = targets[:, -1] = batch.targets
        return replace(batch, targets=targets, matters=(targets.shape[1] - 1,))
