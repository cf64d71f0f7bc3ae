"""What pictures of a recording need: few enough steps and layers to be drawn, as grids, whatever the recording's size."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy import ndarray

from ..recording.recording import Recording
from ..registry import Named, registry
from .grids import Grids, picked

MOST_STEPS, MOST_LAYERS, MOST_TIMES, MOST_RECURRENT = 50, 40, 60, 4

QUANTITIES = registry(
    Named("signal", "Signal ∂L/∂h", "How much of the loss's signal arrives at each layer's output."),
    Named("gradient", "Gradient ∂L/∂W", "What each layer's weights are told, before anything is clipped."),
    Named(
        "ratio", "Step ΔW over W", "How far a step moves a layer's weights, as a share of them; about 10⁻³ is usual."
    ),
    Named("zeros", "Share of zeros", "How many entries of the signal at a layer's output are exactly 0."),
)


@dataclass(frozen=True)
class ThroughTime:
    """A recurrent layer's signal (S, T) as ln-norms, at the steps of the flow; ``kind`` "state" or "input"."""

    layer: str
    kind: str
    times: ndarray
    log_norm: ndarray


@dataclass(frozen=True)
class Flow:
    """Grids (S, L) over drawn steps and layers, by quantity: natural logarithms, but shares from 0 to 1 for "zeros".

    NaN: not recorded. −∞: exactly 0. +∞: NaN or ∞ was recorded. ``before`` and ``after`` clipping (S,): ln-norm of the whole
    gradient. ``losses`` (N, 2): step and loss. recorded: (steps, layers) that there are; drawn are at most as many as fit.
    """

    steps: ndarray
    layers: tuple[str, ...]
    types: tuple[str, ...]
    grids: Mapping[str, ndarray]
    times: tuple[ThroughTime, ...]
    before: ndarray
    after: ndarray
    losses: ndarray
    recorded: tuple[int, int]
    every: int


def flow(recording: Recording) -> Flow:
    """Makes the flow of a recording: its layers with weights (or all, where none has), evenly chosen where they are too many."""
    grids = Grids(recording)
    shown = grids.weighted or grids.chain
    at = picked(len(grids.steps), MOST_STEPS) if len(grids.steps) else np.empty(0, int)
    layers = [shown[i] for i in picked(len(shown), MOST_LAYERS)] if shown else []
    with np.errstate(invalid="ignore"):
        ratio = grids.of("update", nonfinite=True) - grids.of("weight", nonfinite=True)
        ratio[np.isposinf(grids.of("update", nonfinite=True))] = np.inf
    kinds = {
        "signal": grids.of("output", nonfinite=True),
        "gradient": grids.of("gradient", nonfinite=True),
        "ratio": ratio,
        "zeros": grids.of("output", "zeros"),
    }
    times: list[ThroughTime] = []
    for layer in range(len(grids.layers)):
        kind, steps, values = grids.through_time(layer, nonfinite=True)
        if kind and len(times) < MOST_RECURRENT:
            some = picked(len(steps), MOST_TIMES)
            times.append(ThroughTime(grids.layers[layer], kind, steps[some], values[at][:, some]))
    losses = np.array(recording.losses, float).reshape(-1, 2)
    return Flow(
        grids.steps[at].astype(np.int64),
        tuple(grids.layers[layer] for layer in layers),
        tuple(grids.type_of(layer) for layer in layers),
        {name: grid[at][:, layers] for name, grid in kinds.items()},
        tuple(times),
        grids.total("gradient", nonfinite=True)[at],
        grids.total("seen", nonfinite=True)[at],
        losses[picked(len(losses), 10 * MOST_STEPS)] if len(losses) else losses,
        (len(recording.steps), len(shown)),
        recording.every,
    )
