"""The numbers of one recorded step, kept on the device until all of them are fetched at once."""

import math
from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy import ndarray
from torch import Tensor

from .kinds import OF_WEIGHTS, ORDER
from .measures import Measured, fetch, joined

ROW = np.dtype(
    {
        "names": ["step", "layer", "kind", "position", "log_norm", "zeros", "nonfinite", "size"],
        "formats": ["i4", "i4", "i1", "i4", "f8", "f8", "i8", "i8"],
    }
)
MOST_ROWS = 1_000_000  # of a recording; about 40 bytes each
WHOLE = -1  # the position of a row that is about everything together


class Ledger:
    """What has equal layer, kind and position counts as one vector: its norm is that of all parts together."""

    def __init__(self) -> None:
        self._rows: dict[tuple[int, str, int], int] = {}  # (layer, kind, position) → row
        self._columns: tuple[list[Tensor], ...] = ([], [], [])  # ln-norms, non-zeros, non-finite entries
        self._sizes: list[int] = []
        self._shifts: list[float] = []  # to subtract from the ln-norm
        self._into: list[int] = []  # a row …
        self._source: list[int] = []  # … and the number of what is part of it
        self._dropped: set[int] = set()

    def add(
        self, kind: str, layers: Sequence[int], measured: Measured, position: int = WHOLE, scale: float = 1.0
    ) -> None:
        """Takes the numbers of something that is ``scale`` times too large, as part of each of ``layers``.

        Several vectors have the positions from ``position`` on. An output counts for the row of its call and for the whole.
        """
        if not measured.size:
            return
        for column, values in zip(self._columns, measured[:3], strict=True):
            column.append(values)
        for at in range(position, position + measured.log_norm.numel()):
            for layer in layers:
                for row in {at, WHOLE} if kind == "output" else {at}:
                    self._into.append(self._rows.setdefault((layer, kind, row), len(self._rows)))
                    self._source.append(len(self._sizes))
            self._sizes.append(measured.size)
            self._shifts.append(math.log(scale) if scale > 0 else -math.inf)

    def drop(self, layer: int) -> None:
        """Leaves out a layer's signal, because what was taken is a part of it only."""
        self._dropped.add(layer)

    def rows(self, step: int) -> ndarray:
        """Returns the step's rows (R,) of dtype ``ROW``. A layer's only call has no row beside that of the whole."""
        made = np.empty(len(self._rows), ROW)
        if not len(made):
            return made
        numbers = fetch([value for column in self._columns for value in column])
        logs, nonzeros, nonfinite = numbers.reshape(3, -1)[:, self._source]
        sizes, shifts = np.array(self._sizes)[self._source], np.array(self._shifts)[self._source]
        made["step"] = step
        made["layer"] = [layer for layer, _, _ in self._rows]
        made["kind"] = [ORDER.index(kind) for _, kind, _ in self._rows]
        made["position"] = [position for _, _, position in self._rows]
        made["log_norm"] = joined(logs, shifts, np.array(self._into), len(made))
        made["size"] = np.bincount(self._into, sizes)
        made["zeros"] = np.bincount(self._into, sizes - nonzeros) / made["size"]
        made["nonfinite"] = np.bincount(self._into, nonfinite)
        calls = Counter(layer for layer, kind, position in self._rows if kind == "output" and position != WHOLE)
        return made[[self._keeps(*key, calls) for key in self._rows]]

    def _keeps(self, layer: int, kind: str, position: int, calls: Counter[int]) -> bool:
        """Tells whether this is a row to show."""
        if kind not in OF_WEIGHTS and layer in self._dropped:
            return False
        return kind != "output" or position == WHOLE or calls[layer] > 1
