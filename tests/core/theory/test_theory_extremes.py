"""Theory never fails: whatever the settings or the weights, it says something, and numbers only where there are some."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import core
from core.experiment.sampling import initial
from core.fields import Choice, Flag, Number, rules
from core.networks import Convolutional
from core.parts.cells import CELLS
from core.theory.steps import predict_steps

SMALL = {"depth": 12, "width": 16, "hidden": 12, "layers": 2, "embedding": 8, "chrono": 50}


def any_network(kind: type) -> st.SearchStrategy:
    """A spec of this kind with any settings, but for sizes that take long; the ends of every range are likely."""
    each: dict[str, st.SearchStrategy] = {}
    for name, rule in rules(kind).items():
        if isinstance(rule, Choice):
            each[name] = st.sampled_from(list(rule.options))
        elif isinstance(rule, Flag):
            each[name] = st.booleans()
        elif isinstance(rule, Number):
            low, high = rule.low, min(rule.high, SMALL.get(name, rule.high))
            inside = st.integers(int(low), int(high)) if rule.whole else st.floats(low, high)
            each[name] = st.sampled_from([int(low), int(high)] if rule.whole else [low, high]) | inside
    return st.builds(kind, **each)


def sound(predictions: tuple[core.Prediction, ...]) -> None:
    """A reason with each; slopes are numbers or withheld, curves are numbers."""
    assert predictions
    for each in predictions:
        assert each.holds
        assert np.isnan(each.slope) or np.isfinite(each.slope) or (each.slope == -np.inf and "bound" in each.name)
        assert each.curve is None or np.isfinite(each.curve).all()


@settings(max_examples=60, deadline=None)
@given(network=any_network(core.FeedForward) | any_network(Convolutional))
def test_any_network_of_layers(network: core.FeedForward | Convolutional) -> None:
    """At the ends of all ranges too."""
    sound(core.predict(core.Experiment(network, core.Blobs(inputs=8))))


@settings(max_examples=60, deadline=None)
@given(network=any_network(core.Recurrent))
def test_any_recurrent_network(network: core.Recurrent) -> None:
    """Likewise."""
    sound(core.predict(core.Experiment(network, core.Noise(length=12, inputs=3))))


@pytest.mark.parametrize("value", [np.nan, np.inf, 1e30, 0.0])
@pytest.mark.parametrize("cell", CELLS)
def test_any_weights(cell: str, value: float) -> None:
    """A training that blew up or died."""
    experiment = core.Experiment(core.Recurrent(cell=cell, hidden=4), core.Noise(length=8))
    parameters = {name: np.full_like(values, value) for name, values in initial(experiment).items()}
    sound(predict_steps(experiment, parameters))
