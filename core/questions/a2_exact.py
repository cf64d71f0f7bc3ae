"""A2. Backpropagation against finite differences, how many steps each number format lasts, and how much arrives."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..experiment.sampling import held_out
from ..experiment.specs import Experiment
from ..fields import SpecError
from ..gradients.measure import measure_many
from ..gradients.profile import GradientProfile
from ..instruments.exactness import Exactness, check
from ..instruments.many_digits import check_digits
from ..instruments.starts import STARTS, decay
from ..instruments.underflow import Underflow, underflow
from ..networks import Recurrent
from ..tasks import France
from ..wording import number, scientific
from .base import Contrasts, Question, Verdict
from .settings import CELLS, KEEPERS, recurrent
from .thresholds import FLOWS

EXACT = 1e-6  # relative error: central differences of single maps are right to about 1e-9, and may add up


@dataclass(frozen=True)
class Exact:
    """profile: of the experiment. check: backpropagation against finite differences. ends: where number formats give up.

    cue: the position of the word that decides (else the first).
    """

    profile: GradientProfile
    check: Exactness
    ends: Underflow
    cue: int

    @property
    def error(self) -> float:
        """Returns the largest relative difference between backpropagation and the product of finite-difference Jacobians."""
        return float(np.nanmax(self.check.jacobians))

    @property
    def log_size(self) -> float:
        """Returns ln ‖∂L/∂h‖ at the word that decides."""
        return float(self.profile.log_norm[self.cue])

    @property
    def gone(self) -> dict[str, float]:
        """Returns number format → steps after which the computed gradient is exactly 0."""
        return dict(zip(self.ends.dtypes, self.ends.gradient.tolist(), strict=True))


def measure(experiment: Experiment) -> Exact:
    """Checks and counts. Raises SpecError where one of them can't be done."""
    recurrent(experiment)
    cue = held_out(experiment, 1).cue or 0
    return Exact(measure_many([experiment])[0], check(experiment), underflow(experiment), cue)


def digits(experiment: Experiment) -> float:
    """Returns the error against arithmetic of 80 digits, NaN for networks that are not worked out so far."""
    try:
        return float(check_digits(experiment).errors.max())
    except SpecError:
        return float("nan")


def contrasts(experiment: Experiment, _result: Exact) -> Contrasts:
    """Returns 80 digits, how much arrives, and how much does in a plain RNN and in networks known for keeping the gradient."""
    tables = KEEPERS | {"plain RNN": CELLS["plain RNN"]}
    decays: Contrasts = {name: (decay, experiment.changed(**settings)) for name, settings in tables.items()}
    return {"80 digits": (digits, experiment), "here": (decay, experiment), **decays}


def judge(experiment: Experiment, result: Exact, found: Mapping[str, Any]) -> Verdict:
    """Decides by exactness, by what float32 can hold, and by how much arrives."""
    layers = recurrent(experiment).layers
    away, usual = int(result.check.position[-1]) // layers - result.cue, float(result.check.usual[result.cue])
    error, gone, many = result.error, result.gone, found["80 digits"]
    worn = dict(zip(result.ends.dtypes, result.ends.digits.tolist(), strict=True))
    right = error <= EXACT and not many > EXACT  # 80 digits may not have been asked (NaN)
    here, plain = found["here"], found["plain RNN"]
    best = max(KEEPERS, key=lambda name: found[name].reach)
    healthy, short = here.reach >= FLOWS, away >= worn["float32"]
    ended = right and away >= gone["float32"]
    verdict = "fails" if not right or ended else "only_when" if short or not healthy else "holds"
    return Verdict(
        verdict,
        gone["float32"] if ended else error,
        f"The word that decides is {away} steps back; float32 reads 0 after {gone['float32']:.0f}."
        if ended
        else f"The gradient is {'right to' if right else 'wrong by'} {number(error)}, however small it is.",
        f"Backpropagation agrees with the product of finite-difference Jacobians to {number(error)}"
        + (f", with arithmetic of 80 digits to {number(many)}" if many == many else "")
        + f", where its length is {scientific(result.log_size)} (step {result.cue}); differences of the loss itself are "
        f"{usual:.0%} wrong there. {'' if healthy else 'Exact is not useful: only '}{scientific(here.reach)} of the "
        f"signal arrives (mean of {STARTS} random starts). Numbers end, too: {_formats(gone)}.",
        f"It takes a gradient that is healthy as well as exact: {scientific(found[best].reach)} of the signal arrives ({best})."
        if not healthy
        else f"Exact as well, and no use: in a plain RNN {scientific(plain.reach)} of the signal arrives.",
        {
            "jacobians": error,
            "80 digits": many,
            "differences of the loss": usual,
            "ln size": result.log_size,
            "ln arrives": here.reach,
            f"ln arrives, {best}": found[best].reach,
            "ln arrives, plain RNN": plain.reach,
        }
        | {f"{name} ends after": steps for name, steps in gone.items()},
        when=""
        if verdict != "only_when"
        else f"fewer than {worn['float32']:.0f} steps lie in between: from there on float32 loses digits"
        if short
        else "“nothing is wrong” means “exact”: whether it is useful is another matter (question A3)",
    )


def _formats(gone: dict[str, float]) -> str:
    counts = [
        f"{name} reads 0 after {steps:.0f} steps" if np.isfinite(steps) else f"{name} never"
        for name, steps in gone.items()
    ]
    return ", ".join(counts)


QUESTION = Question(
    "a2_exact",
    "Backprop is exact",
    "Backpropagation is exact, so numerical trouble aside, nothing is wrong.",
    Experiment(Recurrent(), France(gap=40)),
    measure,
    contrasts,
    judge,
    (),
    2.0,
)
