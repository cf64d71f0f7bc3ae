"""Adding, temporal order, latch, copy and parity: answers recomputed from the inputs alone."""

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy import ndarray

import core
from core.tasks.base import Batch

SEEDS = st.integers(0, 99)


def drawn(task: object, seed: int = 0, size: int = 16) -> Batch:
    return task.draw(np.random.default_rng(seed), size, 0, training=True)


# --- worked examples: the docstrings' ----------------------------------------------------------------------------------


def added(inputs: ndarray) -> ndarray:
    """The sum of the marked numbers."""
    return np.array([sum(value for value, mark in row if mark == 1) for row in inputs])


def order(inputs: ndarray) -> list[str]:
    """The X's and Y's of each row, in turn."""
    return ["".join(letter for letter in ("abcdXY"[i] for i in row) if letter in "XY") for row in inputs]


def parity(inputs: ndarray) -> list[str]:
    return ["odd" if str(row.tolist()).count("1") % 2 else "even" for row in inputs]


def copied(inputs: ndarray) -> list[str]:
    """Row → what is asked for at each step (a space where nothing is)."""
    rows = ["".join("ABCDEFGH.?"[i] for i in row) for row in inputs]
    return [" " * row.index("?") + row[: row.count("?")] for row in rows]


def test_the_recomputations_do_the_docstrings_examples() -> None:
    """So that they are an oracle of what is promised, not of what is done."""
    numbers = np.array([[[0.3, 0], [0.8, 1], [0.1, 0], [0.5, 0], [0.2, 1], [0.9, 0]]])
    assert added(numbers).tolist() == [1.0]
    assert order(np.array([["abcdXY".index(letter) for letter in "bXcadYcabd"]])) == ["XY"]
    assert parity(np.array([[1, 0, 1, 1]])) == ["odd"]
    assert copied(np.array([["ABCDEFGH.?".index(symbol) for symbol in "CAF....???"]])) == ["       CAF"]


# --- each task against its recomputation -------------------------------------------------------------------------------


