"""Changing an experiment by the flat names of its settings, and training it: what most claims start with."""

from dataclasses import replace
from functools import lru_cache
from typing import Any

from core.fields import SpecError, rules
from core.networks import Recurrent
from core.specs import Experiment
from core.training import Run, advance, start


def changed(experiment: Experiment, **settings: Any) -> Experiment:
    """The experiment with other values for settings, whichever of its parts they belong to.

    Raises SpecError for a name that no part has.
    """
    parts = {part: getattr(experiment, part) for part in ("network", "task", "training")}
    own = {name: settings.pop(name) for name in rules(experiment) if name in settings}
    for part, spec in parts.items():
        parts[part] = replace(spec, **{name: settings.pop(name) for name in rules(spec) if name in settings})
    if settings:
        raise SpecError(f"no part of this experiment has a setting {', '.join(settings)}")
    return replace(experiment, **parts, **own)


def recurrent(experiment: Experiment) -> Recurrent:
    """The experiment's network. Raises SpecError unless it is a recurrent one."""
    if not isinstance(experiment.network, Recurrent):
        raise SpecError("this claim is about recurrent networks: choose network=rnn and a task of sequences")
    return experiment.network


@lru_cache(maxsize=32)
def trained(experiment: Experiment) -> Run:
    """The finished run; claims that are judged one after the other share those they have in common."""
    return advance(start(experiment), experiment.training.steps)


def survived(run: Run) -> Run:
    """The run. Raises SpecError if it blew up: what was seen before that says nothing about what can be learned."""
    if run.trouble:
        raise SpecError(
            f"nothing can be said about learning here: {run.trouble[0].lower()}{run.trouble[1:].rstrip('.')}"
        )
    return run
