"""Tasks: the sentences are what the docstrings say, and batches are pure functions."""

import dataclasses

import numpy as np
import pytest

import core
from core.tasks import TASKS
from core.tasks.language import ADJECTIVES, COUNTRIES, NOUNS, TRAVEL

SENTENCES = [core.France(gap=9), core.WasWere(gap=9), core.WasWere(gap=9, attractors=3)]


def batch_of(task: core.France | core.WasWere, step: int = 0, size: int = 64, seed: int = 0) -> core.Batch:
    """A training batch."""
    return core.sample(core.Experiment(task=task, seed=seed), step, size)


def sentences(task: core.France | core.WasWere, batch: core.Batch) -> list[list[str]]:
    """Word numbers read back with the task's vocabulary."""
    words = {number: word for word, number in task._vocabulary().items()}
    return [[words[number] for number in row] for row in batch.inputs]


@pytest.mark.parametrize(
    ("task", "sentence", "cue", "word", "answer"),
    [
        (core.France(gap=2), "I went to France and met I speak", 3, "France", "French"),
        (core.WasWere(gap=2), "the cats which were grey and ,", 1, "cats", "were"),
    ],
)
def test_worked_examples(task: core.France | core.WasWere, sentence: str, cue: int, word: str, answer: str) -> None:
    """The module docstring's sentences (the first of a batch is about France and about cats)."""
    for batch in (batch_of(task), core.held_out(core.Experiment(task=task))):
        assert " ".join(batch.words) == sentence
        assert (batch.cue, batch.words[batch.cue]) == (cue, word)
        assert task.shape().answers[batch.targets[0]] == answer
        assert sentences(task, batch)[0] == list(batch.words)


def test_every_row_of_france_answers_its_country() -> None:
    """The word at the cue decides, and all eight countries occur."""
    task = core.France(gap=9)
    batch = batch_of(task, size=200)
    rows = sentences(task, batch)
    assert [task.shape().answers[t] for t in batch.targets] == [COUNTRIES[row[batch.cue]] for row in rows]
    assert len(set(batch.targets)) == 8
    assert all(row[:3] == ["I", "went", "to"] and row[-2:] == ["I", "speak"] and len(row) == 15 for row in rows)
    assert not any(word in COUNTRIES for row in rows for word in row[4:])


@pytest.mark.parametrize("attractors", [0, 3])
def test_every_row_of_was_were_agrees_with_its_noun(attractors: int) -> None:
    """Singular nouns: was; plural ones: were, also in the relative clause."""
    task = core.WasWere(gap=9, attractors=attractors)
    batch = batch_of(task, size=200)
    plural = set(NOUNS.values())
    rows = sentences(task, batch)
    expected = ["were" if row[batch.cue] in plural else "was" for row in rows]
    assert [task.shape().answers[t] for t in batch.targets] == expected
    assert [row[3] for row in rows] == expected
    assert {row[1] for row in rows} == plural | set(NOUNS)
    assert all((row[0], row[2], row[-1], len(row)) == ("the", "which", ",", 14) for row in rows)


@pytest.mark.parametrize("gap", [0, 1, 2, 3, 8, 15, 40])
@pytest.mark.parametrize("attractors", [0, 1, 2, 5, 8])
def test_as_many_attractors_as_asked_for(attractors: int, gap: int) -> None:
    """In every row (as far as the gap has room), of both numbers, and spread over the gap."""
    task = core.WasWere(gap=gap, attractors=attractors)
    nouns = {*NOUNS, *NOUNS.values()}
    rows = [row[4:-1] for row in sentences(task, batch_of(task, size=100))]
    assert {sum(word in nouns for word in row) for row in rows} == {min(attractors, gap)}
    if attractors and gap:
        seen = {word for row in rows for word in row if word in nouns}
        assert seen & set(NOUNS) and seen & set(NOUNS.values())
    if attractors and gap >= 2 * attractors:
        places = [i for i, word in enumerate(rows[0]) if word in nouns]
        assert np.diff(places).max(initial=0) <= np.ceil(gap / attractors)
        assert min(places) <= gap / attractors and max(places) >= gap - 1 - gap / attractors


@pytest.mark.parametrize("task", SENTENCES, ids=str)
def test_fillers_carry_no_information(task: core.France | core.WasWere) -> None:
    """They come from the pool, and every row but the first draws its own."""
    pool = set((TRAVEL if isinstance(task, core.France) else ADJECTIVES).split()) | {*NOUNS, *NOUNS.values()}
    rows = [tuple(row[4 : 4 + task.gap]) for row in sentences(task, batch_of(task))]
    assert set().union(*rows) <= pool
    assert len(set(rows)) > 60


@pytest.mark.parametrize("kind", [core.France, core.WasWere])
def test_mixed_gaps_are_for_training_only(kind: type) -> None:
    """Lengths from 1 up to the gap in training, one length per batch; the full gap when tested and measured."""
    task, fixed = kind(gap=6, mixed=True), kind(gap=6)
    rest = batch_of(fixed).inputs.shape[1] - 6
    assert {batch_of(task, step).inputs.shape[1] - rest for step in range(60)} == {1, 2, 3, 4, 5, 6}
    assert {batch_of(fixed, step).inputs.shape[1] - rest for step in range(10)} == {6}
    assert core.held_out(core.Experiment(task=task)).inputs.shape[1] - rest == 6
    assert len(core.measure(core.Experiment(task=task)).position) == rest + 6
    for step in range(10):
        batch = batch_of(task, step)
        assert [batch.words[i] for i in (batch.cue, -1)] == [batch_of(fixed).words[i] for i in (batch.cue, -1)]


