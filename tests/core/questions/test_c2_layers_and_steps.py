"""C2: the verdict, and what overturns it; paths have as many nonlinearities as moves."""

from hypothesis import given, settings
from hypothesis import strategies as st
from verdicts import judged, misfits, overturned, stands

import core
from core.questions.c2_layers_and_steps import QUESTION


def test_own_settings() -> None:
    """2 layers over 50 steps are 51 deep, not 100."""
    stands("c2", "only_when", 51.0, 51.0)
    assert judged("c2").headline == "The longest path back passes 51 nonlinearities, not 100."


def test_other_settings_overturn_it() -> None:
    """A string of 50 characters makes one layer 50 deep."""
    assert overturned("c2", "holds", layers=1).number == 50


def test_what_does_not_fit_gets_advice() -> None:
    """It is about recurrent layers."""
    misfits("c2", core.Experiment(core.FeedForward(), core.Blobs()))


@given(layers=st.integers(1, 4), steps=st.integers(2, 30), cell=st.sampled_from(["tanh", "relu", "sigmoid"]))
@settings(max_examples=10, deadline=None)
def test_paths_have_as_many_nonlinearities_as_moves(layers: int, steps: int, cell: str) -> None:
    """n + k − 1 with plain cells, which is k · n for one layer alone."""
    experiment = core.Experiment(core.Recurrent(cell=cell, layers=layers, hidden=4), core.Noise(length=steps))
    verdict = QUESTION.verdict(experiment)
    assert verdict.number == steps + layers - 1
    assert (verdict.verdict == "holds") == (layers == 1)


def test_past_gates_there_are_shorter_paths() -> None:
    """One LSTM layer over n steps: paths of many lengths, so that there is no one depth."""
    verdict = QUESTION.verdict(core.Experiment().changed(cell="lstm"))
    assert verdict.verdict == "only_when"
    assert verdict.numbers["fewest"] < 10 < verdict.numbers["most"]
    assert "past gates there are shorter ways" in verdict.when
