"""What a verdict offers to overturn it, against what is set."""

import re

import core
from core.claims import Verdict
from core.claims.measures import CELLS, KEEPERS, LAYERS, others


def named_in_force(experiment: core.Experiment, verdict: Verdict) -> list[str]:
    """Settings that ``overturned_by`` names though they are in force already, and with no other distance beside them."""
    gap = str(getattr(experiment.task, "gap", ""))
    if (
        any(words != gap for words in re.findall(r"(\d+) words", verdict.overturned_by))
        or "more steps" in verdict.overturned_by
    ):
        return []
    here = []
    for name, settings_ in (CELLS | KEEPERS | LAYERS).items():
        try:
            in_force = not others(experiment, {name: settings_})
        except core.SpecError:  # settings of another kind of network
            continue
        if in_force and any(each in verdict.overturned_by for each in (name, name.replace(" with ", " and "))):
            here.append(name)
    return here
