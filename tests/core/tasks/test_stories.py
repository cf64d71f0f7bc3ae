"""The stories that the pages tell, each with one seed: if one of these fails, a page says something untrue."""

import numpy as np
import pytest

import core
from core.experiment.sampling import initial


def trained(network: core.Recurrent | core.FeedForward, task: core.France | core.Blobs, **training: float) -> core.Run:
    """The finished run, with frames at its ends only."""
    experiment = core.Experiment(network, task, core.Training(film_every=500, **training))
    return core.advance(core.start(experiment), experiment.training.steps)


def movement(run: core.Run) -> np.ndarray:
    """‖ΔW‖/‖W‖ of each hidden layer's matrix."""
    before, after = initial(run.experiment), run.parameters
    names = [f"hidden.{i}.weight" for i in range(run.experiment.network.depth)]
    return np.array([np.linalg.norm(after[n] - before[n]) / np.linalg.norm(before[n]) for n in names])


@pytest.mark.parametrize(
    ("network", "learns"),
    [
        (core.Recurrent(cell="tanh"), False),
        (core.Recurrent(cell="gru"), True),
        (core.Recurrent(cell="lstm", forget_bias=1.0), True),
    ],
    ids=["tanh", "gru", "lstm"],
)
def test_forty_words_after_france(network: core.Recurrent, learns: bool) -> None:
    """Mixed gaps up to 40, tested at 40: the plain RNN stays near chance (⅛), the gated cells know the answer."""
    run = trained(network, core.France(gap=40, mixed=True), steps=500)
    assert not run.trouble
    if learns:
        assert run.accuracy >= 0.95
    else:
        assert run.accuracy <= 0.35


def paralysed(activation: str, optimiser: str) -> core.Run:
    """Eight layers of 32 on four blobs."""
    network = core.FeedForward(depth=8, width=32, activation=activation, initialiser="xavier")
    rate = 0.1 if optimiser == "momentum" else 3e-3
    task = core.Blobs(classes=4, inputs=16, points=512)
    return trained(network, task, optimiser=optimiser, learning_rate=rate, batch=64, steps=800)


def test_sigmoid_paralyses_the_first_layers() -> None:
    """The first layer moves less than a hundredth of what the last one moves, and nothing is learned."""
    run = paralysed("sigmoid", "momentum")
    moved = movement(run)
    assert moved[0] < 1e-2 * moved[-1]
    assert run.accuracy < 0.5


def test_tanh_moves_all_layers() -> None:
    """The same with tanh: every layer takes part and the task is learned."""
    run = paralysed("tanh", "momentum")
    moved = movement(run)
    assert moved.min() > 0.1 * moved.max()
    assert run.accuracy > 0.95


def test_gates_alone_do_not_help_at_the_start() -> None:
    """LSTM with forget bias 0 vanishes about as fast as tanh; 3 all but stops it (science.md, time steps)."""
    task = core.France(gap=80)
    rates = {
        b: core.measure(core.Experiment(core.Recurrent(cell="lstm", forget_bias=b), task)).rate for b in (0.0, 3.0)
    }
    plain = core.measure(core.Experiment(core.Recurrent(), task)).rate
    assert rates[0.0] < 0.75
    assert plain < 0.75
    assert 0.9 < rates[3.0] < 1.1
