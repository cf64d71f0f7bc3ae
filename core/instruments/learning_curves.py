"""Several networks trained on one task, side by side; each from one random start or as the mean of several."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy import ndarray

from ..experiment.specs import Experiment
from ..gradients.measure import measure_many
from ..training.finished import trained
from ..training.run import Run
from .starts import starts

FRAMES = 10  # looks at a training


@dataclass(frozen=True)
class LearningCurve:
    """One training, seen at F steps: steps and accuracy (F,) on held-out examples, and what was known before it.

    reach: ln of the share of the signal at the cue before training. accuracy[-1] is the accuracy at the end. trouble: why
    it was broken off, the last frame being what was known by then; "" if it was not. of: the trainings from single random
    starts that this is the mean of; none for a single one.
    """

    steps: ndarray
    accuracy: ndarray
    reach: float
    trouble: str = ""
    of: tuple["LearningCurve", ...] = ()

    @property
    def final(self) -> float:
        """Returns the accuracy at the end; NaN if nothing was ever seen."""
        return float(self.accuracy[-1]) if len(self.accuracy) else np.nan

    @property
    def blew_up(self) -> bool:
        """Tells whether training was broken off."""
        return bool(self.trouble)


def learning_curves(entries: Mapping[str, Experiment]) -> dict[str, LearningCurve]:
    """Trains each experiment and measures what arrives at its cue before; one that blows up has what was known by then."""
    return {name: learning_curve(experiment) for name, experiment in entries.items()}


def learning_curve(experiment: Experiment) -> LearningCurve:
    """Trains one experiment."""
    run = observed(experiment)
    (profile,) = measure_many([experiment])
    return LearningCurve(
        np.array([frame.step for frame in run.film]),
        np.array([frame.accuracy for frame in run.film]),
        float(profile.relative[profile.cue or 0]),
        run.trouble,
    )


def observed(experiment: Experiment) -> Run:
    """Returns the finished run that a learning curve is made of."""
    return trained(experiment.changed(film_every=min(500, max(1, experiment.training.steps // FRAMES))))


@dataclass(frozen=True)
class MeanCurve:
    """An instrument: the mean learning curve of ``count`` random starts, which has the single ones in it."""

    count: int

    def __call__(self, experiment: Experiment) -> LearningCurve:
        """Trains one network after the other."""
        return mean_of([learning_curve(start) for start in starts(experiment, self.count)])


def mean_of(curves: Sequence[LearningCurve]) -> LearningCurve:
    """Averages accuracy, frame by frame as far as all have come, and reach."""
    seen = min(len(curve.steps) for curve in curves)
    return LearningCurve(
        curves[0].steps[:seen],
        np.asarray(np.mean([curve.accuracy[:seen] for curve in curves], axis=0)),
        float(np.mean([curve.reach for curve in curves])),
        next((curve.trouble for curve in curves if curve.trouble), ""),
        tuple(curves),
    )
