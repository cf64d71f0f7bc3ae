"""E4. What arrives on an LSTM's cell path alone, against the gates' product; and whether a bit is kept as long."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy import ndarray

from ..experiment.sampling import held_out
from ..experiment.specs import Experiment, Training
from ..fields import SpecError
from ..instruments.paths import CarriedPaths, carried_paths
from ..networks import Recurrent
from ..tasks import France, Latch
from ..training.finished import survived, trained
from ..wording import scientific
from .base import Contrasts, Question, Verdict
from .settings import not_in_force, recurrent
from .thresholds import FLOWS

BIASES = (0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0)
BIT = Training(steps=150, film_every=500)  # enough to learn to keep one bit, where the gradient arrives


@dataclass(frozen=True)
class Carousel:
    """paths: ∂L/∂c split into what goes along the cell alone and the rest. bias: of the forget gate.

    cue: position of the word that decides.
    """

    paths: CarriedPaths
    bias: float
    cue: int

    @property
    def lag(self) -> int:
        """Returns the steps back to the word that decides."""
        return len(self.paths.log_total) - 1 - self.cue

    @property
    def arrives(self) -> dict[str, float]:
        """Returns ln of what is left of ∂L/∂c at the word that decides, on each kind of path, and the gates' mean product."""
        logs = {
            "cell path": self.paths.log_carried,
            "hidden path": self.paths.log_hidden,
            "all paths": self.paths.log_total,
        }
        shares = {name: float(self.share(values)[self.cue]) for name, values in logs.items()}
        return shares | {"gates": float(self.paths.log_mean[self.cue])}

    def share(self, logs: ndarray) -> ndarray:
        """Returns ln of a part of ∂L/∂c as a share of ∂L/∂c at the last step: what is drawn."""
        return np.asarray(logs - self.paths.log_total[-1])


def measure(experiment: Experiment) -> Carousel:
    """Splits the paths back. Raises SpecError unless the cell carries a state."""
    return Carousel(carried_paths(experiment), recurrent(experiment).forget_bias, held_out(experiment, 1).cue or 0)


def bit(experiment: Experiment) -> float:
    """Returns the accuracy of the same network when it has learned to latch one bit as far back as its word is."""
    back = experiment.task.shape().steps - (held_out(experiment, 1).cue or 0)
    return survived(trained(replace(experiment, task=Latch(length=back), training=BIT))).accuracy


@dataclass(frozen=True)
class OtherBiases:
    """by_bias: what arrives with each of ``BIASES``. least: the first one with which enough does, else the last. bit: with it."""

    by_bias: Mapping[float, Carousel]
    least: float
    bit: float

    @property
    def enough(self) -> bool:
        """Tells whether enough arrives with any of them."""
        return _flows(self.by_bias[self.least])


def other_biases(experiment: Experiment) -> OtherBiases:
    """Measures all forget biases, and trains the network with the least one that is large enough."""
    networks = {bias: experiment.changed(forget_bias=bias, chrono=0) for bias in BIASES}
    by_bias = {bias: measure(network) for bias, network in networks.items()}
    least = next((bias for bias, seen in by_bias.items() if _flows(seen)), BIASES[-1])
    return OtherBiases(by_bias, least, bit(networks[least]))


def contrasts(experiment: Experiment, _result: Carousel) -> Contrasts:
    """Returns a bit that this network keeps, and other forget biases."""
    if recurrent(experiment).cell != "lstm":
        raise SpecError("this claim is about the LSTM's cell: choose cell=lstm")
    return {"bit": (bit, experiment), "biases": (other_biases, experiment)}


def judge(experiment: Experiment, result: Carousel, found: Mapping[str, Any]) -> Verdict:
    """Decides by whether enough arrives on the cell path, here or with another forget bias."""
    kept, other, here = found["bit"], found["biases"], result.arrives
    flows = _flows(result)
    verdict = "holds" if flows else "only_when" if other.enough else "fails"
    elsewhere = {bias: seen.arrives["cell path"] for bias, seen in other.by_bias.items()}
    offered = not_in_force(experiment, {f"{bias:g}": {"forget_bias": bias, "chrono": 0} for bias in BIASES})
    return Verdict(
        verdict,
        float(np.exp(here["cell path"])),
        f"Over {result.lag} steps {scientific(here['cell path'])} of the signal arrives on the cell path.",
        f"The product of the forget gates says {scientific(here['gates'])}. Without the cell path "
        f"{scientific(here['hidden path'])} arrives, on all paths together {scientific(here['all paths'])}. After {BIT.steps} "
        f"training steps one bit is kept that long in {kept:.0%} of the cases.",
        "The forget bias decides. On the cell path arrive: "
        + ", ".join(f"{scientific(elsewhere[float(bias)])} with bias {bias}" for bias in offered)
        + (f". With {other.least:g} the bit is kept in {other.bit:.0%}." if not flows else "."),
        {"cell path": float(np.exp(here["cell path"])), **{f"ln {name}": value for name, value in here.items()}}
        | {f"ln cell path, bias {bias:g}": value for bias, value in elsewhere.items()}
        | {"bit, own": kept, "bit, best": other.bit},
        when=f"the forget bias is large enough, here {other.least:g}" if verdict == "only_when" else "",
    )


def _flows(seen: Carousel) -> bool:
    return seen.arrives["cell path"] >= FLOWS


QUESTION = Question(
    "e4_error_carousel",
    "The constant error carousel",
    "LSTM's constant error carousel carries the error over 100 steps and more.",
    Experiment(Recurrent(cell="lstm"), France(gap=100)),
    measure,
    contrasts,
    judge,
    ("Hochreiter & Schmidhuber 1997", "Gers, Schmidhuber & Cummins 2000", "Jozefowicz, Zaremba & Sutskever 2015"),
    2.0,
)