@given(st.integers(4, 40), SEEDS)
def test_adding(length: int, seed: int) -> None:
    """One mark in each half, numbers in 0 … 1, the answer their sum; a star in the shown words at each mark."""
    batch = drawn(core.Adding(length=length), seed)
    values, marks = batch.inputs[..., 0], batch.inputs[..., 1]
    assert set(marks.flat) == {0, 1}
    assert (marks[:, : length // 2].sum(1) == 1).all() and (marks[:, length // 2 :].sum(1) == 1).all()
    assert values.min() >= 0 and values.max() < 1
    np.testing.assert_allclose(batch.targets, added(batch.inputs), rtol=1e-15)
    assert [float(word.strip("*")) for word in batch.words] == pytest.approx(values[0], abs=0.0501)
    assert [i for i, word in enumerate(batch.words) if word.endswith("*")] == np.flatnonzero(marks[0]).tolist()
    assert batch.cue == np.flatnonzero(marks[0])[0] == 0
    assert batch.mask[:, -1].all() and batch.mask.sum() == len(batch.inputs)


@given(st.integers(5, 60), SEEDS)
def test_temporal_order(length: int, seed: int) -> None:
    """Two of X and Y among a, b, c, d: one in the second tenth, one in the sixth."""
    task = core.TemporalOrder(length=length)
    batch = drawn(task, seed)
    assert [task.shape().answers[t] for t in batch.targets] == order(batch.inputs)
    for row in batch.inputs:
        first, second = np.flatnonzero(row >= 4)
        assert length // 10 <= first < max(length / 5, length // 10 + 1)
        assert length // 2 <= second < max(length * 3 / 5, length // 2 + 1)
    assert "".join(batch.words) == "".join("abcdXY"[i] for i in batch.inputs[0])
    assert batch.cue == re.search("[XY]", "".join(batch.words)).start() == length // 10


@given(st.integers(2, 40), st.floats(0, 2), SEEDS)
def test_latch(length: int, noise: float, seed: int) -> None:
    """The first number is +1 or −1 and says the answer."""
    task = core.Latch(length=length, noise=noise)
    batch = drawn(task, seed)
    assert batch.inputs.shape == (16, length, 1) and batch.cue == 0
    assert set(batch.inputs[:, 0].flat) <= {-1.0, 1.0}
    assert [task.shape().answers[t] for t in batch.targets] == [
        "+1" if value > 0 else "−1" for value in batch.inputs[:, 0, 0]
    ]
    shown = [float(word.replace("−", "-")) for word in batch.words]
    assert shown == pytest.approx(batch.inputs[0, :, 0], abs=0.0501)
    assert not {"-0.0", "−0.0"} & set(batch.words)


def test_latch_noise_is_normal_of_the_given_width() -> None:
    """Mean 0, standard deviation ``noise``, the same for both answers."""
    batch = drawn(core.Latch(length=200, noise=0.7), size=400)
    for answer in (0, 1):
        noise = batch.inputs[batch.targets == answer, 1:]
        assert noise.mean() == pytest.approx(0, abs=0.02)
        assert noise.std() == pytest.approx(0.7, abs=0.02)


@given(st.integers(1, 6), st.integers(0, 9), SEEDS)
def test_copy(symbols: int, pause: int, seed: int) -> None:
    """At the question marks, and nowhere else, what was heard is asked for; all of it matters."""
    task = core.Copy(symbols=symbols, pause=pause)
    batch = drawn(task, seed)
    asked = ["".join("ABCDEFGH"[t] if t >= 0 else " " for t in row) for row in batch.targets]
    assert asked == copied(batch.inputs)
    shown = "".join(batch.words)
    assert shown == "".join("ABCDEFGH.?"[i] for i in batch.inputs[0])
    assert re.fullmatch(f"[A-H]{{{symbols}}}[.]{{{pause}}}[?]{{{symbols}}}", shown)
    assert batch.matters == tuple(np.flatnonzero(batch.mask[0])) and batch.cue == 0
    assert (batch.mask == (batch.inputs == 9)).all()


@given(st.integers(1, 40), SEEDS)
def test_parity(length: int, seed: int) -> None:
    """Any single bit turned over turns the answer over."""
    task = core.Parity(length=length)
    batch = drawn(task, seed)
    answers = [task.shape().answers[t] for t in batch.targets]
    assert answers == parity(batch.inputs)
    assert "".join(batch.words) == "".join(map(str, batch.inputs[0])) and batch.cue == 0
    for position in (0, length // 2, length - 1):
        turned = batch.inputs.copy()
        turned[:, position] ^= 1
        assert all(new != old for new, old in zip(parity(turned), answers, strict=True))


# --- they can be learned, through the whole of training ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("task", "network", "reached"),
    [
        (core.Adding(length=6), core.Recurrent(cell="gru"), 0.5),
        (core.TemporalOrder(length=10), core.Recurrent(), 0.95),
        (core.Latch(length=5), core.Recurrent(hidden=8), 0.95),
        (core.Copy(symbols=1, pause=1), core.Recurrent(), 0.95),
        (core.Parity(length=2), core.Recurrent(), 0.95),
        (core.Roles(gap=0), core.Recurrent(), 0.95),
    ],
    ids=lambda value: getattr(value, "name", ""),
)
def test_short_ones_are_learned(task: object, network: core.Recurrent, reached: float) -> None:
    """Targets, loss and score mean the same: within 400 steps the short versions are solved, far from guessing."""
    training = core.Training(steps=400, learning_rate=1e-2, film_every=400)
    run = core.advance(core.start(core.Experiment(network, task, training)), 400)
    first, last = run.film
    assert last.accuracy >= reached > task.shape().chance + 0.4
    assert last.loss < 0.25 * task.shape().chance_loss < first.loss


def test_the_plain_rnn_latches_ten_steps_and_not_thirty() -> None:
    """And an LSTM that remembers by default does thirty."""

    def accuracy(network: core.Recurrent, length: int) -> float:
        training = core.Training(steps=300, film_every=300)
        experiment = core.Experiment(network, core.Latch(length=length), training)
        return core.advance(core.start(experiment), 300).accuracy

    assert accuracy(core.Recurrent(hidden=8), 10) > 0.95
    assert accuracy(core.Recurrent(hidden=8), 30) == pytest.approx(0.5, abs=0.12)
    assert accuracy(core.Recurrent(cell="lstm", forget_bias=3.0, hidden=8), 30) > 0.95
