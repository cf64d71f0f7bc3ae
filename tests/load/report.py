"""What a scenario found: numbers under names that end with their unit, and everything that went wrong."""

import os
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np


@dataclass
class Result:
    """One row. ``bars`` are the numbers promised, by the same names: at most so much. ``errors`` make the scenario fail."""

    name: str
    numbers: dict[str, float]
    errors: list[str] = field(default_factory=list)
    bars: dict[str, float] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        parts = [f"{name} {value:.4g}{self._bar(name, value)}" for name, value in self.numbers.items()]
        trouble = [f"    · {each}" for each in self.notes] + [f"    ! {each[:400]}" for each in self.errors[:10]]
        return "\n".join([f"{self.name}: " + ", ".join([*parts, f"errors {len(self.errors)}"]), *trouble])

    def _bar(self, name: str, value: float) -> str:
        if name not in self.bars:
            return ""
        return f" ({'≤' if value <= self.bars[name] else 'MORE THAN'} {self.bars[name]:g})"


def milliseconds(seconds: Sequence[float], name: str = "") -> dict[str, float]:
    """Median and 95th percentile, under “p50 ms” and “p95 ms” with ``name`` before them; NaN of nothing."""
    known = [each for each in seconds if each == each]
    return {
        f"{name} p{share} ms".strip(): float(np.percentile(known, share)) * 1000 if known else float("nan")
        for share in (50, 95)
    }


def scale() -> float:
    """How much of each scenario is done: GDL_LOAD is “short” (a quarter) or a number; 1 without it."""
    text = os.environ.get("GDL_LOAD", "1")
    return 0.25 if text == "short" else float(text)
