"""Puts a script together: a template, filled with the settings' facts and with the scripts of the chosen entries."""

from collections.abc import Mapping
from typing import Any

from ..experiment.specs import Experiment
from ..fields import Choice, rules
from ..networks import Recurrent
from ..registry import Entry
from .constants import constants
from .facts import facts
from .jinja import TEMPLATES, wrapped

NETWORKS = {"rnn": "recurrent", "mlp": "layers", "cnn": "layers", "attention": "attention"}  # whose template is whose


class NoScript(NotImplementedError):
    """There is no short script for this experiment. The message says why, in a sentence for whoever asked."""


def as_pytorch(experiment: Experiment) -> str:
    """The text of a script that prints the untrained experiment's gradient profile by ordinary autograd.

    It needs torch and numpy alone, draws the same weights and data, and holds no code for what was not chosen.
    Raises NoScript for a kind of network that has no template.
    """
    return _write("profile", experiment, trains=False)


def training_as_pytorch(experiment: Experiment) -> str:
    """The text of a script that trains, and prints a line per frame of the film: step, accuracy (and local), loss.

    As ``as_pytorch``. Raises NoScript for the penalty Ω.
    """
    if experiment.training.omega:
        raise NoScript(
            "There is no short script with the penalty Ω: its gradient takes δ and the states for given, which autograd does "
            "not. Set it to 0 for a script."
        )
    return _write("training", experiment, trains=True)


def map_as_pytorch(experiment: Experiment) -> str:
    """The text of a script that prints the untrained experiment's gradient map, a row per loss.

    As ``as_pytorch``. Raises NoScript for networks of which there is no map.
    """
    network = experiment.network
    if not isinstance(network, Recurrent) or network.layers > 1 or not network.written_out:
        raise NoScript("There is a gradient map, and a script for it, of a plain recurrent network of one layer only.")
    return _write("map", experiment, trains=False)


def _write(script: str, experiment: Experiment, trains: bool) -> str:
    network, task = experiment.network, experiment.task
    if network.name not in NETWORKS:
        raise NoScript(f"There is no script of this kind of network yet: {network.label}.")
    entries = _chosen(network) | {"task": task, "network": network} | (_chosen(experiment.training) if trains else {})
    context = entries | facts(experiment, trains)
    context |= {
        "network_template": f"networks/{NETWORKS[network.name]}.py.j2",
        "about": wrapped(_about(entries, context["noisy"])),
        "code": {name: _filled(text, context) for name, text in _scripts(entries).items()},
    }
    template = TEMPLATES.get_template(f"{script}.py.j2")
    used = template.render(context, settings="")
    return template.render(context, settings=constants(experiment, trains, used))


def _chosen(spec: Any) -> dict[str, Entry]:
    """Field name → registry entry, for the choices that play a part."""
    choices = {name: rule for name, rule in rules(spec).items() if isinstance(rule, Choice)}
    chosen = {name: rule.options[getattr(spec, name)] for name, rule in choices.items()}
    if isinstance(spec, Recurrent) and not spec.entry.matrix:
        return {"cell": spec.entry, "recurrent_norm": chosen["recurrent_norm"]}
    return chosen


def _about(entries: Mapping[str, Entry], noisy: bool) -> str:
    """One sentence with everything that was chosen."""
    shown = [
        f"{kind}: {entry.label}"
        for kind, entry in entries.items()
        if entry.name != "none" and (kind != "dropout" or noisy)
    ]
    return "; ".join(shown).replace("_", " ") + "."


def _scripts(entries: Mapping[str, Any]) -> dict[str, str]:
    """The entries' own lines, by kind."""
    scripts = {kind: entry.script for kind, entry in entries.items() if hasattr(entry, "script")}
    if "dropout" in entries:
        scripts["dropout_draw"] = entries["dropout"].script_draw
    return scripts | {"lexicon": entries["task"].script_lexicon}


def _filled(text: str, context: Mapping[str, Any]) -> str:
    return TEMPLATES.from_string(text).render(context).removesuffix("\n")
