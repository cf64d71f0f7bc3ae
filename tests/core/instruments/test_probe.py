"""The linear probe: against NumPy's least squares, and on sentences where the answer is known to be there or not."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

import core
from core.instruments.probe import fit_and_predict, probe


def test_least_squares() -> None:
    """Without a ridge: numpy.linalg.lstsq with a column of ones, for several states at once."""
    rng = np.random.default_rng(0)
    seen, new, wanted = (
        rng.standard_normal((2, 3, 40, 5)),
        rng.standard_normal((2, 3, 7, 5)),
        rng.standard_normal((40, 2)),
    )
    found = fit_and_predict(seen, wanted, new, 0.0)
    for place in np.ndindex(2, 3):
        weights = np.linalg.lstsq(np.column_stack([seen[place], np.ones(40)]), wanted, rcond=None)[0]
        np.testing.assert_allclose(found[place], np.column_stack([new[place], np.ones(7)]) @ weights, atol=1e-12)


def test_ridge() -> None:
    """The penalty is ridge · B · mean variance · ‖weights‖², the intercept free: the same by stacked rows."""
    rng = np.random.default_rng(1)
    seen, new, wanted = (
        rng.standard_normal((40, 5)) * [1, 2, 3, 0, 1],
        rng.standard_normal((7, 5)),
        rng.standard_normal((40, 2)),
    )
    centred = seen - seen.mean(0)
    penalty = np.sqrt(0.3 * 40 * (centred**2).mean()) * np.eye(5)
    stacked = np.concatenate([centred, penalty]), np.concatenate([wanted - wanted.mean(0), np.zeros((5, 2))])
    weights = np.linalg.lstsq(*stacked, rcond=None)[0]
    expected = wanted.mean(0) + (new - seen.mean(0)) @ weights
    np.testing.assert_allclose(fit_and_predict(seen, wanted, new, 0.3), expected, atol=1e-12)


@given(st.floats(-30, 30), st.integers(0, 5))
def test_the_scale_of_states_does_not_matter(decades: float, seed: int) -> None:
    """A faint h is as legible as a loud one, if it is all there is."""
    rng = np.random.default_rng(seed)
    seen, new, wanted = rng.standard_normal((20, 4)), rng.standard_normal((6, 4)), rng.standard_normal((20, 1))
    expected = fit_and_predict(seen, wanted, new, 1e-6)
    np.testing.assert_allclose(
        fit_and_predict(10**decades * seen, wanted, 10**decades * new, 1e-6), expected, rtol=1e-6
    )


def test_before_at_and_long_after_the_cue() -> None:
    """Untrained plain RNN: nothing to read before the country, all of it there, nothing 20 words later."""
    found = probe(core.Experiment(core.Recurrent(), core.France(gap=22)))
    assert found.accuracy.shape == (28, 1)
    assert np.abs(found.accuracy[:3] - found.chance).max() < 4 * found.spread.max()
    assert found.accuracy[3] == 1
    assert np.abs(found.accuracy[-5:] - found.chance).max() < 4 * found.spread.max()
    assert 1 / 8 <= found.chance < 0.2


def test_a_memory_is_read_to_the_end() -> None:
    """An untrained network that hardly forgets: linear, |λ| near 1."""
    network = core.Recurrent(cell="lru", r_min=0.99, r_max=0.999, layers=2)
    found = probe(core.Experiment(network, core.WasWere(gap=6)))
    assert found.accuracy.shape == (11, 2)
    assert found.accuracy[1:].min() > 0.95


def test_other_labels_and_layers() -> None:
    """What the word at the third place is, from an h that has seen it; layers of an MLP one by one."""
    experiment = core.Experiment(core.Recurrent(), core.France(gap=3))
    words = core.held_out(experiment, 1024).inputs[:, 5]
    found = probe(experiment, labels=words)
    assert found.accuracy[5] > 0.9
    assert found.accuracy[:5].max() < found.chance + 4 * found.spread.max()
    layers = probe(core.Experiment(core.FeedForward(depth=30), core.Blobs())).accuracy
    assert layers.shape == (1, 30)
    assert layers[0, 0] > layers[0, -1] + 0.2


def test_numbers() -> None:
    """The share of variance explained: of a number that is in h, and of one that is not."""
    experiment = core.Experiment(core.Recurrent(hidden=20), core.Noise(length=3, inputs=4))
    inputs = core.held_out(experiment, 1024).inputs
    there = probe(experiment, labels=inputs[:, 1].sum(-1))
    assert there.accuracy[1] > 0.9
    assert there.accuracy[0] < 0.1
    assert there.chance == 0 and np.isnan(there.spread).all()
