"""An experiment as a script for people to keep: plain PyTorch that prints the plotted numbers without this project.

The texts are in ``core.export_snippets``. Numbers and the user's own words enter at one place only, the capitals at the
top of the script, written with ``repr``.
"""

import re
import textwrap
from collections.abc import Mapping
from string import Template
from typing import Any

from core.export_flags import calls, flags_of
from core.export_snippets import SCRIPT, SNIPPETS
from core.fields import Choice, rules
from core.gradients.measure import MEASURED
from core.specs import Experiment
from core.tasks.language import ADJECTIVES, COUNTRIES, FRENCH, NOUNS, TRAVEL

# choices without a text of their own: a flag's lines are enough, and dropout is off when gradients are measured
_BY_FLAG = ("recurrent_norm", "dropout")


def as_pytorch(experiment: Experiment) -> str:
    """The text of a script that prints the untrained experiment's gradient profile by ordinary autograd.

    It needs torch and numpy alone, draws the same weights and data, and holds no code for what was not chosen.
    Raises NotImplementedError for a choice that has no text in ``SNIPPETS``.
    """
    network: Any = experiment.network
    task: Any = experiment.task
    chosen = _chosen(network) | {"task": task, "network": network}
    parts = {kind: _snippet(kind, entry.name) for kind, entry in chosen.items() if kind not in _BY_FLAG}
    parts |= {f"{kind}_lesson": f"{entry.label}. {entry.lesson}" for kind, entry in chosen.items()}
    flags = flags_of(experiment)
    shown = [f"{kind}: {entry.label}" for kind, entry in chosen.items() if entry.name != "none" and kind != "dropout"]
    parts["about"] = "; ".join(shown).replace("_", " ") + "."
    parts["place"] = network.axis
    parts["embedding"] = "HEADS * HEAD_WIDTH" if flags["attention"] else "EMBEDDING"
    if network.name == "rnn":
        parts |= calls(network, flags)
    else:
        parts |= {"every_h": "every_h", "seen": "h[:, :, ring]" if flags["cnn"] else "h"}
        parts["layer"] = f"torch.nn.{'Conv1d(inputs, WIDTH, KERNEL)' if flags['cnn'] else 'Linear(inputs, WIDTH)'}"
    for kind in ("skip", "task", "network"):
        parts[kind] = _fill(parts.get(kind, ""), flags, parts)
    used = set(re.findall("[A-Z_]+", _fill(SCRIPT, flags, parts | {"settings": ""})))
    settings = [f"{name} = {value}" for name, value in _settings(experiment).items() if name in used]
    return _fill(SCRIPT, flags, parts | {"settings": "\n".join(settings)}) + "\n"


def _chosen(network: Any) -> dict[str, Any]:
    """Field name → registry entry, for the choices that play a part."""
    choices = {name: rule for name, rule in rules(network).items() if isinstance(rule, Choice)}
    chosen = {name: rule.options[getattr(network, name)] for name, rule in choices.items()}
    if network.name == "rnn" and not network.entry.matrix:
        chosen = {"cell": network.entry, "recurrent_norm": chosen["recurrent_norm"]}
    return chosen


def _settings(experiment: Experiment) -> dict[str, str]:
    """NAME → its literal, for all numbers and words that a script may need."""
    values: dict[str, Any] = {"SEED": experiment.seed, "BATCH": MEASURED}
    comments: dict[str, str] = {}
    for spec in (experiment.task, experiment.network):
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
            f"core/export_snippets.py has no text for the {kind} “{name}”: add it to SNIPPETS there"
        )
    return SNIPPETS[kind][name]
