"""What a verdict offers to overturn it, against what is set."""

import re

import core
from core.questions import Verdict
from core.questions.settings import CELLS, KEEPERS, LAYERS, not_in_force


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
            in_force = not not_in_force(experiment, {name: settings_})
        except core.SpecError:  # settings of another kind of network
            continue
        if in_force and any(words in verdict.overturned_by for words in (name, name.replace(" with ", " and "))):
            here.append(name)
    return here
