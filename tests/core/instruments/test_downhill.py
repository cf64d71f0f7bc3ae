"""Steps along the gradient: below the limit the loss falls, from there on it rises."""

import core
from core.instruments.downhill import along_gradient, downhill, too_large

RUN = core.start(core.Experiment(core.Recurrent(hidden=8), core.France(gap=4)).changed(learning_rate=0.1))


def test_too_large_a_rate_raises_the_loss_and_half_of_it_does_not() -> None:
    """From below and from above."""
    change = along_gradient(RUN)
    for rate in (0.01, 1000.0):
        edge = too_large(change, rate)
        assert change(edge) >= 0 > change(edge / 2)


def test_the_other_rate_is_on_the_limit_s_other_side() -> None:
    """One of the two lowers the loss, the other raises it."""
    step, change = downhill(RUN), along_gradient(RUN)
    assert step.change == change(0.1) and step.other_change == change(step.other)
    assert (step.change < 0) != (step.other_change < 0)
