"""What a guess gets, where the answer stands in the inputs, and nowhere else: counted, not taken from the tasks' word."""

import numpy as np
import pytest
from numpy import ndarray

import core
from core.tasks import TASKS
from core.tasks.base import TOLERANCE, Batch

MANY = 6000
SHORT = {
    "france": core.France(gap=5),
    "waswere": core.WasWere(gap=5, attractors=2),
    "roles": core.Roles(gap=5, attractors=2),
    "order": core.TemporalOrder(length=20),
    "copy": core.Copy(symbols=2, pause=2),
    "parity": core.Parity(length=4),
    "adding": core.Adding(length=6),
    "latch": core.Latch(length=4),
    "noise": core.Noise(length=4, inputs=1),
    "blobs": core.Blobs(),
}
WORDS = [name for name, task in SHORT.items() if task.shape().vocabulary]


def drawn(task: object, size: int = MANY) -> Batch:
    """Without the first example, which is made to be shown."""
    batch = task.draw(np.random.default_rng(1), size + 1, 0, training=False)
    return Batch(batch.inputs[1:], batch.targets[1:], batch.words, batch.cue, batch.matters)


def entropy(targets: ndarray) -> float:
    """Of the distribution of classes, in nats."""
    share = np.unique(targets, return_counts=True)[1] / len(targets)
    return float(-(share * np.log(share)).sum())


def test_all_tasks_are_looked_at() -> None:
    assert set(SHORT) == set(TASKS)


@pytest.mark.parametrize("name", [name for name in SHORT if name != "adding"])
def test_chance_is_the_share_of_the_commonest_answer(name: str) -> None:
    """Of the target that matters."""
    task = SHORT[name]
    batch = drawn(task)
    targets = batch.targets[:, list(batch.matters)].ravel() if batch.matters else batch.targets
    _, counts = np.unique(targets, return_counts=True)
    assert counts.max() / len(targets) == pytest.approx(task.shape().chance, abs=0.025)


@pytest.mark.parametrize("name", [name for name in SHORT if name not in ("adding", "blobs", "noise", "latch")])
def test_chance_loss_is_what_remains_without_memory(name: str) -> None:
    """The uncertainty about each step's target when only that step's word is known, averaged over the targets."""
    task = SHORT[name]
    batch = drawn(task)
    targets = batch.targets if batch.targets.ndim == 2 else np.where(batch.mask, batch.targets[:, None], -1)
    unknown = []
    for words, asked in zip(batch.inputs.T, targets.T, strict=True):
        if (asked >= 0).any():
            unknown.append(sum((words == word).mean() * entropy(asked[words == word]) for word in np.unique(words)))
    assert np.mean(unknown) == pytest.approx(task.shape().chance_loss, rel=0.01)


@pytest.mark.parametrize("name", ["noise", "latch", "blobs"])
def test_chance_loss_of_classes(name: str) -> None:
    """ln of their number."""
    assert SHORT[name].shape().chance_loss == pytest.approx(entropy(drawn(SHORT[name]).targets), rel=0.01)


def test_the_best_constant_guess_when_adding() -> None:
    """No constant comes nearer to the sums, in the mean square or within the tolerance."""
    shape, targets = SHORT["adding"].shape(), drawn(SHORT["adding"], 40_000).targets
    constants = np.linspace(0, 2, 201)
    within = [(np.abs(targets - constant) < TOLERANCE).mean() for constant in constants]
    square = [((targets - constant) ** 2).mean() for constant in constants]
    assert min(square) == pytest.approx(shape.chance_loss, rel=0.02)
    assert shape.chance_loss == pytest.approx(0.1667, abs=1e-4)
    assert constants[np.argmin(square)] == pytest.approx(1, abs=0.02)
    assert max(within) == pytest.approx(shape.chance, abs=0.008)
    assert within[100] == pytest.approx(shape.chance, abs=0.004)


# --- where the answer stands -------------------------------------------------------------------------------------------

# positions whose word, by itself, tells something of the target at the last step
TELLING = {
    "france": {3},
    "waswere": {1, 3},  # the noun, and the first verb that agrees with it
    "roles": {1, 3},
    "order": {2, 3, 10, 11},  # the second and the sixth tenth of 20
    "copy": {1},  # the last question mark asks for the last symbol
    "parity": set(),
}


@pytest.mark.parametrize("name", WORDS)
def test_only_the_cue_tells(name: str) -> None:
    """The best guess from one word, learned on half of the examples, is tested on the others: fillers do not help."""
    batch = drawn(SHORT[name])
    targets = batch.targets[:, -1] if batch.targets.ndim == 2 else batch.targets
    half = MANY // 2
    chance = np.unique(targets, return_counts=True)[1].max() / MANY
    telling = set()
    for position, words in enumerate(batch.inputs.T):
        best = np.zeros(words.max() + 1, dtype=int)
        for word in np.unique(words[:half]):
            best[word] = np.bincount(targets[:half][words[:half] == word]).argmax()
        right = (best[words[half:]] == targets[half:]).mean()
        if right > chance + 4 * np.sqrt(chance * (1 - chance) / half):
            telling.add(position)
    assert telling == TELLING[name]
    assert batch.cue in TELLING[name] or name in ("parity", "copy")


def test_the_cue_decides_alone_where_there_is_one() -> None:
    """France, was/were: one answer per word at the cue, and every answer has one."""
    for name in ("france", "waswere"):
        batch = drawn(SHORT[name])
        words = batch.inputs[:, batch.cue]
        assert {len(set(batch.targets[words == word])) for word in set(words)} == {1}
        assert len(set(batch.targets)) == SHORT[name].shape().outputs


def test_only_marked_numbers_are_added() -> None:
    """The sum is correlated with marked numbers (by 1/√2) and not with others."""
    batch = drawn(SHORT["adding"])
    values, marks = batch.inputs[..., 0], batch.inputs[..., 1]
    for t in range(6):
        marked = marks[:, t] == 1
        assert np.corrcoef(values[marked, t], batch.targets[marked])[0, 1] == pytest.approx(np.sqrt(0.5), abs=0.06)
        assert np.corrcoef(values[~marked, t], batch.targets[~marked])[0, 1] == pytest.approx(0, abs=0.06)
        assert np.corrcoef(marks[:, t], batch.targets)[0, 1] == pytest.approx(0, abs=0.06)


def test_only_the_first_number_is_latched() -> None:
    """Later ones have nothing to do with the answer."""
    batch = drawn(SHORT["latch"])
    along = [np.corrcoef(batch.inputs[:, t, 0], batch.targets)[0, 1] for t in range(4)]
    assert along == pytest.approx([1, 0, 0, 0], abs=0.06)
