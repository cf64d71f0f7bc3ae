"""Sentences are drawn as integer arrays; the oracle here writes them out word by word, with the same random numbers."""

from collections.abc import Sequence

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

import core
from core.tasks.language import ADJECTIVES, COUNTRIES, NOUNS, TRAVEL

Rows = list[list[str]]
POOLS = st.sampled_from(["", "one", "Spain cats speak which", "was were , the", "a b c d e"])


def filled(rng: np.random.Generator, pool: list[str], size: int, gap: int) -> Rows:
    """The first row in natural order, the others drawn freely."""
    drawn = rng.integers(len(pool), size=(size, gap))
    drawn[:1] = np.arange(gap) % len(pool)
    return [[pool[i] for i in row] for row in drawn]


def gap_of(task: core.France | core.WasWere, rng: np.random.Generator, training: bool) -> int:
    return int(rng.integers(1, task.gap + 1)) if task.mixed and training and task.gap > 1 else task.gap


def france(task: core.France, rng: np.random.Generator, size: int, training: bool) -> tuple[Rows, np.ndarray]:
    """Sentences and targets, one word after the other."""
    gap = gap_of(task, rng, training)
    targets = rng.integers(8, size=size)
    targets[:1] = 0
    fillers = filled(rng, (task.fillers or TRAVEL).split(), size, gap)
    countries = list(COUNTRIES)
    return [
        ["I", "went", "to", countries[t], *own, "I", "speak"] for t, own in zip(targets, fillers, strict=True)
    ], targets


def waswere(task: core.WasWere, rng: np.random.Generator, size: int, training: bool) -> tuple[Rows, np.ndarray]:
    """Sentences and targets, one word and one attractor after the other."""
    gap = gap_of(task, rng, training)
    targets, which = rng.integers(2, size=size), rng.integers(6, size=size)
    targets[:1], which[:1] = 1, 0
    fillers = filled(rng, (task.fillers or ADJECTIVES).split(), size, gap)
    nouns = (list(NOUNS), list(NOUNS.values()))
    many = min(task.attractors, gap)
    rows = []
    for row, (target, noun, own) in enumerate(zip(targets, which, fillers, strict=True)):
        for i in range(many):
            drawn = nouns[rng.integers(2)][rng.integers(6)]
            own[(2 * i + 1) * gap // (2 * many)] = drawn if row else nouns[i % 2][(i + 1) % 6]
        rows.append(["the", nouns[target][noun], "which", ("was", "were")[target], *own, ","])
    return rows, targets


def numbers(*groups: Sequence[str]) -> dict[str, int]:
    """Words numbered as they come."""
    return {word: i for i, word in enumerate(dict.fromkeys(word for group in groups for word in group))}


def agrees(
    task: core.France | core.WasWere, rows: Rows, targets: np.ndarray, known: dict[str, int], batch: core.Batch
) -> None:
    assert batch.inputs.tolist() == [[known[word] for word in row] for row in rows]
    assert batch.words == tuple(rows[0])
    assert batch.targets.tolist() == targets.tolist()
    assert task.shape().vocabulary == len(known)


@given(st.integers(0, 12), st.booleans(), POOLS, st.integers(1, 9), st.integers(0, 99), st.booleans())
def test_france_is_what_it_was_word_by_word(
    gap: int, mixed: bool, own: str, size: int, seed: int, training: bool
) -> None:
    """Equal to the oracle, random number by random number: old links show what they showed."""
    task = core.France(gap=gap, mixed=mixed, fillers=own)
    rows, targets = france(task, np.random.default_rng(seed), size, training)
    known = numbers(["I", "went", "to", "speak"], COUNTRIES, (own or TRAVEL).split())
    agrees(task, rows, targets, known, task.draw(np.random.default_rng(seed), size, 0, training=training))


@given(
    st.integers(0, 12), st.booleans(), st.integers(0, 8), POOLS, st.integers(1, 9), st.integers(0, 99), st.booleans()
)
def test_was_were_is_what_it_was_word_by_word(
    gap: int, mixed: bool, attractors: int, own: str, size: int, seed: int, training: bool
) -> None:
    """Equal to the oracle, also in the attractors, which are drawn in one go."""
    task = core.WasWere(gap=gap, mixed=mixed, attractors=attractors, fillers=own)
    rows, targets = waswere(task, np.random.default_rng(seed), size, training)
    known = numbers(["the", "which", "was", "were", ","], NOUNS, NOUNS.values(), (own or ADJECTIVES).split())
    agrees(task, rows, targets, known, task.draw(np.random.default_rng(seed), size, 0, training=training))
