"""Limits that an admin sets by environment variables: one typed table, checked at the start.

    GDL_WORKERS=4 GDL_SESSIONS=60 make run

The table is the dataclass: a field called ``worker_mb`` is read from ``GDL_WORKER_MB``.
"""

import dataclasses
import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from ..experiment.sizes import extent, widest
from ..experiment.specs import Experiment
from ..fields import Number, Spec, SpecError, choice, rules, whole
from ..networks import Attention, Recurrent
from ..registry import Named, registry

LOGS = registry(Named("text", "text", "For people."), Named("json", "JSON", "One object a line, for machines."))
PREFIX = "GDL_"
OTHERS = ("GDL_CHROMIUM", "GDL_LOAD")  # of the tests and benchmarks


@dataclass(frozen=True)
class TextLine:
    """A line of text, such as a path or an address; kept as it is."""

    label: str
    help: str = ""

    def check(self, name: str, value: Any) -> str:
        """Returns ``value`` if it is one line without control characters."""
        if not isinstance(value, str) or not (value.isprintable() or value == ""):
            raise SpecError(f"{name} must be one line of text")
        return value

    def parse(self, name: str, text: str) -> str:
        """Reads the text itself, without white space around it."""
        return self.check(name, text.strip())

    def text(self, value: Any) -> str:
        """Returns the text itself."""
        return str(value)


def text_line(default: str, label: str, help: str = "") -> Any:
    """Makes a dataclass field for a line of text."""
    return dataclasses.field(default=default, metadata={"rule": TextLine(label, help)})


@dataclass(frozen=True)
class Limits(Spec):
    """What one server may use. The defaults fit 2 cores and 4 GiB."""

    workers: int = whole(0, 0, 256, "Worker processes that train", "0: one per core.")
    worker_mb: int = whole(1024, 256, 1_000_000, "Memory that a worker may take for itself", "In MB, on this machine.")
    runs: int = whole(0, 0, 100_000, "Trainings that take turns", "Further ones queue. 0: 24 per worker.")
    runs_per_student: int = whole(8, 1, 1000, "Trainings of one student that take turns", "Further ones queue.")
    length: int = whole(400, 10, 100_000, "Most time steps or layers of an experiment")
    width: int = whole(256, 1, 100_000, "Most units of a layer")
    steps: int = whole(5000, 1, 100_000, "Most training steps")
    sessions: int = whole(
        150, 0, 100_000, "Open pages at a time", "Further visitors see that the room is full. 0: no limit."
    )
    measurements: int = whole(2000, 1, 1_000_000, "Measurements kept in memory")
    kept_runs: int = whole(200, 1, 100_000, "Trainings kept in memory")
    store: str = text_line("", "Folder of the store of results", "Empty: one in the user's cache folder.")
    store_mb: int = whole(256, 0, 1_000_000, "Size of the store of results", "In MB. 0: no store.")
    log: str = choice("text", LOGS, "Form of the log")
    admin: str = text_line("", "Key to the page /admin", "Empty: that page is closed.")
    scheduler: str = text_line(
        "", "Address of a Dask scheduler that has the workers", "Empty: processes on this machine."
    )

    def complaints(self, experiment: Experiment) -> list[str]:
        """Says what of an experiment is larger than this server allows; nothing if it may be done."""
        sizes = [
            ("time steps or layers", extent(experiment), self.length),
            ("units in a layer", widest(experiment), self.width),
            ("training steps", experiment.training.steps, self.steps),
        ]
        return [f"this server allows {most} {what}, not {size}" for what, size, most in sizes if size > most]

    def fit(self, experiment: Experiment) -> Experiment:
        """Makes the experiment as small as this server wants it."""
        network, task = experiment.network, experiment.task
        training = replace(experiment.training, steps=min(experiment.training.steps, self.steps))
        if isinstance(network, Attention):
            network = _lowered(network, "heads", self.width)
            network = _lowered(network, "head_width", self.width // network.heads)
        else:
            network = _lowered(network, "hidden" if isinstance(network, Recurrent) else "width", self.width)
        if isinstance(network, Recurrent | Attention):
            for name in _LENGTHS:
                if name in rules(task):
                    task = _lowered(task, name, getattr(task, name) - max(0, task.shape().steps - self.length))
        else:
            network = _lowered(network, "depth", self.length)
        return replace(experiment, network=network, task=task, training=training)


# what makes a sequence long, whichever of these a task has
_LENGTHS = ("length", "gap", "pause", "symbols", "attractors")


def _lowered(spec: Any, name: str, most: int) -> Any:
    """Returns the spec with a number that is no larger than ``most``, as far as it goes."""
    rule = rules(spec)[name]
    assert isinstance(rule, Number)
    return replace(spec, **{name: max(int(rule.low), min(getattr(spec, name), most))})


def limits_from(environment: Mapping[str, str] = os.environ) -> Limits:
    """Reads the limits that the environment sets. Raises SpecError that names everything wrong, unknown names too."""
    table = {PREFIX + name.upper(): (name, rule) for name, rule in rules(Limits).items()}
    values: dict[str, Any] = {}
    complaints = []
    for variable, text in environment.items():
        if variable in table:
            name, rule = table[variable]
            try:
                values[name] = rule.parse(variable, text)
            except SpecError as error:
                complaints.append(str(error))
        elif variable.startswith(PREFIX) and variable not in OTHERS:
            complaints.append(f"there is no setting {variable}; there are {', '.join(table)}")
    if complaints:
        raise SpecError("; ".join(complaints))
    return Limits(**values)
