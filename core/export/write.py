"""Puts a script together: templates, whose lines are chosen by flags and whose gaps are filled with the chosen texts.

Numbers and the user's own words enter at one place only, the capitals at the top of the script, written with ``repr``.
"""

import re
import textwrap
from collections.abc import Mapping
from string import Template
from typing import Any

from ..experiment.specs import Experiment
from ..fields import Choice, rules
from ..gradients.measure import MEASURED
from ..networks import Recurrent
from ..tasks.language import ADJECTIVES, COUNTRIES, FRENCH, NOUNS, TRAVEL
from .flags import flags_of, gaps
from .profile import MAP, MATRIX, SCRIPT, STREAM
from .snippets import SNIPPETS
from .tasks import LEXICONS
from .training import SCRIPT as TRAINING

_UNUSED = ("recurrent_norm",)  # a flag's lines are enough


class NoScript(NotImplementedError):
    """There is no short script for this experiment. The message says why, in a sentence for whoever asked."""


def as_pytorch(experiment: Experiment) -> str:
    """The text of a script that prints the untrained experiment's gradient profile by ordinary autograd.

    It needs torch and numpy alone, draws the same weights and data, and holds no code for what was not chosen.
    Raises NotImplementedError for a choice that has no text in ``SNIPPETS``.
    """
    return _write(SCRIPT, experiment, training=False)


def training_as_pytorch(experiment: Experiment) -> str:
    """The text of a script that trains, and prints a line per frame of the film: step, accuracy (and local), loss.

    As ``as_pytorch``. Raises NoScript for the penalty Ω.
    """
    if experiment.training.omega:
        raise NoScript(
            "There is no short script with the penalty Ω: its gradient takes δ and the states for given, which autograd does "
            "not. Set it to 0 for a script."
        )
    return _write(TRAINING, experiment, training=True)


def map_as_pytorch(experiment: Experiment) -> str:
    """The text of a script that prints the untrained experiment's gradient map, a row per loss.

    As ``as_pytorch``. Raises NoScript for networks of which there is no map.
    """
    network = experiment.network
    if not isinstance(network, Recurrent) or network.layers > 1 or not network.written_out:
        raise NoScript("There is a gradient map, and a script for it, of a plain recurrent network of one layer only.")
    return _write(MAP, experiment, training=False)


def _write(script: str, experiment: Experiment, training: bool) -> str:
    network: Any = experiment.network
    task: Any = experiment.task
    chosen = _chosen(network) | {"task": task, "network": network}
    if training:
        chosen |= _chosen(experiment.training)
    flags = flags_of(experiment, training)
    parts = {kind: _snippet(kind, entry.name) for kind, entry in chosen.items() if kind not in _UNUSED}
    parts |= {f"{kind}_lesson": f"{entry.label}. {entry.lesson}" for kind, entry in chosen.items()}
    shown = [
        f"{kind}: {entry.label}"
        for kind, entry in chosen.items()
        if entry.name != "none" and (kind != "dropout" or flags["noisy"])
    ]
    parts["about"] = "; ".join(shown).replace("_", " ") + "."
    parts["lexicon"] = LEXICONS.get(task.name, "")
    parts |= {"stream": STREAM, "matrix": MATRIX} | gaps(experiment, flags)
    for kind in ("dropout_draw", "dropout", "skip", "task", "network", "pass", "matrix"):
        parts[kind] = _fill(parts.get(kind, ""), flags, parts)
    used = set(re.findall("[A-Z_]+", _fill(script, flags, parts | {"settings": ""})))
    settings = [f"{name} = {value}" for name, value in _settings(experiment, training).items() if name in used]
    return _fill(script, flags, parts | {"settings": "\n".join(settings)}) + "\n"


def _chosen(spec: Any) -> dict[str, Any]:
    """Field name → registry entry, for the choices that play a part."""
    choices = {name: rule for name, rule in rules(spec).items() if isinstance(rule, Choice)}
    chosen = {name: rule.options[getattr(spec, name)] for name, rule in choices.items()}
    if getattr(spec, "name", "") == "rnn" and not spec.entry.matrix:
        chosen = {"cell": spec.entry, "recurrent_norm": chosen["recurrent_norm"]}
    return chosen


def _settings(experiment: Experiment, training: bool) -> dict[str, str]:
    """NAME → its literal, for all numbers and words that a script may need."""
    values: dict[str, Any] = {"SEED": experiment.seed, "BATCH": MEASURED}
    comments: dict[str, str] = {}
    for spec in (experiment.task, experiment.network, *([experiment.training] if training else [])):
        for name, rule in rules(spec).items():
            values[name.upper()], comments[name.upper()] = getattr(spec, name), f"  # {rule.label}"
    values["GATES"] = getattr(getattr(experiment.network, "entry", None), "gates", 1)
    values["ANSWERS"] = experiment.task.shape().outputs
    built_in = {"france": TRAVEL, "waswere": ADJECTIVES, "roles": ADJECTIVES}.get(experiment.task.name, "")
    groups = {"COUNTRIES": COUNTRIES, "SINGULAR": NOUNS, "PLURAL": NOUNS.values(), "FRENCH": FRENCH.split()}
    lists = {name: " ".join(group) for name, group in groups.items()}
    lists["FILLERS"] = values.pop("FILLERS", "") or built_in
    literals = {name: f"{value!r}{comments.get(name, '')}" for name, value in values.items()}
    return literals | {name: _split(text) for name, text in lists.items()}


def _split(text: str) -> str:
    """Words as an expression that is easy to read and to change, on as many lines as it takes."""
    lines = textwrap.wrap(text, 90, break_long_words=False, break_on_hyphens=False)
    if len(lines) == 1:
        return f"{text!r}.split()"
    return "(\n" + "\n".join(f"    {line + ' '!r}" for line in lines) + "\n).split()"


def _fill(template: str, flags: Mapping[str, Any], parts: Mapping[str, str]) -> str:
    """The template's lines that are wanted, their gaps filled. A line that is one empty gap goes."""
    lines = []
    for line in template.splitlines():
        conditions, _, line = line.partition("|") if line.startswith("?") else ("", "", line)
        if any(bool(flags[name]) == bool(no) for no, name in re.findall(r"\?(!?)(\w+)", conditions)):
            continue
        gap = re.fullmatch(r"( *(# )?)\$(\w+)", line)
        if gap is None:
            lines.append(Template(line).substitute(parts))
        elif text := parts[gap[3]]:
            wrapped = "\n".join(textwrap.wrap(text, 92)) if gap[2] or gap[3] == "about" else text
            lines.append(textwrap.indent(wrapped, gap[1]))
    return "\n".join(lines)


def _snippet(kind: str, name: str) -> str:
    if name not in SNIPPETS.get(kind, {}):
        raise NotImplementedError(
            f"core/export/snippets.py has no text for the {kind} “{name}”: add it to SNIPPETS there"
        )
    return SNIPPETS[kind][name]
