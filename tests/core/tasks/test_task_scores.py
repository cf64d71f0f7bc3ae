"""Scores and masks of batches, counted one by one."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.tasks.base import Batch


@given(st.integers(0, 99), st.integers(2, 6), st.integers(1, 5), st.integers(2, 5))
def test_scores_are_counted_right(seed: int, size: int, steps: int, answers: int) -> None:
    """Against counting one by one: a class at the last step, a class at some steps, a number."""
    rng = np.random.default_rng(seed)
    inputs = rng.integers(3, size=(size, steps))
    logits, classes = rng.standard_normal((size, answers)), rng.integers(answers, size=size)
    right = [max(range(answers), key=lambda k: row[k]) == answer for row, answer in zip(logits, classes, strict=True)]
    score = Batch(inputs, classes).score(logits)
    assert score.accuracy == pytest.approx(sum(right) / size) and np.isnan(score.local)

    every, asked = rng.standard_normal((steps, size, answers)), rng.integers(-1, answers, size=(size, steps))
    matters = tuple(sorted({0, steps - 1}))
    counts = {True: [], False: []}
    for i in range(size):
        for t in range(steps):
            if asked[i, t] >= 0:
                counts[t in matters].append(int(np.argmax(every[t, i])) == asked[i, t])
    score = Batch(inputs, asked, matters=matters).score(every)
    for share, kind in ((score.accuracy, True), (score.local, False)):
        assert share == pytest.approx(sum(counts[kind]) / len(counts[kind]) if counts[kind] else np.nan, nan_ok=True)

    numbers, said = rng.random(size), rng.random((size, 1))
    said[0] = numbers[0] + 0.0399
    near = [abs(a - b) < 0.04 for a, b in zip(said[:, 0], numbers, strict=True)]
    score = Batch(inputs[..., None].astype(float), numbers).score(said)
    assert score.accuracy == pytest.approx(sum(near) / size) and np.isnan(score.local)
    assert near[0]


def test_masks_say_where_the_loss_is_taken() -> None:
    """At the last step; where there is a class; for each point."""
    words, vectors = np.zeros((3, 4), dtype=int), np.zeros((3, 4, 2))
    last = [[False, False, False, True]] * 3
    assert Batch(words, np.zeros(3, dtype=int)).mask.tolist() == last
    assert Batch(vectors, np.zeros(3)).mask.tolist() == last
    assert Batch(words, np.array([[0, -1, 2, -1]] * 3)).mask.tolist() == [[True, False, True, False]] * 3
    assert Batch(vectors[:, 0], np.zeros(3, dtype=int)).mask.tolist() == [True] * 3
