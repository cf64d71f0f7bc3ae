"""When numbers run out: against a scalar that is halved by hand, and the values of science.md."""

import dataclasses

import numpy as np
import pytest

import core
from core.instruments.underflow import FARTHEST, underflow


def halving() -> core.Run:
    """W_hh = ½ I, no input and no bias: h stays 0, tanh′ = 1, and every step back halves ∂L/∂h = −⅞ of one unit exactly."""
    run = core.start(core.Experiment(core.Recurrent(hidden=4, embedding=2), core.France(gap=2)))
    parameters = {name: np.zeros_like(values) for name, values in run.parameters.items()}
    parameters["recurrent.weight_hh_l0"] = 0.5 * np.eye(4, dtype=np.float32)
    parameters["readout.weight"][0, 0] = 1.0  # the first sentence's answer is the first class
    return dataclasses.replace(run, parameters=parameters)


@pytest.mark.parametrize(("name", "kind"), [("float16", np.float16), ("float32", np.float32), ("float64", np.float64)])
def test_halving(name: str, kind: type[np.floating]) -> None:
    """NumPy's scalars of the same format, halved until 0, with their rounding to even."""
    run = halving()
    found = underflow(run.experiment, run, dtypes=(name,))
    sizes = [kind(0.875)]
    while sizes[-1] > 0:
        sizes.append(sizes[-1] * kind(0.5))
    assert found.gradient == [len(sizes) - 1]
    assert found.digits == [next(k for k, size in enumerate(sizes) if size < np.finfo(kind).smallest_normal)]
    wide = kind if name != "float16" else np.float32  # in which torch adds up the squares
    norms = [kind(np.sqrt(wide(size) * wide(size))) for size in sizes]
    assert found.norm == [next(k for k, norm in enumerate(norms) if norm == 0)]


def test_reference_values() -> None:
    """science.md: gradient 0 after 29, 144 and 173 steps, the norm in float64 after 618; another draw shifts them by a tenth."""
    found = [underflow(core.Experiment(core.Recurrent(), core.Noise(), seed=seed)) for seed in range(3)]
    gradient = np.mean([each.gradient for each in found], axis=0)
    np.testing.assert_allclose(gradient[:3], [29, 144, 173], rtol=0.25)
    assert np.mean([each.norm[3] for each in found]) == pytest.approx(618, rel=0.25)
    for each in found:
        assert (each.digits[[0, 2, 3]] < each.gradient[[0, 2, 3]]).all()
        assert each.norm[3] < 0.55 * each.gradient[3]
        assert (np.diff(each.gradient) > 0).all()


def test_a_gate_can_hold_the_smallest_number_for_ever() -> None:
    """.73 times the smallest number rounds to the smallest number: the gradient in c never gets to 0 and means nothing."""
    found = underflow(
        core.Experiment(core.Recurrent(cell="lstm", forget_bias=1.0), core.France(gap=2)), dtypes=("float16",)
    )
    assert found.digits < 60
    assert found.gradient == np.inf


def test_nothing_is_lost_where_nothing_vanishes() -> None:
    """tanh with small, orthogonal and slightly too large weights explodes instead; then there is no answer."""
    still = core.Experiment(core.Recurrent(cell="lstm", forget_bias=10.0), core.France(gap=2))
    assert underflow(still, dtypes=("float32",)).digits == np.inf
    wild = core.Experiment(core.Recurrent(cell="relu", gain=3.0, initialiser="gaussian"), core.France(gap=2))
    assert np.isnan(underflow(wild, dtypes=("float32",)).gradient)
    assert FARTHEST == 2000


@pytest.mark.parametrize(
    "network", [core.Recurrent(tied=False), core.Attention(), core.FeedForward()], ids=["untied", "attention", "mlp"]
)
def test_others_are_refused(network: core.Recurrent | core.FeedForward) -> None:
    """They have no 2000 steps."""
    task = core.Blobs() if isinstance(network, core.FeedForward) else core.France(gap=2)
    with pytest.raises(core.SpecError, match="steps"):
        underflow(core.Experiment(network, task))
