"""Was or were with a target at every step: translations are local, the verbs are not."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import core
from core.tasks.language import ADJECTIVES, FIRST_VERB, NOUNS, TRANSLATION

TASKS = st.builds(
    core.Roles,
    gap=st.integers(0, 9),
    mixed=st.booleans(),
    attractors=st.integers(0, 3),
    fillers=st.sampled_from(["", "ghost", "was were cats 日本 le", "which , the"]),
)
PLURAL = set(NOUNS.values())


def read(task: core.Roles, batch: core.Batch) -> tuple[list[list[str]], list[list[str]]]:
    """Words read and words asked for, row by row."""
    vocabulary = list(task._vocabulary())
    answers = task.shape().answers
    return [[vocabulary[i] for i in row] for row in batch.inputs], [[answers[i] for i in row] for row in batch.targets]


def test_worked_example() -> None:
    """The module docstring's sentence and what is asked for beneath it."""
    task = core.Roles(gap=2)
    for batch in (core.sample(core.Experiment(task=task)), core.held_out(core.Experiment(task=task))):
        words, asked = read(task, batch)
        assert " ".join(words[0]) == " ".join(batch.words) == "the cats which were grey and ,"
        assert " ".join(asked[0]) == "le chats were étaient gris et were"
        assert batch.words[batch.cue] == "cats"
        assert batch.words[FIRST_VERB] == "which"
        assert batch.matters == (6,)


@given(TASKS, st.integers(0, 99), st.booleans())
def test_targets_follow_from_the_words(task: core.Roles, seed: int, training: bool) -> None:
    """Each step's own word translated; after “which” and at the end the verb that agrees with the noun."""
    batch = task.draw(np.random.default_rng(seed), 12, 0, training=training)
    for words, asked in zip(*read(task, batch), strict=True):
        expected = [TRANSLATION.get(word, word) for word in words]
        expected[2] = expected[-1] = "were" if words[1] in PLURAL else "was"
        assert asked == expected
    assert batch.mask.all() and batch.mask.shape == batch.inputs.shape
    assert batch.matters == (batch.inputs.shape[1] - 1,)


@given(TASKS, st.integers(0, 99))
def test_sentences_are_those_of_was_were(task: core.Roles, seed: int) -> None:
    """It asks for more, of the same batch."""
    other = core.WasWere(task.gap, task.mixed, task.attractors, task.fillers)
    mine, its = (each.draw(np.random.default_rng(seed), 12, 0, training=True) for each in (task, other))
    np.testing.assert_array_equal(mine.inputs, its.inputs)
    assert (mine.words, mine.cue) == (its.words, its.cue)
    np.testing.assert_array_equal(mine.targets[:, [2, -1]], np.stack([its.targets] * 2, 1))


def test_every_built_in_word_has_its_own_translation() -> None:
    """So that the local role is to be learned for each; “was” and “were” are translated: as answers they are the verbs alone."""
    built_in = {"the", "which", "was", "were", *NOUNS, *PLURAL, *ADJECTIVES.split()}
    assert set(TRANSLATION) == built_in
    assert len(set(TRANSLATION.values())) == len(built_in)
    assert not set(TRANSLATION.values()) & built_in
    _, asked = read(task := core.Roles(gap=5, fillers="was were"), core.sample(core.Experiment(task=task)))
    assert {word for row in asked for i, word in enumerate(row) if i not in (2, len(row) - 1)} & {
        "was",
        "were",
    } == set()


def test_twenty_seven_words_with_ten_adjectives() -> None:
    """22 words in between."""
    task = core.Roles(gap=22)
    batch = core.held_out(core.Experiment(task=task))
    assert batch.inputs.shape == (256, 27) and task.shape().steps == 27
    assert len(set(batch.words) & set(ADJECTIVES.split())) == 11  # and “and”


def test_both_accuracies_are_told_apart() -> None:
    """A network that translates and guesses the verbs: half of the last ones right, of the others nearly all."""
    task = core.Roles(gap=5)
    batch = core.held_out(core.Experiment(task=task))
    outputs = np.moveaxis(np.eye(len(task.shape().answers))[batch.targets], 1, 0).copy()
    perfect = batch.score(outputs)
    assert (perfect.accuracy, perfect.local) == (1.0, 1.0)
    outputs[-1] = np.eye(outputs.shape[-1])[0]  # always “was” at the end
    score = batch.score(outputs)
    assert score.accuracy == (batch.targets[:, -1] == 0).mean() == pytest.approx(task.shape().chance, abs=0.1)
    assert score.local == 1.0
    outputs[FIRST_VERB] = np.eye(outputs.shape[-1])[0]
    assert batch.score(outputs).local == pytest.approx(1 - (batch.targets[:, 2] == 1).mean() / 9)


def test_the_local_role_is_learned_and_the_long_one_not() -> None:
    """The plain RNN, 150 steps: translations and first verb right, the last verb guessed."""
    experiment = core.Experiment(
        core.Recurrent(), core.Roles(gap=12), core.Training(steps=150, learning_rate=5e-3, film_every=150)
    )
    last = core.advance(core.start(experiment), 150).film[-1]
    assert last.local > 0.98
    assert last.accuracy == pytest.approx(0.5, abs=0.12)
