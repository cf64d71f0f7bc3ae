"""Replacing words, against doing the same by hand with torch's modules; and the story of question A3."""

import numpy as np
import pytest
import torch
from torch.nn.functional import cross_entropy, mse_loss

import core
from core.instruments import influence as instrument
from core.instruments.evaluation import as_tensors, unrolled
from core.instruments.influence import influence
from core.instruments.replacement import word_vectors


def by_hand(experiment: core.Experiment, k: int) -> list[float]:
    """change, size, divergence, flips at place ``k``: one sentence and one replacement at a time, through torch's module."""
    batch, pool = core.held_out(experiment, 32), core.held_out(experiment, 256)
    module = core.build(experiment).double()
    rows = []
    with torch.no_grad():
        for sentence, target in zip(batch.inputs, torch.from_numpy(batch.targets), strict=True):
            own = module(torch.from_numpy(sentence[None]))
            for word in np.unique(pool.inputs[:, k]):
                if word != sentence[k]:
                    other = sentence.copy()
                    other[k] = word
                    new = module(torch.from_numpy(other[None]))
                    change = float(cross_entropy(new, target[None]) - cross_entropy(own, target[None]))
                    kl = float((own.softmax(-1) * (own.log_softmax(-1) - new.log_softmax(-1))).sum())
                    rows.append([change, abs(change), kl, float(own.argmax() != new.argmax())])
    return np.mean(rows, axis=0).tolist()


@pytest.mark.parametrize("cell", ["tanh", "lstm"])
def test_against_one_replacement_at_a_time(cell: str) -> None:
    """The cue, where all seven other countries are tried, and a filler with few alternatives."""
    experiment = core.Experiment(
        core.Recurrent(cell=cell, hidden=6, embedding=4), core.France(gap=3, fillers="on an off")
    )
    found = influence(experiment)
    for k in (3, 5):
        got = [values[k] for values in (found.change, found.size, found.divergence, found.flips)]
        np.testing.assert_allclose(got, by_hand(experiment, k), rtol=1e-9, atol=1e-15)
    never = [0, 1, 2, 7, 8]
    assert np.isnan(found.change[never]).all()
    assert not np.isnan(np.delete(found.change, never)).any()


def test_gradient_at_the_words() -> None:
    """ln ‖∂L/∂x‖ against a hook on the module's word vectors."""
    experiment = core.Experiment(core.Recurrent(cell="gru", hidden=6, embedding=4), core.France(gap=3))
    batch, module = core.held_out(experiment, 32), core.build(experiment).double()
    vectors = module.embedding(torch.from_numpy(batch.inputs)).detach().requires_grad_()
    outputs, _ = module.recurrent(vectors)
    cross_entropy(module.readout(outputs[:, -1]), torch.from_numpy(batch.targets)).backward()
    found = influence(experiment, positions=[0, 3, 8])
    np.testing.assert_allclose(found.log_gradient, vectors.grad.norm(dim=(0, 2)).log()[[0, 3, 8]], rtol=1e-10)
    np.testing.assert_array_equal(found.position, [0, 3, 8])


