"""The capitals at the top of an exported script: the only place where numbers and the user's own words enter it."""

import re
import textwrap

from ..experiment.specs import Experiment
from ..fields import Words, rules
from ..gradients.measure import MEASURED


def constants(experiment: Experiment, trains: bool, script: str) -> str:
    """A line ``NAME = literal`` for each setting and each list of words that ``script`` names."""
    used = set(re.findall("[A-Z_]+", script))
    literals = _numbers(experiment, trains) | {name: _split(text) for name, text in _lists(experiment).items()}
    return "\n".join(f"{name} = {literal}" for name, literal in literals.items() if name in used)


def _numbers(experiment: Experiment, trains: bool) -> dict[str, str]:
    """NAME → its literal, written with ``repr``, and its label as a comment."""
    literals = {"SEED": f"{experiment.seed!r}", "BATCH": f"{MEASURED!r}"}
    for spec in (experiment.task, experiment.network, *([experiment.training] if trains else [])):
        literals |= {
            name.upper(): f"{getattr(spec, name)!r}  # {rule.label}"
            for name, rule in rules(spec).items()
            if not isinstance(rule, Words)
        }
    literals["GATES"] = repr(getattr(getattr(experiment.network, "entry", None), "gates", 1))
    literals["ANSWERS"] = repr(experiment.task.shape().outputs)
    return literals


def _lists(experiment: Experiment) -> dict[str, str]:
    """NAME → words in a row, the user's own instead of the built-in ones."""
    task = experiment.task
    built_in = {name: " ".join(words) for name, words in task.script_lists.items()}
    typed = {name.upper(): getattr(task, name) for name, rule in rules(task).items() if isinstance(rule, Words)}
    return built_in | {name: text for name, text in typed.items() if text}


def _split(text: str) -> str:
    """Words as an expression that is easy to read and to change, on as many lines as it takes."""
    lines = textwrap.wrap(text, 90, break_long_words=False, break_on_hyphens=False)
    if len(lines) == 1:
        return f"{text!r}.split()"
    return "(\n" + "\n".join(f"    {line + ' '!r}" for line in lines) + "\n).split()"
