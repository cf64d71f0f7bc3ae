"""Curves to roll down: a loss L(w) of one weight, with its slope written out."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy import ndarray

from ..parts.activations import sigmoid
from ..registry import registry

Function = Callable[[Any], Any]  # of a number or of an array of them


@dataclass(frozen=True)
class Curve:
    """``value`` L(w), ``slope`` L′(w) and ``bend`` L″(w), of a float64 number or an array of them.

    ``minima``: every local minimum, from left to right; ``stops``: where else the slope is 0. ``low``, ``high``: the stretch
    worth drawing, all of these inside.
    """

    name: str
    label: str
    lesson: str
    value: Function
    slope: Function
    bend: Function
    minima: tuple[float, ...]
    stops: tuple[float, ...]
    low: float
    high: float

    @property
    def lowest(self) -> float:
        """The global minimum's place."""
        return min(self.minima, key=lambda w: float(self.value(w)))


_TARGET = float(sigmoid(np.array(2.0)))


def _neuron_slope(w: ndarray) -> ndarray:
    s = sigmoid(w)
    return (s - _TARGET) * s * (1 - s)


def _neuron_bend(w: ndarray) -> ndarray:
    s = sigmoid(w)
    return s * (1 - s) * (s * (1 - s) + (s - _TARGET) * (1 - 2 * s))


def _valleys() -> Curve:
    """L = (w² − 1)² / 4 + tilt · w; its slope w³ − w + tilt has three real roots, the outer two are the minima."""
    tilt = 0.15
    left, top, right = np.sort(np.roots([1.0, 0.0, -1.0, tilt]).real)
    return Curve(
        "valleys",
        "Two valleys",
        "It ends in the valley it starts in: downhill is not the way to the lowest point, only to a lower one.",
        lambda w: (w**2 - 1) ** 2 / 4 + tilt * w,
        lambda w: w**3 - w + tilt,
        lambda w: 3 * w**2 - 1,
        (float(left), float(right)),
        (float(top),),
        -2.0,
        2.0,
    )


CURVES = registry(
    Curve(
        "bowl",
        "Bowl",
        "L = w²/2: each step shortens the way by the same factor 1 − η; above η = 2 it overshoots farther every time.",
        lambda w: w**2 / 2,
        lambda w: w,
        np.ones_like,
        (0.0,),
        (),
        -3.0,
        3.0,
    ),
    _valleys(),
    Curve(
        "ravine",
        "Steep ravine in a wide bowl",
        "A learning rate that suits the wide bowl is too large for the ravine: it is thrown about and never settles.",
        lambda w: w**2 / 20 + 0.5 * np.log1p(25 * w**2),
        lambda w: w / 10 + 25 * w / (1 + 25 * w**2),
        lambda w: 0.1 + 25 * (1 - 25 * w**2) / (1 + 25 * w**2) ** 2,
        (0.0,),
        (),
        -3.0,
        3.0,
    ),
    Curve(
        "plateau",
        "Saturated neuron",
        "L = (σ(w) − σ(2))²/2: far left the slope fades like eʷ, and the neuron that is most wrong learns most slowly.",
        lambda w: (sigmoid(w) - _TARGET) ** 2 / 2,
        _neuron_slope,
        _neuron_bend,
        (2.0,),
        (),
        -10.0,
        10.0,
    ),
    Curve(
        "ledge",
        "Ledge",
        "L = w⁴/4 − w³/3: at 0 the slope is exactly 0 and there is no minimum. No slope does not mean arrived.",
        lambda w: w**4 / 4 - w**3 / 3,
        lambda w: w**3 - w**2,
        lambda w: 3 * w**2 - 2 * w,
        (1.0,),
        (0.0,),
        -1.0,
        2.0,
    ),
)
