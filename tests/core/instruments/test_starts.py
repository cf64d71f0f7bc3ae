"""Several starts of one network: the mean that is drawn and the one that is judged."""

import pytest

import core
from core.instruments.starts import Fan, decay_of, mean_of


def test_the_drawn_mean_decays_as_the_judged_one() -> None:
    """A straight line through the mean of the logarithms has the mean of the slopes."""
    profiles = Fan(3)(core.Experiment(core.Recurrent(hidden=8), core.France(gap=9)))
    mean, back = mean_of(profiles), decay_of(profiles)
    assert mean.fit.slope == pytest.approx(back.slope)
    assert mean.relative[mean.cue] == pytest.approx(back.reach)
    assert mean.predicted == profiles[0].predicted != ()
