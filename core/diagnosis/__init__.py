"""What is wrong with a training? Rules with named thresholds over a recording; see ``AILMENTS``.

    diagnosis = diagnose(core.read_recording("run.parquet"))
    for check in diagnosis.found:
        print(AILMENTS[check.ailment].label, check.said)

A diagnosis is a pure function of the recording. It reports numbers also where nothing is wrong.
"""

import math
from dataclasses import replace

from ..recording.recording import Recording
from .ailments import AILMENTS
from .base import FINE, FOUND, NOTED, UNKNOWN, Ailment, Check, Diagnosis
from .finite import finite
from .flow import QUANTITIES, Flow, flow
from .grids import Grids
from .units import dead, saturated
from .way import through_layers, through_time
from .weights import clipped, moved

__all__ = [
    "AILMENTS",
    "FINE",
    "FOUND",
    "NOTED",
    "QUANTITIES",
    "UNKNOWN",
    "Ailment",
    "Check",
    "Diagnosis",
    "Flow",
    "diagnose",
    "flow",
]

_CAUSES = {  # consequence → what may be behind it
    "exploding": ("wild",),
    "vanishing": ("dead", "saturated"),
    "still": ("dead", "saturated", "exploding", "vanishing"),
}


def diagnose(recording: Recording) -> Diagnosis:
    """Makes one check for each ailment, each with the numbers that decided it."""
    grids = Grids(recording)
    checks = [finite(grids, recording), *through_layers(grids), *through_time(grids), dead(grids), saturated(grids)]
    checks += [*moved(grids), clipped(grids)]
    ill = {check.ailment for check in checks if check.state == FOUND}
    ordered = sorted(checks, key=lambda check: list(AILMENTS).index(check.ailment))
    losses = [loss for _, loss in recording.losses if math.isfinite(loss)]
    return Diagnosis(
        tuple(replace(check, because=_cause(check, ill)) for check in ordered),
        (losses[0], losses[-1]) if losses else None,
    )


def _cause(check: Check, ill: set[str]) -> str:
    """Returns the first ailment found that explains this one."""
    causes = _CAUSES.get(check.ailment, ()) if check.state == FOUND else ()
    return next((cause for cause in causes if cause in ill), "")
