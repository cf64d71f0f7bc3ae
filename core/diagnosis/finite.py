"""The rule about NaN and ∞: where and when it began, and whether the size of the steps is to blame."""

import math

import numpy as np

from ..recording.kinds import ORDER
from ..recording.recording import Recording
from ..recording.watch import Finding
from ..wording import number, scientific
from .ailments import AILMENTS, WILD
from .base import FINE, FOUND, NOTED, Check
from .grids import Grids

_GROWN = math.log(10.0)  # weights that have grown by this factor were not initialised too large, they became so


def finite(grids: Grids, recording: Recording) -> Check:
    """Finds the first number that is not finite, by the recorder's own findings or, without them, in rows or losses."""
    first = min(recording.findings, key=lambda finding: finding.step, default=None)
    step, said = (first.step, str(first)) if first else _in_rows(recording)
    if step is None:
        return Check("nonfinite", FINE, f"All numbers were finite, in {_count(recording)}.")
    if first and _went_on(first, recording):
        said += " Later the numbers were finite again. With a GradScaler that is ordinary: it is how the scaler finds its factor."
        return Check("nonfinite", NOTED, said, (first.name,), step)
    evidence, blame = _evidence(grids, recording, step)
    remedies = AILMENTS["nonfinite"].remedies
    if not blame:  # then rather the data or the initialisation
        remedies = (*remedies[2:], *remedies[:2])
    return Check("nonfinite", FOUND, said + evidence, (first.name,) if first else (), step, remedies=remedies)


def _in_rows(recording: Recording) -> tuple[int | None, str]:
    """Finds the first recorded step with a NaN or ∞, and what it is."""
    rows = recording.rows
    bad = rows[(rows["nonfinite"] > 0) | np.isnan(rows["log_norm"]) | (rows["log_norm"] == np.inf)]
    if len(bad):
        step = int(bad["step"].min())
        one = bad[bad["step"] == step][0]
        name, kind = recording.layers[one["layer"]], ORDER[one["kind"]]
        return step, f"Step {step}: in “{name}” the {kind} holds {int(one['nonfinite'])} numbers that are NaN or ∞."
    for step, loss in recording.losses:
        if not math.isfinite(loss):
            return step, f"Step {step}: the loss is {'NaN' if math.isnan(loss) else '∞'}."
    return None, ""


def _went_on(first: Finding, recording: Recording) -> bool:
    """Tells whether only gradients were concerned and weights and outputs were finite later on."""
    rows = recording.rows
    later = rows[rows["step"] > first.step]
    fine = len(later) > 0 and not np.any(later["nonfinite"]) and bool(np.all(later["log_norm"] < np.inf))
    return first.where in ("backward", "gradient") and fine


def _evidence(grids: Grids, recording: Recording, step: int) -> tuple[str, bool]:
    """Says what happened before: how the weights grew and how far a step moved them. And whether that explains it."""
    before = grids.steps <= step
    weight, update = grids.total("weight")[before], grids.total("update")[before]
    with np.errstate(invalid="ignore"):
        known = weight[np.isfinite(weight)]
        ratios = (update - weight)[np.isfinite(update - weight)]
    said, blame = "", False
    if step == 0:
        return (
            " That was the very first step, so it is not the learning rate: look at the data and at the initial weights.",
            False,
        )
    if len(known) > 1 and known[-1] - known[0] > math.log(1.5):
        said += f" Until then the weights had grown {scientific(known[-1] - known[0])}-fold."
        blame = blame or known[-1] - known[0] > _GROWN
    if len(ratios):
        said += f" A step changed them by up to {scientific(float(ratios.max()))} of themselves (about 10⁻³ is usual)."
        blame = blame or float(ratios.max()) > WILD
    losses = [loss for at, loss in recording.losses if at <= step and math.isfinite(loss)]
    if len(losses) > 1:
        said += f" The loss went from {number(losses[0])} to {number(losses[-1])}."
    if blame:
        said += " All that points to steps that are too large."
    return said, blame


def _count(recording: Recording) -> str:
    steps = len(recording.steps)
    return f"{steps} recorded step{'' if steps == 1 else 's'} and all between them"
