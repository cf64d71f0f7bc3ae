"""A recording as grids, steps × layers: what the rules of the diagnosis look at."""

import math
from dataclasses import replace

import numpy as np
from numpy import ndarray

from ..recording.kinds import ORDER
from ..recording.ledger import WHOLE
from ..recording.recording import Recording
from ..recording.selection import ROOT
from ..wording import scientific

MOST = 400  # steps, and layers, that a diagnosis looks at; of more, evenly chosen ones
LATE = 4  # the last quarter of the steps says what has become of a network


def picked(count: int, most: int) -> ndarray:
    """Picks at most ``most`` of the numbers 0 … count − 1, evenly spread, the first and the last among them."""
    return np.unique(np.linspace(0, count - 1, min(count, most)).round().astype(int))


def thinned(recording: Recording, steps: int = MOST, layers: int = MOST) -> Recording:
    """Returns the same recording with at most so many of its steps and layers (the model itself besides)."""
    all_steps = recording.steps
    named = [number for number, name in enumerate(recording.layers) if name != ROOT]
    kept = {named[i] for i in picked(len(named), layers)} if named else set()
    kept |= {number for number, name in enumerate(recording.layers) if name == ROOT}
    rows = recording.rows[np.isin(recording.rows["layer"], list(kept))]
    if len(all_steps):
        rows = rows[np.isin(rows["step"], all_steps[picked(len(all_steps), steps)])]
    return replace(recording, rows=rows)


class Grids:
    """Of each kind an array (S, L) over the recorded steps and all layers; NaN where nothing was recorded.

    ``chain`` are the numbers of the layers that a signal passes on its way, from the input to the read-out: neither the model
    itself nor what contains other recorded layers. ``weighted`` are those of them whose weights were trained.
    """

    def __init__(self, recording: Recording) -> None:
        self.recording = thinned(recording)
        self.steps = self.recording.steps
        self.layers, self.types = recording.layers, recording.types
        parents = {name[:i] for name in self.layers for i, letter in enumerate(name) if letter == "."}
        out, weight = self.of("output", nonfinite=True), self.of("weight", nonfinite=True)
        here = [number for number, name in enumerate(self.layers) if name != ROOT and name not in parents]
        self.chain = [number for number in here if not np.isnan(out[:, number]).all()]
        self.weighted = [number for number in here if not np.isnan(weight[:, number]).all()]

    def of(self, kind: str, column: str = "log_norm", nonfinite: bool = False) -> ndarray:
        """Returns one quantity about everything together. A norm that was NaN or ∞ is NaN, or with ``nonfinite`` +∞."""
        rows = self.recording.rows
        rows = rows[(rows["kind"] == ORDER.index(kind)) & (rows["position"] == WHOLE)]
        grid = np.full((len(self.steps), len(self.layers)), np.nan)
        grid[np.searchsorted(self.steps, rows["step"]), rows["layer"]] = _marked(rows[column], nonfinite)
        return grid

    def total(self, kind: str, nonfinite: bool = False) -> ndarray:
        """Returns the (S,) ln-norm over the whole model: its own row, or all weighted layers together."""
        grid = self.of(kind, nonfinite=nonfinite)
        if ROOT in self.layers and not np.isnan(grid[:, self.layers.index(ROOT)]).all():
            return grid[:, self.layers.index(ROOT)]
        some = grid[:, self.weighted]
        with np.errstate(all="ignore"):
            joint: ndarray = 0.5 * np.logaddexp.reduce(np.where(np.isnan(some), -np.inf, 2 * some), axis=1)
        return np.where(np.isnan(some).all(axis=1), np.nan, joint)

    def through_time(self, layer: int, nonfinite: bool = False) -> tuple[str, ndarray, ndarray]:
        """Returns the kind that knows a layer's time steps ("state", else "input", else ""), those (T,), ln-norms (S, T)."""
        for kind in ("state", "input"):
            rows = self.recording.rows
            rows = rows[(rows["kind"] == ORDER.index(kind)) & (rows["layer"] == layer) & (rows["position"] != WHOLE)]
            if len(rows):
                every = np.unique(rows["position"])
                times = every[picked(len(every), MOST)]
                rows = rows[np.isin(rows["position"], times)]
                grid = np.full((len(self.steps), len(times)), np.nan)
                at = np.searchsorted(self.steps, rows["step"]), np.searchsorted(times, rows["position"])
                grid[at] = _marked(rows["log_norm"], nonfinite)
                return kind, times, grid
        return "", np.empty(0, int), np.empty((len(self.steps), 0))

    def late(self) -> slice:
        """Returns the last quarter of the recorded steps, at least one."""
        return slice(len(self.steps) - max(1, len(self.steps) // LATE), None)

    def type_of(self, layer: int) -> str:
        """Returns the layer's class by name; "" where it is not known."""
        return self.types[layer] if self.types else ""


def _marked(values: ndarray, nonfinite: bool) -> ndarray:
    """Returns the same with one mark for NaN and +∞."""
    return np.where(np.isnan(values) | (values == np.inf), np.inf if nonfinite else np.nan, values)


def median(values: ndarray) -> float:
    """Returns the middle one of all that are known (−∞, a true zero, counts as the smallest); NaN where none is."""
    known = np.sort(values[~np.isnan(values)])
    if not len(known):
        return float("nan")
    low, high = known[(len(known) - 1) // 2], known[len(known) // 2]
    return float(low) if low == high else float((low + high) / 2)


def amount(share: float) -> str:
    """Says ln of a share as “2·10⁻³ of” or “30 times”."""
    if share == -math.inf:
        return "nothing of"
    return f"{scientific(share)} times" if share > 0 else f"{scientific(share)} of"
