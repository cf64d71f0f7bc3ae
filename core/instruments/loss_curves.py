"""The loss of one network over training, from several random starts, and how it ends (question B2).

Diagnosis: flat above 0 is a valley or a plain, and more steps of that kind won't help; what still falls has not been trained for
long enough; what is worse than at its start was thrown about by too large an η.
"""

from dataclasses import dataclass

import numpy as np

from ..experiment.specs import Experiment
from ..training.finished import trained
from .starts import starts

FRAMES = 20  # looks at a training
BOTTOM = 0.05  # nats: the right answers have a probability of 95 %
FLAT = 0.95  # of the loss is still there a quarter of the training later


@dataclass(frozen=True)
class LossCurve:
    """One training, seen at F steps. steps, loss (F,): on new examples; whole: it was not broken off."""

    steps: np.ndarray
    loss: np.ndarray
    whole: bool

    @property
    def end(self) -> str:
        """Returns "arrived" near 0, "falling" still, "flat" above 0 for the last quarter, or "thrown about": worse than it
        began."""
        if not self.whole or not np.isfinite(self.loss).all() or self.loss[-1] > 1.5 * self.loss[0]:
            return "thrown about"
        if self.loss[-1] <= BOTTOM:
            return "arrived"
        quarter = max(1, len(self.loss) // 4)
        before, after = self.loss[-2 * quarter : -quarter], self.loss[-quarter:]
        return "flat" if np.mean(after) > FLAT * np.mean(before) else "falling"


def loss_curves(experiment: Experiment) -> tuple[LossCurve, ...]:
    """Trains the experiment from each of five random starts."""
    filmed = experiment.changed(film_every=min(500, max(1, experiment.training.steps // FRAMES)))
    return tuple(
        LossCurve(
            np.array([frame.step for frame in run.film]),
            np.array([frame.loss for frame in run.film]),
            not run.trouble,
        )
        for run in map(trained, starts(filmed))
    )
