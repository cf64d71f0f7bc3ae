"""C6: the verdict, and what overturns it."""

import pytest
from verdicts import judged, misfits, overturned, stands

import core
from core.questions.c6_resnets import rates

MLP = core.Experiment(core.FeedForward(), core.Blobs())


def test_own_settings() -> None:
    """Both cures together give a factor near 1, and a network that learns without a residual; nothing at all gives none."""
    stands("c6", "holds", 0.9, 1.1)
    numbers = judged("c6").numbers
    assert numbers["initialisation + normalisation, accuracy"] >= 0.9
    assert numbers["nothing, accuracy"] < 0.9
    assert numbers["deep residual, accuracy"] >= numbers["deep plain, accuracy"]


def test_other_settings_overturn_it() -> None:
    """Narrow sigmoid layers; then the contrast is the usual network."""
    verdict = overturned("c6", "fails", activation="sigmoid", depth=15, width=8, steps=30)
    assert "ReLU units with He weights and LayerNorm" in verdict.overturned_by


def test_what_does_not_fit_gets_advice() -> None:
    """A recurrent network, and nothing to take away: no normalisation, no initialisation."""
    quick = {"depth": 3, "width": 4, "steps": 1}
    misfits(
        "c6",
        core.Experiment(),
        MLP.changed(**quick),
        MLP.changed(normalisation="layer", initialiser="normal", **quick),
    )


@pytest.mark.parametrize(("rate", "said"), [(0.1, "0.1 and 0.01"), (1e-3, "0.001 and 0.0001")])
def test_learning_rates_in_words(rate: float, said: str) -> None:
    """The own one and a tenth of it."""
    assert rates(MLP.changed(learning_rate=rate)) == said
