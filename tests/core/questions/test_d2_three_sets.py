"""D2: the verdict, and what overturns it."""

from verdicts import misfits, overturned, stands

import core


def test_own_settings() -> None:
    """One recurrent matrix."""
    stands("d2", "holds", 1.0, 1.0)


def test_the_matrices_are_counted_that_are_really_there() -> None:
    """One for each of 26 steps."""
    assert overturned("d2", "fails", tied=False).number == 26


def test_what_does_not_fit_gets_advice() -> None:
    """No steps, and no recurrent matrix."""
    misfits("d2", core.Experiment(core.FeedForward(), core.Blobs()), core.Experiment().changed(cell="lru"))
