"""Changing an experiment by the flat names of its settings."""

from dataclasses import replace
from typing import Any

from ..fields import SpecError, rules
from .specs import Experiment


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
