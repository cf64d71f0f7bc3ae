"""C5: the verdict, and what overturns it."""

from dataclasses import replace

import numpy as np
import pytest
from verdicts import judged, misfits, overturned, stands

import core
from core.gradients.measure import measure_many
from core.instruments.starts import starts
from core.questions.c5_slopes import QUESTION, measure, usual_weights

PLAIN = core.Experiment()


def test_own_settings() -> None:
    """As bad from the RNN's small weights, and not from an MLP's usual ones; hardly a unit is saturated."""
    stands("c5", "only_when", 0.67, 1.1)
    numbers = judged("c5").numbers
    assert numbers["mlp"] < 0.7 < 0.8 < numbers["mlp, usual"]
    assert numbers["saturated"] < 0.01


def test_with_sigmoid_units_it_holds() -> None:
    """Then the contrast is a tanh MLP."""
    verdict = overturned("c5", "holds", cell="sigmoid")
    assert verdict.numbers["mlp, usual"] < verdict.numbers["mlp, tanh and Xavier"]


def test_orthogonal_weights_are_not_as_bad_in_an_mlp() -> None:
    """Then the contrast is PyTorch's weights, in both kinds of network."""
    assert "From PyTorch's weights" in overturned("c5", "fails", initialiser="orthogonal").overturned_by


def test_what_does_not_fit_gets_advice() -> None:
    """Layers, gates, and more steps than an MLP has layers."""
    misfits(
        "c5",
        core.Experiment(core.FeedForward(), core.Blobs()),
        PLAIN.changed(cell="gru"),
        replace(PLAIN, task=core.Noise(length=300)),
    )


def test_the_rnns_decay_is_that_of_its_profiles() -> None:
    """Small weights shrink in the MLP as well, those made for it do not; ReLU's are He's."""
    small = QUESTION.base.changed(hidden=16, length=20)
    result = measure(small)
    assert result.rnn and result.same and result.usual
    slopes = [profile.fit.slope for profile in measure_many(starts(small))]
    assert result.rnn.slope == pytest.approx(np.mean(slopes))
    assert result.same.rate < 0.75 < 0.85 < result.usual.rate < 1.05
    assert [usual_weights(core.Recurrent(cell=cell)) for cell in ("relu", "tanh")] == ["he", "xavier"]


@pytest.mark.parametrize("other", [PLAIN.changed(cell="gru"), replace(PLAIN, task=core.Noise(length=1))])
def test_no_mlp_is_like_a_gated_cell_or_a_single_step(other: core.Experiment) -> None:
    """The units are shown all the same."""
    found = measure(other)
    assert found.rnn is found.same is found.usual is None
    assert found.units.counts.sum() > 0


def test_the_card_says_which_numbers_are_means() -> None:
    """Factors are; saturation and slopes are this network's own."""
    finding, units = judged("c5").finding, measure(QUESTION.base).units
    assert finding.startswith("The factors are means of 5 random starts")
    assert f"Of this RNN's units {np.nanmean(units.saturated):.2%} are saturated" in finding
