"""An experiment in words: the settings that play a part, as the controls call them."""

import re
from typing import Any

from ..experiment.specs import Experiment
from ..fields import Choice, Flag, Rule, rules
from .write import as_pytorch


def in_words(experiment: Experiment, trained: bool = False) -> list[tuple[str, str]]:
    """(label, value) of every setting that the result depends on; ``trained``: those of the training as well.

    A setting that another one switches off (the leak of a cell that does not leak) is left out: it is not in the
    experiment's script either.
    """
    script = as_pytorch(experiment)
    said = [("Network", experiment.network.label), ("Task", experiment.task.label)]
    for spec in (experiment.network, experiment.task, *([experiment.training] if trained else []), experiment):
        for name, rule in rules(spec).items():
            value = getattr(spec, name)
            if (spec is experiment.training and value and name != "film_every") or _plays(name, rule, value, script):
                said.append((re.sub(r" \(0: .*\)", "", rule.label), spoken(rule, value)))
    return said


def _plays(name: str, rule: Rule, value: Any, script: str) -> bool:
    if isinstance(rule, Choice):
        return value != "none" and rule.options[value].label in script
    return (isinstance(rule, Flag) and value) or re.search(rf"^{name.upper()} = ", script, re.M) is not None


def spoken(rule: Rule, value: Any) -> str:
    """A setting's value in the words of its control."""
    if isinstance(rule, Choice):
        return rule.options[value].label
    if isinstance(rule, Flag):
        return "on" if value else "off"
    return str(rule.text(value)) or "the built-in ones"
