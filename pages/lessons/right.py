"""What makes an answer right: functions from what was measured to the right option's place, called by name in the lessons."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from core import Experiment
from core.instruments.learning_curves import LearningCurve
from core.instruments.saturation import Saturation
from core.instruments.starts import Profiles, decay_of
from core.questions.a3_small_influence import Matters
from core.questions.b4_factors import WayBack
from core.questions.b5_france import Networks
from core.questions.base import Result
from core.questions.c3_radius_or_norm import Contractions
from core.questions.c6_resnets import NOTHING, Trial
from core.questions.e4_error_carousel import Carousel
from core.questions.e5_relu_and_sparsity import ReLUs
from core.questions.thresholds import LEARNED
from core.wording import LN10

Right = Callable[[Experiment, Result], int]
SAME = 0.1  # nats per step between two parts of a factor that nobody could tell apart in the picture
GROWS = 1.05  # times its first size: more than rounding


def among(value: float, bounds: Sequence[float]) -> int:
    """How many of the falling ``bounds`` lie above ``value``: the place of its answer. NaN counts as the lowest."""
    return sum(not value >= bound for bound in bounds)


def signal_at_the_word(_experiment: Experiment, seen: Profiles) -> int:
    """More than a tenth, a thousandth, a millionth of the signal, or less."""
    return among(decay_of(seen).reach / LN10, (-1, -3, -6))


def weights_or_slopes(_experiment: Experiment, seen: WayBack) -> int:
    """The weights shorten the signal more, or the slopes, or both the same."""
    typical = seen.factors.typical
    with np.errstate(divide="ignore"):
        lead = np.log(typical["slope"]) - np.log(typical["weights"])  # above 0: the weights shorten it more
    return 2 if abs(lead) < SAME else 0 if lead > 0 else 1


def noticed(_experiment: Experiment, seen: Matters) -> int:
    """The loss changes clearly, or hardly, or the word does not decide."""
    return 2 if seen.influence.decides < 0.5 else int(seen.influence.size[seen.cue] < 0.01)


def all_some_or_none(_experiment: Experiment, seen: Networks) -> int:
    """How many of the networks learn."""
    learned = [curve.final >= LEARNED for curve in seen.curves.values()]
    return 0 if all(learned) else 1 if any(learned) else 2


def half_left_on_the_cell(_experiment: Experiment, seen: Carousel) -> int:
    """More than half of the signal, more than a hundredth, or less."""
    return among(_left_on_the_cell(seen), (np.log10(0.5), -2))


def tenth_left_on_the_cell(_experiment: Experiment, seen: Carousel) -> int:
    """More than a tenth of the signal, more than a millionth, or less."""
    return among(_left_on_the_cell(seen), (-1, -6))


def mean_slope(_experiment: Experiment, seen: Saturation) -> int:
    """More than .6, more than .3, or less."""
    return among(float(np.nanmean(seen.slope)), (0.6, 0.3))


def shrinks_or_grows(_experiment: Experiment, seen: Contractions) -> int:
    """The nudge shrinks at once, or grows and shrinks in the end, or grows and stays."""
    if seen.growth < GROWS:
        return 0
    return 1 if seen.log_end < np.log(seen.growth) - np.log(2) else 2


def each_cure_alone(_experiment: Experiment, seen: Mapping[str, Trial]) -> int:
    """Each of the three cures is enough by itself, or some, or none."""
    alone = [trial.accuracy >= LEARNED for name, trial in seen.items() if "+" not in name and name != NOTHING]
    return 0 if all(alone) else 1 if any(alone) else 2


def penalty_or_identity(_experiment: Experiment, seen: ReLUs) -> int:
    """The penalty is what makes it learn, or the start, or either, or neither."""
    learned = _learned(seen.curves)
    penalty, start = "as set above" in learned, "from the identity, no penalty" in learned
    return {(True, False): 0, (False, True): 1, (True, True): 2, (False, False): 3}[penalty, start]


def tricks_or_changes(_experiment: Experiment, seen: Mapping[str, LearningCurve]) -> int:
    """One of the optimiser's tricks learns, or only what changes the gradient, or nothing."""
    learned = _learned(seen)
    return 0 if learned - {"leaky units", "penalty Ω"} else 1 if learned else 2


def attention_or_others(_experiment: Experiment, seen: Mapping[str, LearningCurve]) -> int:
    """Attention alone learns, or others, too, or all, or none."""
    learned = _learned(seen)
    return 3 if not learned else 0 if learned == {"attention"} else 2 if len(learned) == len(seen) else 1


def _learned(seen: Mapping[str, LearningCurve]) -> set[str]:
    return {name for name, curve in seen.items() if curve.final >= LEARNED}


def _left_on_the_cell(seen: Carousel) -> float:
    """The share of the signal that is left on the cell's path at the deciding word, in decades."""
    return seen.arrives["cell path"] / LN10


RIGHT: dict[str, Right] = {
    rule.__name__: rule
    for rule in (
        signal_at_the_word,
        weights_or_slopes,
        noticed,
        all_some_or_none,
        half_left_on_the_cell,
        tenth_left_on_the_cell,
        mean_slope,
        shrinks_or_grows,
        each_cure_alone,
        penalty_or_identity,
        tricks_or_changes,
        attention_or_others,
    )
}
