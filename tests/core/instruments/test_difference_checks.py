"""The check of exactness: it agrees with backpropagation where that is right, and notices where it is wrong."""

import numpy as np
import pytest

import core
from core.instruments import exactness
from core.instruments.exactness import STEPS, check
from core.parts.cells import CELLS


@pytest.mark.parametrize("cell", CELLS)
def test_jacobian_products_hold_at_any_size(cell: str) -> None:
    """Whole gradient vectors agree to 10⁻⁷ over 40 steps, in cells with one state and with two."""
    task = core.France(gap=34)
    found = check(core.Experiment(core.Recurrent(cell=cell, hidden=8, embedding=4), task))
    assert np.nanmax(found.jacobians) < 1e-7
    assert found.jacobians.shape == found.log_norm.shape == (40,)


def test_jacobian_products_of_a_stack() -> None:
    """Two layers: each map moves one layer's h and c, and the rest of the state stays."""
    found = check(core.Experiment(core.Recurrent(cell="lstm", layers=2, hidden=5, embedding=4), core.France(gap=4)))
    assert found.log_norm.shape == (20,)
    assert found.jacobians.max() < 1e-8


@pytest.mark.parametrize("skip", ["none", "residual", "highway"])
@pytest.mark.parametrize("normalisation", ["none", "layer"])
def test_jacobian_products_of_layers(skip: str, normalisation: str) -> None:
    """The same through layers, whose first one changes the width."""
    network = core.FeedForward(depth=10, width=12, skip=skip, normalisation=normalisation, activation="tanh")
    found = check(core.Experiment(network, core.Blobs()))
    np.testing.assert_array_equal(found.position, np.arange(1, 11))
    assert found.jacobians.max() < 1e-7


def test_norms_are_those_of_the_profile() -> None:
    """For one layer of a cell without c the whole state is h."""
    experiment = core.Experiment(core.Recurrent(), core.France(gap=60))
    found, (profile,) = check(experiment), core.measure_many([experiment])
    np.testing.assert_allclose(found.log_norm, profile.log_norm, atol=1e-11)


def test_plain_differences_prove_nothing_when_the_gradient_is_small() -> None:
    """science.md: 5·10⁻¹⁰ at 2·10⁻², and all wrong at 10⁻¹⁵ and below; there the Jacobians still agree."""
    found = check(core.Experiment(core.Recurrent(), core.France(gap=60)))
    decades = found.log_norm / np.log(10)
    assert found.differences[decades > -2].max() < 1e-8
    assert found.usual[(decades > -8) & (decades < -5)].max() < 0.1
    assert found.usual[decades < -11].min() > 0.5
    assert found.differences[decades < -17].min() > 0.5
    assert found.jacobians.max() < 1e-8
    np.testing.assert_array_equal(found.usual, found.all_lengths[np.isclose(STEPS, 1e-6)][0])


def test_a_wrong_gradient_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Autograd's way back spoiled by a thousandth at every step: the error is what k such steps make."""
    right = exactness._backwards
    spoil = lambda *args: [1.001 * part for part in right(*args)]  # noqa: E731
    monkeypatch.setattr(exactness, "_backwards", spoil)
    found = check(core.Experiment(core.Recurrent(hidden=8), core.France(gap=4)))
    lag = np.arange(10)[::-1]
    np.testing.assert_allclose(found.jacobians[:-1], 1 - 1.001 ** -lag[:-1], rtol=1e-4)
    assert found.jacobians[-1] == 0


def test_batchnorm_has_no_jacobian_of_one_example() -> None:
    """Examples depend on each other: no number rather than a wrong one."""
    found = check(core.Experiment(core.FeedForward(depth=4, width=8, normalisation="batch"), core.Blobs()))
    assert np.isnan(found.jacobians).all()
    assert found.differences.max() < 1e-6


def test_a_gradient_of_zero_is_no_number() -> None:
    """With a recurrent matrix of zeros nothing goes back beyond the last step."""
    found = check(core.Experiment(core.Recurrent(gain=0.0), core.France(gap=1)))
    assert (found.log_norm[:-1] == -np.inf).all()
    assert np.isnan(found.jacobians[:-1]).all() and np.isnan(found.differences[:-1]).all()
    assert found.jacobians[-1] == 0


def test_attention_is_refused() -> None:
    """A clear message."""
    with pytest.raises(core.SpecError, match="one loss"):
        check(core.Experiment(core.Attention(), core.France(gap=1)))
