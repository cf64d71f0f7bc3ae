"""What a recorder has written down: one long table, the losses, and where the first NaN or ∞ arose."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy import ndarray

from ..gradients.profile import GradientProfile
from .kinds import KINDS, ORDER
from .ledger import WHOLE
from .selection import ROOT
from .watch import Finding
from .writing import as_bytes

if TYPE_CHECKING:
    from pandas import DataFrame


@dataclass(frozen=True)
class Recording:
    """``rows`` (R,) of dtype ``ledger.ROW``, in the order of the steps; ``layers`` by number, in the order of the forward pass.

    ``types`` are the layers' classes by name ("Linear"), or nothing where they are not known.

    A row is about one layer and kind (``KINDS``) in one step. ``position`` is the time step for the kinds "input" and "state",
    the call (0, 1 …) for the "output" of a layer that is called several times in a forward pass, and −1 for everything
    together. ``log_norm`` is the natural logarithm of the Euclidean norm over all entries, ``zeros`` the share of entries that
    are exactly 0, ``nonfinite`` the number of NaN and ±∞ among them, ``size`` the number of all.
    """

    every: int
    layers: tuple[str, ...]
    rows: ndarray
    losses: tuple[tuple[int, float], ...] = ()  # (step, loss)
    findings: tuple[Finding, ...] = ()
    types: tuple[str, ...] = ()

    @property
    def steps(self) -> ndarray:
        """The recorded steps."""
        return np.unique(self.rows["step"])

    def table(self) -> DataFrame:
        """Tabulates the rows with names for numbers, and each norm's ``state``: "ok", "zero", "infinite" or "nan"."""
        import pandas as pd

        table = pd.DataFrame({name: self.rows[name] for name in self.rows.dtype.names or ()})
        table["layer"] = pd.Categorical.from_codes(table["layer"], list(self.layers))
        table["kind"] = pd.Categorical.from_codes(table["kind"], list(ORDER))
        log = self.rows["log_norm"]
        table["state"] = np.select(
            [np.isnan(log), np.isposinf(log), np.isneginf(log)], ["nan", "infinite", "zero"], "ok"
        )
        return table

    def profile(self, step: int, kind: str = "output", layer: str | None = None) -> GradientProfile:
        """Returns one quantity in one step, through the layers (named in ``words``) or through one layer's time steps or calls.

        The model itself is left out. Raises ValueError where nothing of the kind was recorded.
        """
        if kind not in KINDS:
            raise ValueError(f"kind must be one of {', '.join(KINDS)}, not {kind!r}")
        if layer is not None and layer not in self.layers:
            raise ValueError(f"no layer “{layer}” was recorded, but {', '.join(self.layers)}")
        here = self.rows[(self.rows["step"] == step) & (self.rows["kind"] == ORDER.index(kind))]
        if layer is None:
            root = self.layers.index(ROOT) if ROOT in self.layers else -1
            here = np.sort(here[(here["position"] == WHOLE) & (here["layer"] != root)], order="layer")
        else:
            here = np.sort(
                here[(here["position"] != WHOLE) & (here["layer"] == self.layers.index(layer))], order="position"
            )
        if not len(here):
            some = ", ".join(map(str, self.steps[:5]))
            raise ValueError(f"nothing of kind “{kind}” was recorded at step {step}. Recorded steps: {some} …")
        log = here["log_norm"]
        if layer is not None:
            return GradientProfile("step", here["position"], log, log[None])
        names = tuple(self.layers[number] for number in here["layer"])
        return GradientProfile("layer", np.arange(1, len(log) + 1), log, log[None], names)

    def as_bytes(self, name: str) -> bytes:
        """Returns what a file called ``name`` (*.parquet or *.json) holds. Raises RecordingError for any other name."""
        header = {
            "every": self.every,
            "layers": self.layers,
            "types": self.types,
            "losses": self.losses,
            "findings": [vars(finding) for finding in self.findings],
        }
        return as_bytes(name, header, self.rows)

    def save(self, path: str | Path) -> None:
        """Writes a file that ``core.read_recording`` reads: Parquet for ``*.parquet``, JSON for ``*.json``."""
        Path(path).write_bytes(self.as_bytes(Path(path).name))
