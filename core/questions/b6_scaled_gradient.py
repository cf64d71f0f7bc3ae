"""B6. Steps of a ball on a bowl with its gradient scaled down, and the forecast for a gradient that has vanished."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from ..experiment.specs import Experiment, Training
from ..fields import SpecError
from ..instruments.arrivals import DECADES, MOST, NEAR, START, arrivals, per_decade
from ..instruments.descent import descend, forecast_steps
from ..instruments.starts import decay
from ..networks import Recurrent
from ..parts.optimisers import OPTIMISERS
from ..tasks import France
from ..wording import LN10, listed, number, power, scientific
from .base import Question, Verdict
from .settings import recurrent

GROWS, GROWS_NOT = (0.9, 1.1), 0.1  # powers of ten for each of the gradient's


@dataclass(frozen=True)
class StepsNeeded:
    """counts: optimiser → steps until the ball is there for the first time, with the gradient scaled by 10⁰ … 10⁻³ (inf: not
    within 100 000), the experiment's optimiser first.

    lost: powers of ten that the network's signal has lost at the word that decides, before training. forecast: steps of plain
    descent with a gradient smaller by as much, inf or NaN where they can't be foretold. frozen: number formats in which such a
    weight would not move at all.
    """

    counts: Mapping[str, np.ndarray]
    lost: float
    forecast: float
    frozen: tuple[str, ...]

    @property
    def own(self) -> np.ndarray:
        """Returns the counts of the experiment's optimiser."""
        return next(iter(self.counts.values()))

    @property
    def growth(self) -> float:
        """Returns by how many powers of ten its steps grow when the gradient loses one (NaN: fewer than two arrived)."""
        return per_decade(self.own)


def measure(experiment: Experiment) -> StepsNeeded:
    """Counts steps of the experiment's optimiser, plain descent, momentum and Adam, and foretells plain descent's."""
    recurrent(experiment)
    training = experiment.training
    names = dict.fromkeys((training.optimiser, "sgd", "momentum", "adam"))
    counts = {name: arrivals(name, training.learning_rate) for name in names}
    lost = float(-decay(experiment).reach / LN10)
    if not np.isfinite(lost):  # the gradient is exactly 0
        return StepsNeeded(counts, lost, np.inf, ("float16", "float32", "float64"))
    with np.errstate(over="ignore"):  # where the gradient explodes, so does the first step
        frozen = descend("bowl", START, training.learning_rate, 1, lost).frozen
    return StepsNeeded(counts, lost, forecast_steps("bowl", START, training.learning_rate * 10.0**-lost, NEAR), frozen)


def judge(experiment: Experiment, result: StepsNeeded, _found: Mapping[str, StepsNeeded]) -> Verdict:
    """Decides by how the steps grow with each power of ten that the gradient loses."""
    optimiser = experiment.training.optimiser
    other = "sgd" if optimiser == "adam" else "adam"
    label, contrast = OPTIMISERS[optimiser].label, result.counts[other]
    grows, other_grows = result.growth, per_decade(contrast)
    if np.isnan(grows) or np.isnan(other_grows):
        raise SpecError("this claim counts steps to the bottom of a bowl: choose a learning rate from 0.01 to 1")
    verdict = "holds" if GROWS[0] <= grows <= GROWS[1] else "fails" if grows <= GROWS_NOT else "only_when"
    wait = (
        f"about {number(result.forecast)} steps" if np.isfinite(result.forecast) else "more steps than can be counted"
    )
    why = (
        "it divides by the gradient's size, and the scale drops out"
        if other_grows <= GROWS_NOT
        else "the scale stays in"
    )
    return Verdict(
        verdict,
        grows,
        f"{label} takes the same number of steps, however small the gradient."
        if grows <= GROWS_NOT
        else f"{label} takes {10**grows:.3g} times as many steps for each power of ten that the gradient loses.",
        f"{label} takes {steps_said(result.own)} steps with the gradient scaled by 1, 10⁻¹, 10⁻² and 10⁻³. The word that decides "
        f"receives {scientific(-result.lost * LN10)} of this network's signal: with plain SGD a weight with so small a gradient "
        f"would take {wait}, and in {listed(result.frozen) or 'no number format'} it would not move at all.",
        f"{OPTIMISERS[other].label} takes {steps_said(contrast)} steps: {why}.",
        {"per decade": grows, f"{other}, per decade": other_grows}
        | {"decades lost": result.lost, "forecast": result.forecast}
        | {f"steps at {power(-k)}": float(count) for k, count in zip(DECADES.tolist(), result.own, strict=True)},
        when="no momentum and no division by the gradient's size come in between" if verdict == "only_when" else "",
    )


def steps_said(counts: np.ndarray) -> str:
    """Says counts as "55, 568, 5701 and 5.7·10⁴"; "∞" for what has not arrived within 100 000 steps."""
    late = f" (∞: not within {number(MOST)})" if np.isinf(counts).any() else ""
    return listed(["∞" if np.isinf(count) else number(float(count)) for count in counts]) + late


QUESTION = Question(
    "b6_scaled_gradient",
    "A gradient scaled by 10⁻ᵏ",
    "A weight whose gradient is scaled down by 10⁻ᵏ needs 10ᵏ times as many steps.",
    Experiment(Recurrent(), France(gap=22), Training(optimiser="sgd", learning_rate=0.1, clip=0.0)),
    measure,
    judge=judge,
    seconds=0.5,
)
