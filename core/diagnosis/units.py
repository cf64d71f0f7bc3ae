"""Rules about units that no signal gets through: dead ones, and saturated ones."""

import math
from itertools import pairwise

import numpy as np

from ..wording import LN10, scientific
from .ailments import DEAD_OUTPUT, DEAD_WEIGHTS, FAR, FLAT
from .base import FINE, FOUND, UNKNOWN, Check
from .grids import Grids, median

CURVED = {"Tanh": 1.0, "Sigmoid": 0.25}  # class → its steepest slope
KINKED = ("ReLU", "ReLU6", "RReLU", "Hardtanh", "Hardswish", "Threshold")  # classes whose slope is 0 on a side
_IDLE = 0.9  # share of exact zeros at the read-out beyond which the loss says too little
_SPARSE = ("Embedding", "EmbeddingBag")  # most weights have no gradient, as most words do not occur


def dead(grids: Grids) -> Check:
    """Looks for exact zeros, both in the gradient at the output and in that of the weights: a unit that is 0 for every example.

    Where the read-out's own gradient has zeros (examples that are learned so well that their error rounds to 0), only the rest
    counts; where nearly all of it is 0, nothing can be said. The layer behind must have a good part of the signal: else its
    zeros are those of a number that was too small.
    """
    zeros, weights = grids.of("output", "zeros"), grids.of("gradient", "zeros")
    late = grids.late()
    layers = [layer for layer in grids.weighted if grids.type_of(layer) not in _SPARSE]
    idle = zeros[late, layers[-1]] if layers else np.zeros(0)
    with np.errstate(invalid="ignore"):
        alive = idle < _IDLE
    out, shares = grids.of("output"), []
    for layer, behind in pairwise(layers):
        if median(out[late, behind] - out[late, layers[-1]]) < -FAR * LN10:
            continue  # a signal so weak may have underflowed to 0
        at_output = median((zeros[late, layer][alive] - idle[alive]) / (1 - idle[alive]))
        at_weights = median(weights[late, layer][alive])
        if not math.isnan(at_output + at_weights):
            shares.append((at_weights, at_output, grids.layers[layer]))
    if not shares:
        said = "In the last quarter of the recording there is too little signal to tell, or nothing left to learn."
        return Check("dead", UNKNOWN, said)
    smooth = not {*grids.types}.isdisjoint(CURVED) and {*grids.types}.isdisjoint(KINKED)
    ill = sorted(
        (one for one in shares if one[0] >= DEAD_WEIGHTS and one[1] >= DEAD_OUTPUT and not smooth), reverse=True
    )
    at_weights, at_output, name = ill[0] if ill else max(shares)
    said = (
        f"In “{name}”, {at_weights:.0%} of the weights receive a gradient of exactly 0, "
        f"and so do {max(0, at_output):.0%} of the entries of its output."
    )
    if len(ill) > 1:
        said = f"{len(ill)} of {len(layers)} layers are concerned. The worst: {said[0].lower()}{said[1:]}"
    return Check("dead", FOUND if ill else FINE, said, tuple(one[2] for one in ill), value=at_weights)


def saturated(grids: Grids) -> Check:
    """Measures how much of a gradient an activation lets through: its slope, as root mean square over units and examples.

    It takes a recorded activation module behind another recorded module of the same size (``layers="*"`` records them all). The
    one behind the last weights is left out: an output may well be sure of itself.
    """
    out, size, late = grids.of("output"), grids.of("output", "size"), grids.late()
    last = grids.weighted[-1] if grids.weighted else -1
    activations = []
    for before, at in pairwise(grids.chain):
        kind = grids.type_of(at)
        if kind in CURVED and at < last and np.array_equal(size[:, before], size[:, at], equal_nan=True):
            with np.errstate(invalid="ignore"):
                slopes = out[late, before] - out[late, at]
            slope = median(slopes)
            if not math.isnan(slope):
                activations.append((slope - math.log(CURVED[kind]), slope, grids.layers[at], kind))
    if not activations:
        said = "No tanh or sigmoid module was recorded between two others: GradientRecorder(…, layers=“*”) records all of them."
        return Check("saturated", UNKNOWN, said)
    activations.sort()
    ill = [one for one in activations if one[0] < math.log(FLAT)]
    share, slope, name, kind = activations[0]
    said = f"“{name}” ({kind}) lets a slope of {scientific(slope)} through, {_percent(share)} of its steepest."
    if ill:
        said += f" Below {FLAT:.0%}: {len(ill)} of {len(activations)} such activations."
    return Check("saturated", FOUND if ill else FINE, said, tuple(one[2] for one in ill), value=share)


def _percent(share: float) -> str:
    """Says ln of a share as percent, tiny ones as a power of ten."""
    return f"{math.exp(share):.0%}" if share > math.log(0.005) else scientific(share)
