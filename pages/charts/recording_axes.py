"""From a recording's flow to the table that is drawn, and to the axes, which stay still while the slider moves.

The axes know numbers only: the names of the layers travel with the table, because a chart's text is kept and shared.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy import ndarray

from core.diagnosis import QUANTITIES, Flow
from core.wording import LN10, scientific

COLUMNS = ["role", "key", "layer", "series", "column", "step", "left", "right", "lag", "value", "state", "text"]
GUTTER = 0.24  # of the width, for the layers' names
_DEEPEST = 40  # decades that a scale spans at most
_SEAM = 0.06  # of a column, drawn under the next one: else the ground shines through between them
_CLIPPED = 1e-3  # nats by which the optimiser's gradient differs from the backward pass's, if it was clipped
_LONGEST = 14  # letters of a layer's name beside the picture
_UNITS = {"signal": "‖∂L/∂h‖", "gradient": "‖∂L/∂W‖", "ratio": "‖ΔW‖ / ‖W‖", "zeros": "share of zeros"}


@dataclass(frozen=True)
class RecordingAxes:
    """layers: rows of the heatmap. first, last, gap: steps, and how far apart; span: their axis, with room for names. floor, top:
    decades, or 0 and 1 for a share. times: steps back that there are (0: no recurrent layer); time_range, loss, clip: decades
    of that signal, of the loss, and of the whole gradient where it was clipped.
    """

    quantity: str
    layers: int
    first: int
    last: int
    gap: int
    span: tuple[float, float]
    floor: float
    top: float
    times: int = 0
    time_range: tuple[int, int] = (0, 1)
    loss: tuple[int, int] | None = None
    clip: tuple[int, int] | None = None

    @property
    def share(self) -> bool:
        """A share from 0 to 1, not a power of ten."""
        return self.quantity == "zeros"

    @property
    def title(self) -> str:
        """What is drawn."""
        return QUANTITIES[self.quantity].label

    @property
    def unit(self) -> str:
        """The same as a formula."""
        return _UNITS[self.quantity]

    @property
    def row_height(self) -> int:
        """Pixels of a layer's row."""
        return max(9, min(22, 300 // max(1, self.layers)))


def recording_axes(flow: Flow, quantity: str) -> RecordingAxes:
    """Returns the axes on which a quantity of this flow is drawn."""
    steps = flow.steps
    edges = _edges(steps)
    room = (edges[-1] - edges[0]) * GUTTER / (1 - GUTTER)
    floor, top = (0, 1) if quantity == "zeros" else _range(flow.grids[quantity])
    times = max((int(layer.times[-1]) for layer in flow.times if len(layer.times)), default=0)
    both = np.isfinite(flow.after) & np.isfinite(flow.before)
    clipped = np.abs(flow.after[both] - flow.before[both]) > _CLIPPED
    with np.errstate(divide="ignore", invalid="ignore"):
        losses = np.log(flow.losses[:, 1])
    return RecordingAxes(
        quantity,
        len(flow.layers),
        int(steps[0]),
        int(steps[-1]),
        int(min(np.diff(steps), default=1)),
        (float(edges[0] - room), float(edges[-1])),
        floor,
        top,
        times,
        _range(*(layer.log_norm for layer in flow.times)) if times else (0, 1),
        _range(losses) if len(losses) > 1 else None,
        _range(flow.before, flow.after) if clipped.any() else None,
    )


def frame(flow: Flow, quantity: str) -> pd.DataFrame:
    """Makes one row per layer and step, per layer's name, per time step, and per point of the histories; ``role`` says which."""
    axes = recording_axes(flow, quantity)
    edges, grid = _edges(flow.steps), flow.grids[quantity]
    keys = [f"{i:03d} {_short(name)}" for i, name in enumerate(flow.layers)]
    seam = _SEAM * (edges[-1] - edges[0]) / len(flow.steps)
    rows: list[dict[str, Any]] = [{"role": "now"}]
    rows += [{"role": "name", "key": key, "value": axes.floor, "step": axes.first} for key in keys]
    for column, step in enumerate(flow.steps.tolist()):
        right = min(edges[column + 1] + seam, edges[-1])
        place = {"column": column, "step": step, "left": float(edges[column]), "right": float(right)}
        for i, value in enumerate(grid[column].tolist()):
            if not math.isnan(value):
                rows.append({"role": "cell", "key": keys[i], "layer": flow.layers[i], **place, **_point(value, axes)})
    for layer in flow.times:
        for column, step in enumerate(flow.steps.tolist()):
            rows += _times(layer.layer, step, layer.times, layer.log_norm[column], axes)
    rows += _history(flow, axes)
    # whole numbers without a gap would reach the browser as integers of 64 bits, which Vega can't draw
    return pd.DataFrame(rows, columns=COLUMNS).astype({"step": float})


def _point(value: float, axes: RecordingAxes) -> dict[str, Any]:
    """How a quantity is drawn and said: a share as it is, a logarithm in decades within the scale."""
    if axes.share:
        return {"value": value, "state": "ok", "text": f"{value:.1%}"}
    return _decades(value, axes.floor, axes.top)


def _decades(value: float, floor: float, top: float) -> dict[str, Any]:
    if value == -math.inf:
        return {"value": floor, "state": "zero", "text": "exactly 0"}
    if value == math.inf:
        return {"value": top, "state": "bad", "text": "NaN or ∞"}
    return {"value": round(min(max(value / LN10, floor), top), 4), "state": "ok", "text": scientific(value)}


def _times(layer: str, step: int, times: ndarray, values: ndarray, axes: RecordingAxes) -> Iterator[dict[str, Any]]:
    for at, value in zip(times.tolist(), values.tolist(), strict=True):
        if not math.isnan(value):
            yield {
                "role": "time",
                "series": layer,
                "step": step,
                "lag": axes.times - at,
                **_decades(value, *axes.time_range),
            }


def _history(flow: Flow, axes: RecordingAxes) -> Iterator[dict[str, Any]]:
    """The loss, and the whole gradient before and after clipping, where they are drawn."""
    for step, loss in flow.losses.tolist() if axes.loss else ():
        log = math.log(loss) if 0 < loss < math.inf else -math.inf if loss == 0 else math.inf
        if not loss < 0:  # a log axis has no place for it
            yield {"role": "loss", "series": "loss", "step": int(step), **_decades(log, *axes.loss or (0, 1))}
    for name, values in (("before clipping", flow.before), ("as the optimiser saw it", flow.after)):
        for step, value in zip(flow.steps.tolist(), values.tolist(), strict=True) if axes.clip else ():
            if not math.isnan(value):
                yield {"role": "whole", "series": name, "step": step, **_decades(value, *axes.clip or (0, 1))}


def _edges(steps: ndarray) -> ndarray:
    """Where each step's column begins and ends, half-way to its neighbours."""
    if len(steps) == 1:
        return np.array([steps[0] - 0.5, steps[0] + 0.5])
    middle = (steps[1:] + steps[:-1]) / 2
    return np.concatenate([[1.5 * steps[0] - 0.5 * steps[1]], middle, [1.5 * steps[-1] - 0.5 * steps[-2]]])


def _range(*logs: ndarray) -> tuple[int, int]:
    """Whole decades around all finite numbers; of a very wide range the upper part."""
    values = np.concatenate([log.ravel() for log in logs]) if logs else np.empty(0)
    known = values[np.isfinite(values)] / LN10
    if not len(known):
        return (-1, 0)
    top = math.ceil(float(known.max()) + 1e-9)
    return (max(min(math.floor(float(known.min())), top - 1), top - _DEEPEST), top)


def _short(name: str) -> str:
    """The end of a name, which tells more than its beginning; only letters that can be shown."""
    plain = "".join(letter if letter.isprintable() else "?" for letter in name)
    return plain if len(plain) <= _LONGEST else "…" + plain[1 - _LONGEST :]
