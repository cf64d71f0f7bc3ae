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

import numpy as np

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


def pool(own: str, built_in: str) -> list[str]:
    return (own or built_in).split()


def numbered(*groups: Sequence[str]) -> dict[str, int]:
    """Word → number, in order of first appearance."""
    return {word: i for i, word in enumerate(dict.fromkeys(word for group in groups for word in group))}


def fill(rng: np.random.Generator, pool: list[str], numbers: dict[str, int], size: int, gap: int) -> np.ndarray:
    """Word numbers of ``size`` rows of ``gap`` fillers: the first in natural order, the others drawn freely."""
    drawn = rng.integers(len(pool), size=(size, gap))
    drawn[:1] = np.arange(gap) % len(pool)
    return np.array([numbers[word] for word in pool])[drawn]


def training_gap(rng: np.random.Generator, gap: int, mixed: bool, training: bool) -> int:
    """One gap for a whole batch, so that no padding is needed."""
    return int(rng.integers(1, gap + 1)) if mixed and training and gap > 1 else gap


def sentences(numbers: dict[str, int], size: int, *parts: str | np.ndarray) -> tuple[np.ndarray, tuple[str, ...]]:
    """Word numbers (size, T) out of words that all rows share and columns of numbers; and the first row as words."""
    columns = [np.full((size, 1), numbers[part]) if isinstance(part, str) else part.reshape(size, -1) for part in parts]
    inputs, words = np.concatenate(columns, 1), list(numbers)
    return inputs, tuple(words[i] for i in inputs[0])


# what the tasks of this kind have in common in an exported script
SCRIPT_GAP = """\
{% set mixed = training and task.mixed and task.gap > 1 %}
{% set gap = "gap" if mixed else "GAP" %}
{% if mixed %}
gap = int(rng.integers(1, GAP + 1)) if training else GAP  # the same in all sentences of a batch
{% endif %}
"""
SCRIPT_FILLERS = """\
fillers = rng.integers(len(FILLERS), size=({{ size }}, {{ gap }}))
fillers[0] = np.arange({{ gap }}) % len(FILLERS)  # in their natural order in the sentence that is shown
"""
