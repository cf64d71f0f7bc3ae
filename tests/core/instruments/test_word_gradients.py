"""One backward pass per word: the sum is the gradient of the summed loss."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from torch.nn.functional import cross_entropy

import core
from core.experiment.sampling import initial
from core.instruments.per_word import word_by_word
from core.tasks.copying import Copy
from core.tasks.waswere import Roles


@pytest.mark.parametrize(
    "network", [{"cell": "tanh"}, {"cell": "lstm", "layers": 2}, {"cell": "gru", "recurrent_norm": "layer"}]
)
def test_words_equal_autograd_and_add_up(network: dict[str, object]) -> None:
    """By torch's own module or the visible chain, a loss at a time."""
    experiment = core.Experiment(core.Recurrent(hidden=5, embedding=3, **network), core.France(gap=3))
    found = word_by_word(experiment)
    batch = core.held_out(experiment, 32)
    weights = {name: torch.from_numpy(values).double().requires_grad_() for name, values in initial(experiment).items()}
    logits = experiment.network.chain(weights, torch.from_numpy(batch.inputs)).logits(each_step=True)
    steps = len(logits)
    for t in range(steps):
        loss = cross_entropy(logits[t], torch.from_numpy(batch.targets)) / steps
        gradients = torch.autograd.grad(
            loss, list(weights.values()), retain_graph=True, materialize_grads=True, allow_unused=True
        )
        for name, gradient in zip(weights, gradients, strict=True):
            assert np.exp(found.log_norm[name][t]) == pytest.approx(float(gradient.norm()), rel=1e-10, abs=1e-16)
    assert set(found.difference) == set(weights)
    assert max(found.difference.values()) < 1e-14
    assert found.words == batch.words


@pytest.mark.parametrize("task", [Roles(), Copy()])
def test_targets_of_each_step_weigh_what_they_are_worth(task: Roles | Copy) -> None:
    """Words without a target have no gradient, and each of the others its share in the mean."""
    experiment = core.Experiment(core.Recurrent(hidden=4), task)
    found = word_by_word(experiment)
    asked = core.held_out(experiment, 32).mask.any(0)
    assert 0 < asked.sum() <= len(asked)
    for name, logs in found.log_norm.items():
        # the recurrent matrix reads a zero at the first step
        np.testing.assert_array_equal(np.isneginf(logs)[1:], ~asked[1:], err_msg=name)
    assert max(found.difference.values()) < 1e-14


def test_examples_asked_at_different_words() -> None:
    """As in a batch of sentences of unequal lengths: words count by how many examples ask for them."""
    experiment = core.Experiment(core.Recurrent(hidden=4), Copy())
    batch = core.held_out(experiment, 32)
    ragged = np.where(np.random.default_rng(0).random(batch.targets.shape) < 0.6, batch.targets, -1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("core.instruments.subject.held_out", lambda experiment, size: replace(batch, targets=ragged))
        found = word_by_word(experiment)
    assert max(found.difference.values()) < 1e-14


def test_the_sum_can_be_smaller_than_its_parts() -> None:
    """Words pull in different directions, so that ‖Σ‖ < Σ‖·‖: the triangle inequality, strictly."""
    found = word_by_word(core.Experiment(core.Recurrent(hidden=5), core.France(gap=3)))
    for name, logs in found.log_norm.items():
        assert np.exp(found.full[name]) < np.exp(logs).sum()


def test_other_networks_are_refused() -> None:
    """No words, no steps."""
    with pytest.raises(core.SpecError, match="recurrent"):
        word_by_word(core.Experiment(core.FeedForward(), core.Blobs()))
