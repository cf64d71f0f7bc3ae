"""What row C5 compares: the RNN's factor per step beside those of MLPs as deep as it is long."""

from dataclasses import replace

import pytest
from core.shown.slopes import slopes

from core import Experiment, Noise, Recurrent
from core.gradients.measure import measure_many

OWN = Experiment(Recurrent(cell="tanh", hidden=16), Noise(length=20))


def test_factors_of_the_rnn_and_of_its_mlps() -> None:
    """The RNN's is that of its profile; small weights shrink in the MLP as well, those made for it do not."""
    rnn, same, usual = slopes(OWN).factors.items()
    assert rnn == ("this RNN", measure_many([OWN])[0].rate)
    assert "20 layers" in same[0] and "Xavier" in usual[0]
    assert same[1] < 0.75 < 0.85 < usual[1] < 1.05
    assert "He" in list(slopes(OWN.changed(cell="relu")).factors)[2]


@pytest.mark.parametrize("other", [OWN.changed(cell="gru"), replace(OWN, task=Noise(length=1))])
def test_no_mlp_is_like_a_gated_cell_or_a_single_step(other: Experiment) -> None:
    """The units are shown all the same."""
    found = slopes(other)
    assert found.factors == {} and found.units.counts.sum() > 0
