"""What has been written down so far, up to a bounded size."""

import logging

import numpy as np
from numpy import ndarray
from torch import Tensor

from .ledger import MOST_ROWS, ROW
from .recording import Recording
from .watch import Finding


class Notebook:
    """Rows and losses of the recorded steps. ``full`` when a step has not fitted into ``MOST_ROWS``."""

    def __init__(self, layers: list[str], every: int, types: list[str]) -> None:
        self.full = False
        self._layers, self._every, self._types = layers, every, types
        self._rows: list[ndarray] = []
        self._losses: dict[int, float | Tensor] = {}
        self._count, self._latest = 0, -1

    def write(self, step: int, rows: ndarray) -> None:
        """Writes a step's rows, or none of them and a warning in the log."""
        self._count += len(rows)
        self.full = self._count > MOST_ROWS
        if self.full:
            logging.getLogger(__name__).warning(
                "the recording is full (%d rows) and ends before step %d", MOST_ROWS, step
            )
        else:
            self._rows.append(rows)
            self._latest = step

    def write_loss(self, step: int, loss: float | Tensor) -> None:
        """Writes the loss of the latest recorded step; others are not kept."""
        if step == self._latest:
            self._losses[step] = loss

    def recording(self, order: list[int], findings: tuple[Finding, ...]) -> Recording:
        """Returns all that was written, with the layers renumbered as in ``order``; those not in it (never called) come last."""
        order = order + sorted(set(range(len(self._layers))) - set(order))
        rows = np.concatenate([np.empty(0, ROW), *self._rows])
        rows["layer"] = np.argsort(order)[rows["layer"]]
        rows = rows[np.lexsort([rows[name] for name in ("position", "kind", "layer", "step")])]
        losses = tuple((step, float(loss)) for step, loss in self._losses.items())
        layers, types = (tuple(names[number] for number in order) for names in (self._layers, self._types))
        return Recording(self._every, layers, rows, losses, findings, types)
