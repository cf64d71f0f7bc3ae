"""A6: the verdict, and what overturns it."""

from dataclasses import replace

from verdicts import judged, misfits, overturned, stands

import core

PLAIN = core.Experiment()


def test_own_settings() -> None:
    """Nowhere on the plane has the early word a say; with few words in between it has."""
    stands("a6", "holds", 0.0, 0.0)
    numbers = judged("a6").numbers
    assert numbers["5 words, heard"] > 0.1
    assert numbers["LSTM, heard"] > 0.1


def test_other_settings_overturn_it() -> None:
    """Then the contrast is a plain RNN with many words in between."""
    verdict = overturned("a6", "fails", gap=2, steps=100)
    assert verdict.numbers["plain RNN, heard"] < 0.1 <= verdict.number


def test_what_does_not_fit_gets_advice() -> None:
    """Layers, a task without a word that decides, and a single unit."""
    noise = replace(PLAIN.changed(steps=1), task=core.Noise(length=9))
    misfits("a6", core.Experiment(core.FeedForward(), core.Blobs()), noise, PLAIN.changed(hidden=1))