@pytest.mark.parametrize(
    ("network", "task"),
    [
        (core.Recurrent(cell="lstm", layers=2), core.France(gap=2)),
        (core.Recurrent(cell="lru"), core.Noise(length=4)),
        (core.Attention(), core.France(gap=2)),
        (core.Attention(), core.Noise(length=4)),
    ],
    ids=["stack", "lru", "attention", "attention on numbers"],
)
def test_small_changes_are_foretold(
    network: core.Recurrent, task: core.France, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the replacement differs by a ten-thousandth from the original, |g · Δ| is what happens, for words and numbers."""
    experiment = core.Experiment(network, task)
    run = core.start(experiment)
    if isinstance(task, core.France):
        table = run.parameters["embedding.weight"]
        run.parameters["embedding.weight"][:] = table.mean(0) + 1e-4 * (table - table.mean(0))
    else:
        held_out = instrument.held_out

        def nearly_equal(*args: object) -> core.Batch:
            batch = held_out(*args)
            batch.inputs[:] = 1 + 1e-4 * batch.inputs
            return batch

        monkeypatch.setattr(instrument, "held_out", nearly_equal)
    found = influence(experiment, run)
    real = ~np.isnan(found.size)
    assert real.any()
    np.testing.assert_allclose(found.forecast[real], found.size[real], rtol=1e-3)


@pytest.mark.parametrize("k", [0, 2, 4])
@pytest.mark.parametrize(
    ("network", "task"),
    [
        (core.Recurrent(cell="lstm", layers=2), core.France(gap=2)),
        (core.Recurrent(cell="gru"), core.Roles(gap=2)),
        (core.Recurrent(tied=False), core.France(gap=2)),
        (core.Recurrent(), core.Noise(length=5)),
        (core.Attention(), core.France(gap=2)),
    ],
    ids=["stack", "targets at every step", "untied", "numbers", "attention"],
)
def test_what_comes_before_need_not_be_read_again(network: core.Recurrent, task: core.France, k: int) -> None:
    """Copies that differ from step k on: the same logits and word vectors as when all of it is read."""
    experiment = core.Experiment(network, task)
    batch, weights = core.held_out(experiment, 3), as_tensors(core.start(experiment).parameters)
    copies = np.stack([batch.inputs, batch.inputs, batch.inputs])
    copies[:, :, k] = copies[:, ::-1, k] if copies.dtype.kind == "i" else -copies[:, :, k]
    each_step = batch.targets.ndim == 2
    with torch.no_grad():
        whole = instrument._Whole(experiment, weights, batch)
        expected = unrolled(experiment, weights, copies).logits(each_step)
        torch.testing.assert_close(whole.again(copies, k), expected, rtol=1e-12, atol=1e-14)
        torch.testing.assert_close(whole.vectors(copies, k), word_vectors(experiment, weights, copies)[:, :, k])
    assert whole.logits.shape[-2:] == (3, expected.shape[-1]) and whole.logits.ndim == 2 + each_step


def test_the_story_of_a3() -> None:
    """Trained GRU: the cue decides everything, and its gradient foretells next to nothing. Untrained RNN: both are tiny."""
    experiment = core.Experiment(
        core.Recurrent(cell="gru"), core.France(gap=8), core.Training(steps=250, film_every=250)
    )
    run = core.advance(core.start(experiment), 250)
    trained, untrained = influence(experiment, run), influence(core.Experiment(core.Recurrent(), core.France(gap=22)))
    cue, fillers = 3, slice(4, 12)
    assert trained.change[cue] > 3
    assert trained.forecast[cue] < 0.05 * trained.size[cue]
    assert trained.flips[cue] > 0.9
    assert trained.size[fillers].max() < 0.1 * trained.size[cue]
    assert trained.decides == 1
    assert trained.followed_size < 0.1 * trained.size[cue]
    assert untrained.size[cue] < 1e-6
    assert untrained.followed_size > 0.1
    assert untrained.forecast[cue] == pytest.approx(untrained.size[cue], rel=0.3)


def test_points_are_refused() -> None:
    """A point is not a sequence."""
    with pytest.raises(core.SpecError, match="sequences"):
        influence(core.Experiment(core.FeedForward(), core.Blobs()))


def test_numbers_as_answers() -> None:
    """Squared change in place of the divergence, no flips."""
    before, after = torch.zeros(5, 1, dtype=torch.float64), torch.full((2, 5, 1), 3.0, dtype=torch.float64)
    change, flips = instrument._difference(before, after, np.zeros(5))
    assert change.tolist() == [[float(mse_loss(before[0], after[0, 0]))] * 5] * 2
    assert np.isnan(flips).all()
