"""Predicted decay per layer of an untrained network, drawn only where it holds."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy import ndarray

from ..experiment.sampling import held_out
from ..experiment.specs import Experiment
from ..gradients.measure import MEASURED
from ..gradients.profile import Prediction, fit_line
from ..networks.convolutional import Convolutional
from ..networks.layered import Layered
from .copied import copied
from .meanfield import Data, Layer, mean_field
from .overlap import coupled
from .reach import objection, strays, wander


def predict_layers(experiment: Experiment) -> tuple[Prediction, ...]:
    """ln of the gradient norm at layers 1 … depth relative to the last, for an untrained network of layers.

    Mean field, or for identity matrices the scalar map; slope NaN and no curve where that does not hold, ``holds`` says why.
    """
    network = experiment.network
    assert isinstance(network, Layered)
    points = held_out(experiment, MEASURED).inputs
    if network.initialiser == "identity":
        return (copied(network, points),)
    with np.errstate(all="ignore"):
        return (_mean_field(network, points),)


def _mean_field(network: Layered, points: ndarray) -> Prediction:
    data = Data.of(points, network)
    layers = mean_field(network, data)
    curve = curve_of(network, layers)
    why_not = objection(network, layers, _range(network, points, data, layers))
    if why_not or not np.isfinite(curve).all():
        return Prediction("mean field", np.nan, f"wide untrained networks, not here: {why_not}")
    holds = f"wide untrained networks; one draw strays by up to {max(strays(network, layers), 0.001):.3f} nats per layer here"
    return Prediction("mean field", slope_of(curve), holds, curve)


def curve_of(network: Layered, layers: list[Layer]) -> ndarray:
    """ln of the gradient norm at layers 1 … depth relative to the last."""
    if network.normalisation == "none" and network.skip != "none":
        return _curve(coupled(layers, network.width))
    return _curve([layer.growth for layer in layers[1:]])


def _curve(growth: Sequence[float] | ndarray) -> ndarray:
    return 0.5 * np.append(np.cumsum(np.log(growth)[::-1])[::-1], 0.0)


def slope_of(curve: ndarray) -> float:
    """The straight line through a predicted curve, fitted as a measured one would be."""
    return fit_line(np.arange(len(curve))[::-1], curve).slope


def _range(network: Layered, points: ndarray, data: Data, layers: list[Layer]) -> tuple[float, float]:
    """The least and the greatest of the slopes that theory could as well predict.

    From the smallest and the largest of the inputs, and what chance makes of those on the way up. In a convolutional network that
    is read out at every place, overlaps spread over the places: they are shared by one place's units at first, by all in the end.
    """
    if network.normalisation != "none" or network.depth < 2:
        return 0.0, 0.0
    squares = (points**2).mean(-1)
    chance = np.exp(min(wander(network, layers), 1.0))
    ends = squares.min() / chance, squares.max() * chance
    growths: list[Sequence[float] | ndarray] = [
        [layer.growth for layer in mean_field(network, replace(data, square=q))[1:]] for q in ends
    ]
    if isinstance(network, Convolutional) and not network.pooled and network.skip != "none":
        growths += [coupled(layers, units) for units in (network.width, network.width * points.shape[-1])]
    slopes = [slope_of(_curve(growth)) for growth in growths]
    return min(slopes), max(slopes)
