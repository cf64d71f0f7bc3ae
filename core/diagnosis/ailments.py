"""The ailments that a recording can show (``ailments.toml``), and the thresholds of their rules.

Where a threshold comes from: 10⁻³ of the signal lies in the middle of what was tried here (47 networks on tasks with a cue: from
10^−1.7 on nearly all learned, from 10⁻² to 10⁻⁴ some, below 10⁻⁴ none; docs/science.md). An update of 10⁻³ of the weights is
a common rule of thumb. The others are round numbers that the healthy networks in the tests keep a distance from.
"""

import math
import tomllib
from pathlib import Path
from typing import Any

from ..registry import registry
from .base import Ailment

FAR = 3.0  # decades of signal lost or gained on the way
DEAD_OUTPUT, DEAD_WEIGHTS = 0.8, 0.5  # shares of exact zeros
FLAT = 0.25  # of the activation's steepest slope
WILD, STILL, FEW = math.log(1e-1), math.log(1e-6), math.log(1e-2)
CLIPPED = math.log(0.1)


def _ailment(name: str, entry: dict[str, Any]) -> Ailment:
    lists = {key: tuple(value) for key, value in entry.items() if isinstance(value, list)}
    return Ailment(name, **entry | lists)


_TABLE = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
AILMENTS = registry(*(_ailment(name, entry) for name, entry in _TABLE.items()))
