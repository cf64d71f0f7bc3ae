"""A1. Slope, straightness and single factors of the gradient's way back through the steps."""

from collections.abc import Mapping

import numpy as np

from ..experiment.specs import Experiment
from ..instruments.starts import STARTS, Decay, Profiles, decay, decay_of, fan
from ..networks import Recurrent
from ..tasks import Noise
from ..wording import scientific
from .base import Contrasts, Question, Verdict
from .settings import CELLS, KEEPERS, not_in_force, recurrent
from .thresholds import ARRIVES, LOST

STRAIGHT = 0.95  # r² above which a curve on the log axis counts as a straight line


def contrasts(experiment: Experiment, _result: Profiles) -> Contrasts:
    """Returns the networks known for keeping the gradient, and a plain RNN."""
    recurrent(experiment)
    tables = KEEPERS | {"plain RNN": CELLS["plain RNN"]}
    return {name: (decay, experiment.changed(**settings)) for name, settings in tables.items()}


def judge(experiment: Experiment, result: Profiles, found: Mapping[str, Decay]) -> Verdict:
    """Decides by the mean slope over five starts."""
    here, kept, plain = decay_of(result), {name: found[name] for name in KEEPERS}, found["plain RNN"]
    enough = here.steps_to(LOST)
    falls = here.slope < 0 and here.reach <= ARRIVES and not here.r2 < STRAIGHT
    verdict = "fails" if not falls else "holds" if here.reach <= LOST else "only_when"
    half = here.steps_to(-float(np.log(2)))
    in_force = not not_in_force(experiment, {"": CELLS["plain RNN"]})
    where = "over more steps" if in_force else "for a plain RNN with PyTorch's weights"
    rates = ", ".join(f"{kept[name].rate:.3f} ({name})" for name in not_in_force(experiment, KEEPERS))
    return Verdict(
        verdict,
        here.rate,
        f"Each step back multiplies the gradient by {here.rate:.3f}, and {scientific(here.reach)} of it arrives.",
        f"Mean of {STARTS} random starts: {here.below:.0%} of the single factors are below 1; "
        + (
            f"the gradient halves every {half:.1f} steps, a straight line on the log axis (r² {here.r2:.3f})."
            if falls
            else "the signal does not tend to zero."
        ),
        f"Weights or cells that keep it, per step back: {rates}."
        if falls
        else f"It holds {where}: {plain.rate:.3f} per step back, so that a ten-thousandth is left after "
        f"{np.ceil(plain.steps_to(LOST)):.0f} steps.",
        {"rate": here.rate, "half-life": half, "r²": here.r2, "below 1": here.below, "ln arrives": here.reach}
        | {name: each.rate for name, each in kept.items()}
        | {"plain RNN": plain.rate},
        when=f"the sequence is longer than {enough:.0f} steps" if verdict == "only_when" else "",
    )


QUESTION = Question(
    "a1_many_factors",
    "Many factors below 1",
    "Going back through an unrolled RNN the signal is multiplied by many factors below 1 and tends to zero.",
    Experiment(Recurrent(hidden=64), Noise(length=100, inputs=8)),
    fan,
    contrasts,
    judge,
    ("Hochreiter 1991", "Bengio, Simard & Frasconi 1994"),
    0.5,
)
