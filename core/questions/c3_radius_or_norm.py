"""C3. Radius and norm of the recurrent matrix, and how ‖∂s_T/∂s_{T−lag}‖ really goes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy import ndarray

from ..experiment.specs import Experiment
from ..fields import SpecError
from ..instruments.contraction import Contraction, contraction
from ..instruments.starts import STARTS, starts
from ..networks import Recurrent
from ..tasks import Noise
from ..wording import scientific
from .base import Contrasts, Question, Verdict
from .settings import CELLS, recurrent
from .thresholds import ARRIVES

TINY = 1e-9  # relative growth that is rounding
CONTRACTS = 0.95  # σ₁γ that the contrast is scaled to


@dataclass(frozen=True)
class Contractions:
    """of: one contraction for each random start, the experiment's own first; the rest are means over all of them."""

    of: Sequence[Contraction]

    @property
    def own(self) -> Contraction:
        """Returns the experiment's own."""
        return self.of[0]

    @property
    def single(self) -> bool:
        """Tells whether the cell has one recurrent matrix, whose eigenvalues can be spoken of."""
        return len(self.own.weights) == 1

    @property
    def radius(self) -> float:
        """Returns the mean largest modulus of the recurrent matrix's eigenvalues."""
        return float(np.mean([start.weights[0].radius for start in self.of]))

    @property
    def norm(self) -> float:
        """Returns the mean largest singular value σ₁ of the recurrent matrix."""
        return float(np.mean([start.weights[0].norm for start in self.of]))

    @property
    def log_measured(self) -> ndarray:
        """Returns ln of a nudge's size at each lag, the mean over starts: the drawn curve."""
        return np.asarray(np.mean([start.log_measured for start in self.of], axis=0))

    @property
    def growth(self) -> float:
        """Returns the largest size that a nudge ever has, as a factor."""
        return float(np.exp(self.log_measured.max()))

    @property
    def log_end(self) -> float:
        """Returns ln of what is left of a nudge in the end."""
        return float(self.log_measured[-1])


def measure(experiment: Experiment) -> Contractions:
    """Measures the products of Jacobians of five random starts."""
    return Contractions([contraction(start) for start in starts(experiment)])


def contrasts(experiment: Experiment, result: Contractions) -> Contrasts:
    """Returns a matrix scaled until it has to contract, PyTorch's own weights, and a sheared one."""
    network = recurrent(experiment)
    if not network.written_out or network.entry.steepest is None or network.layers > 1:
        raise SpecError(
            "this claim is about one matrix: choose one layer of tanh, ReLU or sigmoid units, tied and without extras"
        )
    if result.radius >= 1:
        raise SpecError(
            f"the claim speaks of matrices with a radius below 1, this one has {result.radius:.2f}: set radius to 0.9"
        )
    if result.norm == 0:
        raise SpecError("a matrix of zeros passes nothing back: set gain to more than 0")
    gain = network.gain * CONTRACTS / (result.norm * result.own.steepest)
    return {
        "scaled": (measure, experiment.changed(gain=gain, radius=0.0)),
        "torch": (measure, experiment.changed(**CELLS["plain RNN"])),
        "sheared": (measure, experiment.changed(initialiser="nonnormal", shear=1.0, gain=1.0, radius=0.0)),
    }


def judge(_experiment: Experiment, result: Contractions, found: Mapping[str, Contractions]) -> Verdict:
    """Decides by whether a nudge ever grows, and what is left of it."""
    scaled, torchs, sheared = found["scaled"], found["torch"], found["sheared"]
    contracts, gone = result.growth <= 1 + TINY, result.log_end <= ARRIVES
    verdict = "fails" if not gone else "holds" if contracts else "only_when"
    return Verdict(
        verdict,
        result.growth,
        "On its way back the gradient "
        + ("never grows" if contracts else f"grows to {result.growth:.2f} times before it falls")
        + f"; {scientific(result.log_end)} of it is left in the end.",
        f"Mean of {STARTS} random starts. The largest eigenvalue is {result.radius:.2f}, the largest singular value "
        f"{result.norm:.2f}. PyTorch's plain RNN has singular values up to {torchs.norm:.2f}, so that nothing forces it to "
        f"shrink, and falls to {scientific(torchs.log_end)} all the same.",
        f"A non-normal matrix whose largest eigenvalue is {sheared.radius:.2f} as well has a singular value of "
        f"{sheared.norm:.2f}, and the gradient grows to {sheared.growth:.2f} times."
        if verdict == "holds"
        else f"With the largest singular value brought to {scaled.norm:.2f} it never grows, and "
        f"{scientific(scaled.log_end)} is left.",
        {"radius": result.radius, "norm": result.norm, "steepest": result.own.steepest}
        | {"growth": result.growth, "ln end": result.log_end}
        | {"norm, sheared": sheared.norm, "growth, sheared": sheared.growth}
        | {"norm, scaled": scaled.norm, "growth, scaled": scaled.growth}
        | {"norm, torch": torchs.norm, "ln end, torch": torchs.log_end},
        when="“largest eigenvalue” is replaced by “largest singular value”" if verdict == "only_when" else "",
    )


QUESTION = Question(
    "c3_radius_or_norm",
    "Below 1 it contracts",
    "If the spectral norm (largest eigenvalue) of the matrices is below 1 they contract, and the gradient goes to 0.",
    Experiment(Recurrent(initialiser="nonnormal", shear=1.0), Noise(length=100, inputs=1)),
    measure,
    contrasts,
    judge,
    ("Pascanu, Mikolov & Bengio 2013", "Trefethen & Embree 2005"),
    0.5,
)
