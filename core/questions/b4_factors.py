"""B4. The product of all factors of one gradient's way back, and what each factor is made of."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from ..experiment.specs import Experiment
from ..fields import SpecError
from ..gradients.measure import measure_many
from ..gradients.profile import GradientProfile
from ..instruments.factors import Factors, ratio, step_factors
from ..instruments.layer_factors import layer_factors
from ..networks import FeedForward, Recurrent
from ..tasks import France, WasWere
from ..wording import number, scientific
from .base import Contrasts, Question, Verdict
from .settings import CELLS, LAYERS, farther, layered, not_in_force, recurrent
from .thresholds import ARRIVES, LOST

ROUNDING = 1e-9  # nats that a sum of a hundred logarithms may be off
FAR = 20  # words: too far for a plain RNN
DEEP = 30  # layers: too many for sigmoid units


@dataclass(frozen=True)
class WayBack:
    """factors: of the last loss's way back. profile: the same network's, measured in one piece."""

    factors: Factors
    profile: GradientProfile

    @property
    def log_product(self) -> float:
        """Returns ln of the product of all factors."""
        return float(self.factors.running[0])

    @property
    def error(self) -> float:
        """Returns by how many nats the product and the profile differ at most."""
        pairs = (
            (self.factors.running, self.factors.log_norm - self.factors.log_norm[-1]),
            (
                self.factors.of_h,
                self.profile.log_norm,
            ),
        )
        with np.errstate(invalid="ignore"):
            return float(max(np.abs(ratio(*pair)).max() for pair in pairs))  # exact zeros are equal


def measure(experiment: Experiment) -> WayBack:
    """Measures the factors of steps or of layers. Raises SpecError for cells that are not written out."""
    if not isinstance(experiment.network, FeedForward):
        recurrent(experiment)
    factors = step_factors(experiment) if isinstance(experiment.network, Recurrent) else layer_factors(experiment)
    if not len(factors.log_parts):
        raise SpecError(f"with a single {factors.axis} nothing is multiplied: take more of them")
    return WayBack(factors, measure_many([experiment])[0])


def contrasts(experiment: Experiment, _result: WayBack) -> Contrasts:
    """Returns a network that keeps its gradient, and one that loses it."""
    return {"keeping": (measure, _keeping(experiment)), "fading": (measure, _fading(experiment))}


def _keeping(experiment: Experiment) -> Experiment:
    if isinstance(experiment.network, FeedForward):
        return experiment.changed(**LAYERS["ReLU with He weights"])
    return experiment.changed(**CELLS["LSTM with forget bias 3"])


def _fading(experiment: Experiment) -> Experiment:
    if isinstance(experiment.network, FeedForward):
        bare = {"normalisation": "none", "skip": "none", "depth": max(DEEP, experiment.network.depth)}
        return experiment.changed(**LAYERS["sigmoid with Xavier weights"], **bare)
    plain = CELLS["plain RNN"]
    if not_in_force(experiment, {"": plain}) or not isinstance(experiment.task, France | WasWere):
        return experiment.changed(**plain)
    return farther(experiment, FAR)


def judge(experiment: Experiment, result: WayBack, found: Mapping[str, WayBack]) -> Verdict:
    """Decides by whether the product is the gradient, and how small it is."""
    product, error, parts = result.log_product, result.error, result.factors.typical
    kept, faded = found["keeping"].log_product, found["fading"].log_product
    verdict = "fails" if error > ROUNDING or product > ARRIVES else "holds" if product <= LOST else "only_when"
    return Verdict(
        verdict,
        float(np.exp(product)),
        f"The product of {len(result.factors.log_parts)} factors is {scientific(product)}.",
        f"It is the gradient, to {number(error)} nats. A typical factor is made of "
        f"{', '.join(f'{name} {part_said(value)}' for name, value in parts.items())}.",
        f"{_fading_said(experiment)} the product is {scientific(faded)}."
        if verdict == "fails"
        else f"Factors around 1 do not vanish: {_keeping_said(experiment)} the product is {scientific(kept)}.",
        {"product": float(np.exp(product)), "error": error, "ln product": product}
        | {"ln product, other": kept, "ln product, fading": faded}
        | parts,
        when="there are more factors than here" if verdict == "only_when" else "",
    )


def part_said(value: float) -> str:
    """Says a part of a factor to three decimals."""
    return "∞" if np.isinf(value) else f"{value:.3f}"


def _fading_said(experiment: Experiment) -> str:
    there = _fading(experiment)
    if isinstance(experiment.network, FeedForward):
        return f"With sigmoid and Xavier weights, {layered(there).depth} layers deep,"
    return f"In a plain RNN over {there.task.shape().steps} steps"


def _keeping_said(experiment: Experiment) -> str:
    layers = isinstance(experiment.network, FeedForward)
    return "with ReLU and He weights" if layers else "in an LSTM with forget bias 3"


QUESTION = Question(
    "b4_factors",
    "A product of derivatives",
    "Backpropagation multiplies derivatives again and again, until the product vanishes.",
    Experiment(Recurrent(), France(gap=22)),
    measure,
    contrasts,
    judge,
    ("Hochreiter 1991",),
    0.1,
)
