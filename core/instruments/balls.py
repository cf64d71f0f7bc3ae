"""Where balls end that roll down a curve from many starts, one weight each (question B2).

Diagnosis: where they end in different valleys the start decides; where they are thrown out or never rest η is too large.
"""

from dataclasses import dataclass

import numpy as np

from .descent import Descent, descend

STARTS = np.linspace(-2, 2, 9)
STEPS = 300
BESIDE = 0.1  # |w − minimum| at the end


@dataclass(frozen=True)
class Balls:
    """paths: one for each of ``STARTS``."""

    paths: tuple[Descent, ...]

    @property
    def ends(self) -> tuple[str, ...]:
        """Returns how each ends: in the "lower" or "upper" valley, "thrown out", or "restless": neither after 300 steps."""
        return tuple(_end(path) for path in self.paths)

    def count(self, end: str) -> int:
        """Returns how many end like that."""
        return self.ends.count(end)


def roll(optimiser: str, rate: float, curve: str = "valleys") -> Balls:
    """Rolls a ball from each start by this optimiser and η."""
    return Balls(tuple(descend(curve, w, rate, STEPS, near=BESIDE, optimiser=optimiser) for w in STARTS.tolist()))


def _end(path: Descent) -> str:
    if path.diverged:
        return "thrown out"
    if np.isnan(path.arrived):
        return "restless"
    return "lower" if path.is_global else "upper"
