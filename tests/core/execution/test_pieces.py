"""Pieces: a training cut anywhere is the training."""

import pickle
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import core
from core.execution import pieces
from core.execution.pieces import bare, joined, size, work
from tests.core.execution.by_hand import SMALL, same, trained
from tests.core.experiment.test_specs import experiments

BLOWS_UP = core.Experiment(
    core.Recurrent(cell="relu", gain=10.0),
    core.France(gap=30),
    core.Training(optimiser="sgd", learning_rate=10.0, clip=0.0, steps=400),
)


@settings(max_examples=60)
@given(experiments(), st.integers(1, 9), st.lists(st.integers(1, 4), max_size=8))
def test_cut_anywhere(experiment: core.Experiment, film_every: int, cuts: list[int]) -> None:
    """Any network, task and optimiser; frames that fall on a cut, or not; sent as a worker gets it. Bit for bit."""
    own = replace(experiment, training=replace(experiment.training, film_every=film_every))
    run = core.start(own)
    for steps in [*cuts, own.training.steps]:
        before = run.step
        run = joined(run, core.advance(pickle.loads(pickle.dumps(bare(run))), steps))
        assert run.done or run.step == before + steps
    assert run.done
    assert same(run, trained(own))


def test_what_travels_does_not_grow() -> None:
    """The weights, what the optimiser remembers, and one frame."""
    long = replace(SMALL, training=replace(SMALL.training, steps=300, film_every=1))
    early, late = (len(pickle.dumps(bare(trained(long, steps)))) for steps in (10, 290))
    assert abs(late - early) < 100 < len(pickle.dumps(trained(long, 290))) - late


@pytest.mark.parametrize("seconds", [0.0, 1e-9, 1e9])
def test_a_piece_gets_somewhere_however_short(seconds: float) -> None:
    """At least a step, and never beyond the end."""
    run, took = work(core.start(SMALL), seconds)
    assert run.step == (SMALL.training.steps if seconds > 1 else 1)
    assert took > 0
    assert same(run, trained(steps=run.step))


def test_a_piece_ends_when_its_time_is_over(monkeypatch: pytest.MonkeyPatch) -> None:
    """By a clock on which a step takes 10 ms: as many as fit, which is told from those before."""
    clock = {"now": 100.0}

    def slow(run: core.Run, steps: int) -> core.Run:
        clock["now"] += 0.01 * steps
        return replace(run, step=run.step + steps)

    monkeypatch.setattr(pieces, "advance", slow)
    monkeypatch.setattr(pieces.time, "monotonic", lambda: clock["now"])
    for seconds, steps in ((0.1, 10), (0.2, 20), (0.005, 1), (2.0, 200)):
        run, took = work(core.start(core.Experiment()), seconds)
        assert abs(run.step - steps) <= 1
        assert took == pytest.approx(0.01 * run.step)


def test_a_run_that_is_done_stays_as_it_is() -> None:
    """Nothing is computed."""
    run = trained()
    again, _ = work(run, 1.0)
    assert again is run


def test_a_run_that_blows_up() -> None:
    """Where it blows up, and with which last frame, does not depend on the cuts."""
    whole, run = trained(BLOWS_UP), core.start(BLOWS_UP)
    assert "blew up" in whole.trouble and 0 < whole.step < 400
    while not run.done:
        run = joined(run, core.advance(bare(run), 1))
    assert same(run, whole)


def test_its_size_is_known() -> None:
    """About as many bytes as a pickle of it has: what grows, grows."""
    for every in (1, 50):
        run = trained(replace(SMALL, training=replace(SMALL.training, steps=200, film_every=every)))
        assert 0.5 < size(run) / len(pickle.dumps(run)) < 8
    large = core.start(core.Experiment(core.FeedForward(depth=20, width=100), core.Blobs()))
    assert 4 * 19 * 100 * 100 < size(large) < 4 * 20 * 100 * 100
