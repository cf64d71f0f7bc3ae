"""Several networks trained on one task, side by side."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy import ndarray

from ..experiment.specs import Experiment
from ..gradients.measure import measure_many
from ..training.finished import trained

FRAMES = 10  # looks at a training


@dataclass(frozen=True)
class LearningCurve:
    """One training, seen at F steps: steps and accuracy (F,) on held-out examples, and what was known before it.

    reach: ln of the share of the signal at the cue before training. accuracy[-1] is the accuracy at the end. blew_up: the
    training was broken off, and the last frame is what was known by then.
    """

    steps: ndarray
    accuracy: ndarray
    reach: float
    blew_up: bool

    @property
    def final(self) -> float:
        """Returns the accuracy at the end."""
        return float(self.accuracy[-1])


def learning_curves(entries: Mapping[str, Experiment]) -> dict[str, LearningCurve]:
    """Trains each experiment and measures what arrives at its cue before; one that blows up has what was known by then."""
    return {name: learning_curve(experiment) for name, experiment in entries.items()}


def learning_curve(experiment: Experiment) -> LearningCurve:
    """Trains one experiment."""
    run = trained(experiment.changed(film_every=min(500, max(1, experiment.training.steps // FRAMES))))
    (profile,) = measure_many([experiment])
    return LearningCurve(
        np.array([frame.step for frame in run.film]),
        np.array([frame.accuracy for frame in run.film]),
        float(profile.relative[profile.cue or 0]),
        bool(run.trouble),
    )
