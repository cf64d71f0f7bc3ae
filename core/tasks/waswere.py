"""Was or were: the noun at the start of a sentence decides the verb at its end. And the same with a target at every step."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np

from ..fields import flag, whole, words
from .base import Batch, Shape, Task
from .language import (
    ADJECTIVES,
    FIRST_VERB,
    FRENCH,
    HELP_FILLERS,
    NOUNS,
    SCRIPT_FILLERS,
    SCRIPT_GAP,
    TRANSLATION,
    fill,
    numbered,
    pool,
    sentences,
    training_gap,
)


@dataclass(frozen=True)
class WasWere(Task):
    """“The *cats* which were … ___”: the noun's number decides was or were.

    Attractors are other nouns, singular or plural at random, spread evenly over the gap in place of filler words.
    """

    name: ClassVar[str] = "waswere"
    label: ClassVar[str] = "was or were?"
    lesson: ClassVar[str] = "The noun at the start decides; nouns in between (attractors) may mislead."
    gives: ClassVar[str] = "sequences"
    script_lists: ClassVar[Mapping[str, Iterable[str]]] = {
        "SINGULAR": NOUNS,
        "PLURAL": NOUNS.values(),
        "FILLERS": ADJECTIVES.split(),
    }
    script_lexicon: ClassVar[str] = """\
NOUNS = [SINGULAR, PLURAL]
vocabulary = dict.fromkeys(  # each word once
    ["the", "which", "was", "were", ",", *SINGULAR, *PLURAL, *FILLERS]
)
"""
    script: ClassVar[str] = (
        SCRIPT_GAP
        + """\
target = rng.integers(2, size={{ size }})
nouns = rng.integers(len(SINGULAR), size={{ size }})
target[0], nouns[0] = 1, 0  # the first sentence is about cats
"""
        + SCRIPT_FILLERS
        + """\
{% set attractors = task.attractors and task.gap %}
{% if attractors %}
nouns_in_gap = min(ATTRACTORS, {{ gap }})
places = [(2 * i + 1) * {{ gap }} // (2 * nouns_in_gap) for i in range(nouns_in_gap)]
{% endif %}
sentences = []
for answer, noun, row in zip(target, nouns, fillers):
    between = [FILLERS[i] for i in row]
{% if attractors %}
    for i, place in enumerate(places):  # nouns that may mislead; the first sentence has fixed ones
        other = NOUNS[rng.integers(2)][rng.integers(len(SINGULAR))]
        between[place] = other if sentences else NOUNS[i % 2][(i + 1) % len(SINGULAR)]
{% endif %}
    sentences.append(["the", NOUNS[answer][noun], "which", ["was", "were"][answer], *between, ","])
"""
    )

    gap: int = whole(15, 0, 200, "Words in between", "Words between “which was/were” and the blank.")
    mixed: bool = flag(False, "Train on mixed gaps", "Train on every gap from 1 up to this one; test at this one.")
    attractors: int = whole(0, 0, 8, "Attractor nouns", "Nouns in between that may be of the other number.")
    fillers: str = words("", "Your own filler words", HELP_FILLERS)

    def _vocabulary(self) -> dict[str, int]:
        nouns = [*NOUNS, *NOUNS.values()]
        return numbered(["the", "which", "was", "were", ","], nouns, pool(self.fillers, ADJECTIVES))

    def shape(self) -> Shape:
        """Two answers."""
        return Shape(len(self._vocabulary()), 0, ("was", "were"), 5 + self.gap)

    def draw(self, rng: np.random.Generator, size: int, seed: int, *, training: bool) -> Batch:
        """Sentences of 5 + gap words; the first is about cats."""
        gap, numbers = training_gap(rng, self.gap, self.mixed, training), self._vocabulary()
        targets = rng.integers(2, size=size)
        which = rng.integers(len(NOUNS), size=size)
        targets[:1], which[:1] = 1, 0
        fillers = fill(rng, pool(self.fillers, ADJECTIVES), numbers, size, gap)
        nouns = np.array([[numbers[noun] for noun in kind] for kind in (NOUNS, NOUNS.values())])
        nouns_in_gap = min(self.attractors, gap)
        places = [(2 * i + 1) * gap // (2 * nouns_in_gap) for i in range(nouns_in_gap)]
        number, other = np.moveaxis(rng.integers([2, len(NOUNS)], size=(size, nouns_in_gap, 2)), -1, 0)
        # the sentence that is shown is the same in every batch, and its attractors are of the other number first
        number[:1], other[:1] = np.arange(nouns_in_gap) % 2, (np.arange(nouns_in_gap) + 1) % len(NOUNS)
        fillers[:, places] = nouns[number, other]
        verb = np.array([numbers["was"], numbers["were"]])[targets]
        inputs, words = sentences(numbers, size, "the", nouns[targets, which], "which", verb, fillers, ",")
        return Batch(inputs, targets, words, cue=1)


@dataclass(frozen=True)
class Roles(WasWere):
    """Was or were with a target at every step: translate the word just read; at “which” and “,” say was or were."""

    name: ClassVar[str] = "roles"
    label: ClassVar[str] = "Two roles: translate, and remember"
    lesson: ClassVar[str] = (
        "Most words need only the word just read, the last verb needs the noun: two roles for the same weights."
    )
    script_lists: ClassVar[Mapping[str, Iterable[str]]] = {
        "SINGULAR": NOUNS,
        "PLURAL": NOUNS.values(),
        "FRENCH": FRENCH.split(),
        "FILLERS": ADJECTIVES.split(),
    }
    script_lexicon: ClassVar[str] = (
        WasWere.script_lexicon
        + """\
french = dict(pair.split("/") for pair in FRENCH)
translated = {word: french.get(word, word) for word in vocabulary}
answers = {word: i for i, word in enumerate(dict.fromkeys(["was", "were", *translated.values()]))}
"""
    )
    script: ClassVar[str] = (
        WasWere.script
        + """\
verbs = target
target = np.array([[answers[translated[word]] for word in sentence] for sentence in sentences])
target[:, 2] = target[:, -1] = verbs  # after "which" and at the end
"""
    )

    gap: int = whole(10, 0, 200, "Words in between", "Words between “which was/were” and the blank.")

    def _answers(self) -> dict[str, int]:
        return numbered(["was", "were"], [TRANSLATION.get(word, word) for word in self._vocabulary()])

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
