"""Classes of points around random centres: easy for any network whose early layers can learn.

Example in 2 dimensions with centres (2, 0) and (0, 2): the point (1.7, .4) → class 0.
"""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from ..fields import real, whole
from .base import Batch, Shape, Task

_CENTRES, _POINTS = 101, 102  # streams shared by all batches of one seed


@dataclass(frozen=True)
class Blobs(Task):
    """``classes`` standard normal centres in ``inputs`` dimensions; points around them with ``spread``."""

    name: ClassVar[str] = "blobs"
    label: ClassVar[str] = "Blobs"
    lesson: ClassVar[str] = "Clouds of points around a few centres: a network that learns at all learns this."
    gives: ClassVar[str] = "vectors"
    script_lexicon: ClassVar[str] = "centres = np.random.default_rng([SEED, 101]).standard_normal((ANSWERS, INPUTS))"
    script: ClassVar[str] = """\
{% if training %}
fixed = np.random.default_rng([SEED, 102])  # draws the POINTS points to train on, the same at each step
count, own = (POINTS, fixed) if training else (size, rng)
target = own.integers(ANSWERS, size=count)
points = centres[target] + SPREAD * own.standard_normal((count, INPUTS))
if training:
    chosen = rng.integers(POINTS, size=size)
    points, target = points[chosen], target[chosen]
x = torch.from_numpy(points)
{% else %}
target = rng.integers(ANSWERS, size=BATCH)
x = torch.from_numpy(centres[target] + SPREAD * rng.standard_normal((BATCH, INPUTS)))
{% endif %}
"""

    classes: int = whole(4, 2, 10, "Classes")
    inputs: int = whole(16, 1, 256, "Dimensions")
    points: int = whole(512, 8, 4096, "Points to train on")
    spread: float = real(0.5, 0.0, 10.0, "Spread", "Standard deviation around each centre.")

    def shape(self) -> Shape:
        """One answer per blob."""
        return Shape(0, self.inputs, tuple(f"blob {i + 1}" for i in range(self.classes)))

    def draw(self, rng: np.random.Generator, size: int, seed: int, *, training: bool) -> Batch:
        """Training batches pick from the fixed ``points``; test batches are new points around the same centres."""
        centres = np.random.default_rng([seed, _CENTRES]).standard_normal((self.classes, self.inputs))
        if not training:
            return self._around(centres, rng, size)
        whole_set = self._around(centres, np.random.default_rng([seed, _POINTS]), self.points)
        chosen = rng.integers(self.points, size=size)
        return Batch(whole_set.inputs[chosen], whole_set.targets[chosen])

    def _around(self, centres: np.ndarray, rng: np.random.Generator, size: int) -> Batch:
        targets = rng.integers(self.classes, size=size)
        points = centres[targets] + self.spread * rng.standard_normal((size, self.inputs))
        return Batch(points, targets)
