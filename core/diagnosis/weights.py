"""Rules about the weights: how far a step moves them, and what clipping leaves of their gradient."""

import math

import numpy as np

from ..wording import scientific
from .ailments import CLIPPED, FEW, STILL, WILD
from .base import FINE, FOUND, NOTED, UNKNOWN, Check
from .grids import LATE, Grids, amount, median

_FALLEN = 0.9  # of the first loss: a loss that is below has fallen


def moved(grids: Grids) -> list[Check]:
    """Checks for layers thrown about or standing still: ln of ‖ΔW‖/‖W‖ for each layer, median over the recorded steps."""
    with np.errstate(invalid="ignore"):
        grid = grids.of("update") - grids.of("weight")
    grid[grid == np.inf] = np.nan  # weights that start at 0
    ratios = [(median(grid[:, layer]), grids.layers[layer]) for layer in grids.weighted]
    ratios = [(ratio, name) for ratio, name in ratios if not math.isnan(ratio)]
    if not ratios:
        return [Check(name, UNKNOWN, "The recording has no updates of weights.") for name in ("wild", "still")]
    low, high = min(ratios), max(ratios)
    said = f"A step changes “{high[1]}” by {amount(high[0])} its weights, more than any other layer, and "
    said += f"“{low[1]}”, the slowest, by {amount(low[0])} its weights."
    wild = [name for ratio, name in sorted(ratios, reverse=True) if ratio > WILD]
    still = [name for ratio, name in sorted(ratios) if ratio < STILL and ratio < high[0] + FEW]
    if not still and high[0] < STILL and not _falls(grids):
        still = [name for _, name in sorted(ratios)]
    return [
        Check("wild", FOUND if wild else FINE, _counted(wild, len(ratios)) + said, tuple(wild), value=high[0]),
        Check("still", FOUND if still else FINE, _counted(still, len(ratios)) + said, tuple(still), value=low[0]),
    ]


def clipped(grids: Grids) -> Check:
    """Checks what the optimiser saw of the gradient that the backward pass left."""
    with np.errstate(invalid="ignore"):
        kept = grids.total("seen") - grids.total("gradient")
    share = median(kept)
    if math.isnan(share):
        said = "The gradient is not recorded both before and after clipping: give the recorder the optimizer."
        return Check("clipped", UNKNOWN, said)
    struck = float(np.mean(kept[~np.isnan(kept)] < -1e-3))
    if not struck:
        return Check("clipped", FINE, "The optimiser saw every gradient as the backward pass left it.")
    said = f"In {struck:.0%} of the recorded steps, the gradient was cut. The optimiser saw {scientific(share)} of it (median)."
    return Check("clipped", NOTED if share < CLIPPED else FINE, said, value=share)


def _falls(grids: Grids) -> bool:
    """Tells whether the loss has fallen from the first to the last quarter; True where nobody knows."""
    losses = np.array([loss for _, loss in grids.recording.losses if math.isfinite(loss)])
    quarter = len(losses) // LATE
    return not quarter or median(losses[-quarter:]) < _FALLEN * median(losses[:quarter])


def _counted(layers: list[str], of: int) -> str:
    return f"{len(layers)} of {of} layers are concerned. " if len(layers) > 1 else ""
