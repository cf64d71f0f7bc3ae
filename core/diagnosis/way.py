"""Rules about the signal ∂L/∂h on its way: through the layers, and through time."""

import math
from dataclasses import replace

import numpy as np
from numpy import ndarray

from ..wording import LN10, scientific
from .ailments import AILMENTS, FAR
from .base import FINE, FOUND, UNKNOWN, Check
from .grids import Grids, amount, median

FEWEST_LAYERS, FEWEST_STEPS = 3, 5  # of which “through” can be said


def through_layers(grids: Grids) -> list[Check]:
    """Checks both ailments of depth, from the share of the last layer's signal that reaches the first one."""
    way = grids.weighted if len(grids.weighted) >= FEWEST_LAYERS else grids.chain
    if len(way) < FEWEST_LAYERS:
        said = f"The recording has ∂L/∂h of {len(way)} layers; it takes {FEWEST_LAYERS} to speak of a way."
        return [Check(name, UNKNOWN, said) for name in ("exploding", "vanishing")]
    out = grids.of("output")
    shares = _difference(out[:, way[0]], out[:, way[-1]])
    share = median(shares)
    if math.isnan(share):
        said = "No recorded step has a finite signal at both ends of the network."
        return [Check(name, UNKNOWN, said) for name in ("exploding", "vanishing")]
    first, last, between = grids.layers[way[0]], grids.layers[way[-1]], len(way) - 1
    said = f"“{first}” receives {amount(share)} the signal at “{last}”"
    if share == -math.inf:
        said = f"“{first}” receives exactly nothing of the signal at “{last}”{_where_lost(grids, out, way)}"
    else:
        said += f": a factor of {scientific(share / between)} for each of the {between} layers on the way"
    known = shares[~np.isnan(shares)]
    said += (
        f" (median of {len(known)} recorded steps; {scientific(known[0])} at first, {scientific(known[-1])} at last)."
    )
    return [
        Check("exploding", FOUND if share > FAR * LN10 else FINE, said, (first,), value=share),
        Check("vanishing", FOUND if share < -FAR * LN10 else FINE, said, (first,), value=share),
    ]


def _where_lost(grids: Grids, out: ndarray, way: list[int]) -> str:
    """Says from where on towards the input the signal is exactly 0, in the middle one of the recorded steps."""
    middle = [median(out[:, layer]) for layer in way]
    gone = [i for i, value in enumerate(middle) if value == -math.inf]
    if not gone or gone[-1] + 1 >= len(way):
        return ""
    last = scientific(middle[gone[-1] + 1])
    return f": from “{grids.layers[way[gone[-1]]]}” on towards the input it is 0 (the layer after it still has {last})"


def through_time(grids: Grids) -> list[Check]:
    """Checks both ailments of time, from the worst recurrent layer on either side."""
    shares = []
    for layer in range(len(grids.layers)):
        kind, times, grid = grids.through_time(layer)
        if kind and len(times) >= FEWEST_STEPS:
            share, steps = _first_of_last(times, grid)
            if not math.isnan(share):
                shares.append((share, steps, grids.layers[layer], kind, layer))
    if not shares:
        said = f"No recurrent layer of torch's with {FEWEST_STEPS} time steps or more was recorded."
        return [Check(name, UNKNOWN, said) for name in ("exploding_time", "vanishing_time")]
    low, high = min(shares), max(shares)
    exploding = Check(
        "exploding_time", FOUND if high[0] > FAR * LN10 else FINE, _said(*high[:4]), (high[2],), value=high[0]
    )
    vanishing = Check(
        "vanishing_time", FOUND if low[0] < -FAR * LN10 else FINE, _said(*low[:4]), (low[2],), value=low[0]
    )
    gated = AILMENTS["vanishing_time"].lstm_remedies
    return [exploding, replace(vanishing, remedies=gated) if grids.type_of(low[4]) == "LSTM" else vanishing]


def _first_of_last(times: ndarray, grid: ndarray) -> tuple[float, int]:
    """Returns ln of the share of the last time step's signal that reaches the first (median over steps), and how far that is.

    The last one is the latest that has a signal: behind it there may be padding, or nothing that the loss asks for.
    """
    alive = np.array([median(grid[:, i]) for i in range(len(times))])
    with np.errstate(invalid="ignore"):
        known = np.flatnonzero(np.isfinite(alive))
    if not len(known) or known[-1] == 0:
        return math.nan, 0
    return median(_difference(grid[:, 0], grid[:, known[-1]])), int(times[known[-1]] - times[0])


def _said(share: float, steps: int, layer: str, kind: str) -> str:
    """Returns the sentence with the numbers."""
    what = "state h_1" if kind == "state" else "first input x_1"
    if share == -math.inf:
        return f"In “{layer}”, the {what} receives exactly nothing of the signal {steps} steps later."
    if abs(share) < 1e-9:
        return f"In “{layer}”, the {what} receives as much of the signal as the one {steps} steps later."
    half = math.log(2) * steps / abs(share)
    turn = "halves" if share < 0 else "doubles"
    return (
        f"In “{layer}”, the {what} receives {amount(share)} the signal {steps} steps later: "
        f"going back, it {turn} every {half:.{1 if half < 10 else 0}f} steps."
    )


def _difference(one: ndarray, other: ndarray) -> ndarray:
    """Computes one − other; NaN where the other has no size to compare with."""
    with np.errstate(invalid="ignore"):
        result: ndarray = np.where(np.isfinite(other), one - other, np.nan)
    return result
