"""B5: the verdict, and what overturns it; whose mean it is."""

from dataclasses import replace

import numpy as np
from verdicts import misfits, overturned, stands

import core
from core.instruments.starts import starts
from core.questions.b5_france import AS_SET, IDENTITY, QUESTION, TRAINED, measure
from core.questions.settings import CELLS
from core.training.finished import trained

PLAIN = core.Experiment()


def test_own_settings() -> None:
    """Some cells learn it at this distance."""
    stands("b5", "only_when", 0.0, 0.4)


def test_other_settings_overturn_it() -> None:
    """With two words in between all do."""
    overturned("b5", "holds", gap=2, steps=100)


def test_what_does_not_fit_gets_advice() -> None:
    """Layers, and a task without a word that decides."""
    misfits("b5", core.Experiment(core.FeedForward(), core.Blobs()), replace(PLAIN, task=core.Noise(length=9)))


def test_curves_are_means_of_the_starts() -> None:
    """Each of two starts trained by itself comes to the same."""
    experiment = QUESTION.base.changed(gap=1, hidden=8, steps=20)
    result = measure(experiment)
    assert [*result.curves] == [*CELLS, IDENTITY] and result.own == "plain RNN"
    alone = [trained(start).accuracy for start in starts(experiment, TRAINED)]
    assert [start.final for start in result.curves["plain RNN"].of] == alone
    assert result.accuracy == np.mean(alone)


def test_another_network_is_among_them() -> None:
    """What is judged is drawn."""
    result = measure(QUESTION.base.changed(gap=1, hidden=4, steps=5, cell="sigmoid"))
    assert result.own == AS_SET and [*result.curves][-1] == AS_SET
