"""What C5 compares: how the RNN's gradient decays beside that of MLPs as deep as it is long."""

from dataclasses import replace

import pytest

from core import Experiment, Noise, Recurrent
from core.instruments.starts import decay
from core.questions.c5_slopes import measure, mlp, usual_weights
from core.questions.settings import recurrent

OWN = Experiment(Recurrent(cell="tanh", hidden=16), Noise(length=20))


def test_factors_of_the_rnn_and_of_its_mlps() -> None:
    """The RNN's is that of its profiles; small weights shrink in the MLP as well, those made for it do not."""
    found = measure(OWN)
    assert found.rnn == decay(OWN) and found.same and found.usual
    assert mlp(OWN, "default", 1.0).setting("depth") == 20
    assert found.same.rate < 0.75 < 0.85 < found.usual.rate < 1.05
    assert usual_weights(recurrent(OWN.changed(cell="relu"))) == "he"


@pytest.mark.parametrize("other", [OWN.changed(cell="gru"), replace(OWN, task=Noise(length=1))])
def test_no_mlp_is_like_a_gated_cell_or_a_single_step(other: Experiment) -> None:
    """The units are shown all the same."""
    found = measure(other)
    assert found.rnn is None and found.units.counts.sum() > 0