@pytest.mark.parametrize("kind", [core.France, core.WasWere])
def test_own_fillers_replace_the_built_in_ones(kind: type) -> None:
    """In their natural order in the shown sentence, repeated when there are too few; also words that mean something."""
    task = kind(gap=5, fillers="🦩 <b>x</b> 日本")
    batch = batch_of(task)
    assert batch.words[4:9] == ("🦩", "<b>x</b>", "日本", "🦩", "<b>x</b>")
    assert all(set(row[4:9]) <= {"🦩", "<b>x</b>", "日本"} for row in sentences(task, batch))
    clash = kind(gap=4, fillers="Spain cats speak which")
    batch = batch_of(clash)
    assert batch.inputs.max() < clash.shape().vocabulary
    assert sentences(clash, batch)[0] == list(batch.words)
    assert batch.words[batch.cue] == batch_of(kind(gap=4)).words[batch.cue]


@pytest.mark.parametrize("task", [*SENTENCES, core.France(gap=0), core.WasWere(gap=0), core.WasWere(gap=200)], ids=str)
def test_vocabularies_are_exact(task: core.France | core.WasWere) -> None:
    """Word numbers run from 0 to vocabulary − 1, and the loss is taken at the last word."""
    numbers = sorted(task._vocabulary().values())
    batch = batch_of(task)
    assert numbers == list(range(task.shape().vocabulary))
    assert batch.inputs.dtype.kind == "i"
    assert batch.inputs.min() >= 0 and batch.inputs.max() < task.shape().vocabulary
    assert batch.mask[:, -1].all() and batch.mask.sum() == len(batch.inputs)


@pytest.mark.parametrize("kind", TASKS)
def test_batches_are_pure_functions(kind: str) -> None:
    """Of (seed, step, size), in any order; other steps, other seeds and the test set are different."""
    task = TASKS[kind]()
    network = core.Recurrent() if task.gives == "sequences" else core.FeedForward()
    experiment = core.Experiment(network, task, seed=5)

    def drawn(experiment: core.Experiment, step: int) -> tuple:
        batch = core.sample(experiment, step)
        return batch.inputs.tobytes(), batch.targets.tobytes(), batch.words, batch.cue

    first = [drawn(experiment, step) for step in range(4)]
    assert [drawn(experiment, step) for step in (3, 1, 0, 2)] == [first[i] for i in (3, 1, 0, 2)]
    assert len(set(first)) == 4
    assert drawn(dataclasses.replace(experiment, seed=6), 0) != first[0]
    test = core.held_out(experiment)
    assert test.inputs.tobytes() == core.held_out(experiment).inputs.tobytes()
    assert len(test.inputs) == len(test.targets) == 256
    assert not np.array_equal(test.targets[:64], core.sample(experiment).targets)


@pytest.mark.parametrize("kind", TASKS)
def test_shapes_tell_the_truth(kind: str) -> None:
    """Inputs have the announced width and length; targets are numbers, or classes all of which have a name."""
    task = TASKS[kind]()
    batch, shape = task.draw(np.random.default_rng(0), 500, 0, training=False), task.shape()
    assert len(batch.inputs) == len(batch.targets) == len(batch.mask) == 500
    assert batch.inputs.dtype.kind == ("i" if shape.vocabulary else "f")
    assert shape.steps == (batch.inputs.shape[1] if task.gives == "sequences" else 0)
    if shape.vocabulary:
        assert set(batch.inputs.flat) == set(range(shape.vocabulary))
    else:
        assert batch.inputs.shape[-1] == shape.inputs
    assert batch.targets.dtype.kind == ("i" if shape.answers else "f")
    assert shape.outputs == (len(shape.answers) or 1)
    assert len(set(shape.answers)) == len(shape.answers)
    if shape.answers:
        asked = set(batch.targets.flat) - {-1}
        unasked = {shape.answers.index(word) for word in ("qui", ",")} if kind == "roles" else set()
        assert asked | unasked == set(range(len(shape.answers)))
    if task.gives == "sequences" and kind != "noise":
        assert len(batch.words) == shape.steps and batch.cue is not None
    else:
        assert batch.words == () and batch.cue is None


def test_blobs_share_centres_and_points() -> None:
    """Training picks from the fixed points; test points are new ones around the same centres."""
    task = core.Blobs(points=40, spread=0.1, inputs=3)
    experiment = core.Experiment(core.FeedForward(), task, seed=3)
    training = [core.sample(experiment, step, 100) for step in range(5)]
    points = {point.tobytes() for batch in training for point in batch.inputs}
    assert len(points) == 40
    test = core.held_out(experiment)
    assert not {point.tobytes() for point in test.inputs} & points
    for label in range(task.classes):
        mean = test.inputs[test.targets == label].mean(0)
        own = np.concatenate([batch.inputs[batch.targets == label] for batch in training]).mean(0)
        np.testing.assert_allclose(own, mean, atol=0.15)


def test_noise_is_standard_normal_and_teaches_nothing() -> None:
    """Mean 0, variance 1; the answer is independent of the input."""
    batch = core.Noise().draw(np.random.default_rng(0), 400, 0, training=True)
    assert batch.inputs.mean() == pytest.approx(0, abs=0.01)
    assert batch.inputs.std() == pytest.approx(1, abs=0.01)
    assert batch.inputs.shape == (400, 100, 16)
