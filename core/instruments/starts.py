"""The same network from several random starts: single draws of 32 units stray by up to .06 nats per step.

A mean over starts and the curves that it is the mean of come from the same call.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ..experiment.specs import Experiment, next_seed
from ..fields import SpecError
from ..gradients.measure import measure_many
from ..gradients.profile import GradientProfile, Prediction
from .measure import predict

STARTS = 5


def starts(experiment: Experiment, count: int = STARTS) -> list[Experiment]:
    """Returns the experiment with its own seed and with the next ones."""
    return [replace(experiment, seed=next_seed(experiment.seed, i)) for i in range(count)]


Profiles = list[GradientProfile]  # the experiment's own first, then those of other starts
Call = tuple[Callable[..., Any], tuple[Any, ...]]  # a pure function that can be pickled, and its arguments


@dataclass(frozen=True)
class Fan:
    """An instrument: the profiles of ``count`` starts, the experiment's own first, with ``theory`` beside it if asked for."""

    count: int = STARTS
    theory: bool = True

    def __call__(self, experiment: Experiment) -> Profiles:
        """Measures all starts side by side in one pass."""
        return self._joined(predict(experiment) if self.theory else (), measure_many(starts(experiment, self.count)))

    def calls(self, experiment: Experiment) -> tuple[Call, ...]:
        """Splits the measurement network by network: the same numbers in less memory, and it can be given up after each."""
        alone = tuple((measure_many, ((start,),)) for start in starts(experiment, self.count))
        return ((predict, (experiment,)), *alone) if self.theory else alone

    def joined(self, values: Sequence[Any]) -> Profiles:
        """Puts the values of ``calls`` together, as ``__call__`` returns them."""
        theory, alone = (values[0], values[1:]) if self.theory else ((), values)
        return self._joined(theory, [profile for (profile,) in alone])

    @staticmethod
    def _joined(theory: Sequence[Prediction], profiles: Profiles) -> Profiles:
        first, *others = profiles
        return [first.with_predictions(*theory) if theory else first, *others]


fan = Fan()


def mean_of(profiles: Profiles) -> GradientProfile:
    """Returns the first profile with the mean of all logarithms in place of its own: the curve that means are read off."""
    return replace(profiles[0], log_norm=np.mean([profile.log_norm for profile in profiles], axis=0))


@dataclass(frozen=True)
class Decay:
    """How an untrained network's gradient ‖∂L/∂h‖ falls, averaged over starts.

    slope: nats per step (layer) back. reach: ln of the share of the last position's that arrives at the cue, or at the
    first position where there is no cue. r2: of the straight line. below: share of the single factors that are below 1.
    """

    slope: float
    reach: float
    r2: float
    below: float

    @property
    def rate(self) -> float:
        """Returns the factor per step back."""
        return float(np.exp(self.slope))

    def steps_to(self, share: float) -> float:
        """Returns the steps back until e^``share`` is left, by the slope; inf where it does not fall."""
        return share / self.slope if self.slope < 0 else np.inf


def decay_of(profiles: Sequence[GradientProfile]) -> Decay:
    """Averages profiles of one network from several starts. Raises SpecError for a network of one step (layer)."""
    if len(profiles[0].position) < 2:
        raise SpecError(f"with a single {profiles[0].axis} nothing goes back: take more of them")
    slopes = [profile.fit.slope for profile in profiles]
    with np.errstate(invalid="ignore"):
        factors = [np.diff(profile.log_norm) for profile in profiles]
    return Decay(
        float(np.mean(np.nan_to_num(slopes, nan=-np.inf))),  # nothing at all arrives: no line, infinitely steep
        float(np.mean([profile.relative[profile.cue or 0] for profile in profiles])),
        float(np.mean([profile.fit.r2 for profile in profiles])),
        float(np.mean([factor > 0 for factor in factors])),
    )


def decay(experiment: Experiment, count: int = STARTS) -> Decay:
    """Measures ``count`` starts and averages them, without theory."""
    return decay_of(measure_many(starts(experiment, count)))
