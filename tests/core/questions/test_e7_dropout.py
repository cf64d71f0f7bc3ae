"""E7: the verdict, what overturns it, and units that never fail."""

import pytest
from decided import decided
from verdicts import misfits, stands

import core
from core.instruments.evaluation import score
from core.instruments.learning_curves import observed
from core.questions.e7_dropout import right_when_units_fail, slope_under_noise

PLAIN = core.Experiment()


@pytest.mark.slow
def test_own_settings() -> None:
    """An LSTM's cell is not dropped."""
    stands("e7", "holds", 0.6, 0.9)


def test_other_settings_overturn_it() -> None:
    """A ReLU network's memories go through what is dropped."""
    decided("e7", "fails", cell="relu", initialiser="identity", steps=80)


def test_a_network_that_has_learned_nothing_shows_nothing() -> None:
    """After two steps every answer is a guess: that is not because of the dropout."""
    assert "learn" in decided("e7", "only_when", steps=2, gap=10).when


def test_what_does_not_fit_gets_advice() -> None:
    """Layers, and networks that drop nothing."""
    short = PLAIN.changed(steps=1)
    nothing = short.changed(cell="lstm", dropout="naive", drop=0.0)
    mlp = core.Experiment(core.FeedForward(), core.Blobs())
    misfits("e7", mlp, short, nothing, short.changed(cell="lru", dropout="naive"))


def test_units_that_never_fail_change_nothing() -> None:
    """Without noise the two accuracies and the two slopes are the ordinary ones; with it they are others."""
    network = core.Recurrent(cell="lstm", hidden=8, dropout="naive", drop=1e-9)
    experiment = core.Experiment(network, core.France(gap=2), core.Training(steps=60, film_every=500))
    batch = core.held_out(experiment, 512)
    assert right_when_units_fail(experiment) == score(experiment, observed(experiment).parameters, batch)[1]
    assert slope_under_noise(experiment) == pytest.approx(core.measure(experiment).fit.slope, abs=1e-6)
    noisy = experiment.changed(drop=0.5)
    assert slope_under_noise(noisy) != pytest.approx(core.measure(experiment).fit.slope, abs=1e-3)
