"""Specs: frozen, hashable descriptions of a network, a task and a training. Equal specs mean equal results.

``Experiment`` puts them together and speaks permalink: ``to_query`` says what differs from a base experiment as flat
text, ``from_query`` reads it back, strictly typed and by a fixed list of names. The table of names is the dataclass
fields themselves.
"""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ..fields import Spec, SpecError, choice, read, real, rules, whole
from ..networks import NETWORKS, Network, Recurrent
from ..parts.optimisers import OPTIMISERS
from ..tasks import TASKS, France, Task

LARGEST_SEED = 999_999


@dataclass(frozen=True)
class Training(Spec):
    """How the weights are moved."""

    optimiser: str = choice("adam", OPTIMISERS, "Optimiser")
    learning_rate: float = real(3e-3, 1e-6, 10.0, "Learning rate", step=1e-3)
    batch: int = whole(64, 2, 512, "Batch size")
    clip: float = real(
        1.0, 0.0, 1000.0, "Clip the gradient at", "Longest total gradient; 0 switches clipping off.", 0.5
    )
    steps: int = whole(500, 1, 5000, "Training steps")
    film_every: int = whole(20, 1, 500, "Film: a frame every … steps")
    truncate: int = whole(
        0, 0, 400, "Truncate backpropagation after", "Steps that a gradient may go back; 0: all of them."
    )
    sparsity: float = real(0.0, 0.0, 10.0, "Sparsity penalty", "Weight of the mean |h|: makes units fall silent.", 0.01)
    omega: float = real(
        0.0, 0.0, 100.0, "Penalty Ω", "Pascanu's: weight of how much a step back changes the gradient's length.", 0.5
    )
    train_last: int = whole(
        0, 0, 200, "Train the last … layers only", "0: all of them. The read-out is always trained."
    )


_KINDS: Mapping[str, Mapping[str, Any]] = {"network": NETWORKS, "task": TASKS}


@dataclass(frozen=True)
class Experiment(Spec):
    """Everything that decides a result: ``==`` means the same numbers, bit for bit, on the same machine.

    Raises SpecError when the task's data do not fit the network (words into an MLP, points into an RNN, sentences too long
    for untied weights).
    """

    network: Network = field(default_factory=Recurrent)
    task: Task = field(default_factory=France)
    training: Training = field(default_factory=Training)
    seed: int = whole(0, 0, LARGEST_SEED, "Seed", "Another seed draws other weights and other data.")

    def __post_init__(self) -> None:
        for name, kinds in _KINDS.items():
            if type(getattr(self, name)) not in kinds.values():
                raise SpecError(f"{name} must be one of {', '.join(kind.__name__ for kind in kinds.values())}")
        if not isinstance(self.training, Training):
            raise SpecError("training must be a Training")
        if self.network.reads != self.task.gives:
            raise SpecError(
                f"the {self.network.name} network reads {self.network.reads}, but the task “{self.task.name}” gives "
                f"{self.task.gives}: choose {' or '.join(fitting_tasks(self.network.name))}"
            )
        if self.training.truncate and not truncation_fits(self.network):
            raise SpecError("truncated backpropagation is for recurrent networks: choose one, or set truncate to 0")
        if self.training.omega and not omega_fits(self.network):
            raise SpecError("the penalty Ω is for plain recurrent cells: choose such a cell, or set omega to 0")
        if isinstance(self.network, Recurrent):
            self.network.check(self.task.shape())
        super().__post_init__()

    def specs(self) -> dict[str, Any]:
        """Returns the experiment's parts by name: network, task and training."""
        return {"network": self.network, "task": self.task, "training": self.training}

    def setting(self, name: str) -> Any:
        """Returns the value of a setting by its flat name, whichever part has it. Raises SpecError if none has."""
        for spec in (*self.specs().values(), self):
            if name in rules(spec):
                return getattr(spec, name)
        raise SpecError(f"no part of this experiment has a setting {name}")

    def changed(self, **settings: Any) -> "Experiment":
        """Returns the experiment with other values for settings, by their flat names. Raises SpecError for an unknown name."""
        parts: dict[str, Any] = {name: settings.pop(name) for name in rules(self) if name in settings}
        for part, spec in self.specs().items():
            parts[part] = dataclasses.replace(
                spec, **{name: settings.pop(name) for name in rules(spec) if name in settings}
            )
        if settings:
            raise SpecError(f"no part of this experiment has a setting {', '.join(settings)}")
        return dataclasses.replace(self, **parts)

    def to_query(self, base: "Experiment | None" = None) -> dict[str, str]:
        """What differs from ``base`` (default: ``Experiment()``) as flat text; ``from_query`` reads it back."""
        base = base or Experiment()
        query: dict[str, str] = {}
        starts = base.specs()
        for part, spec in self.specs().items():
            start: Any = starts[part]
            if type(spec) is not type(start):
                query[part] = spec.name
                start = type(spec)()
            query |= _differences(spec, start)
        return query | _differences(self, base)


def truncation_fits(network: Network) -> bool:
    """Whether backpropagation can be truncated: only where a state is handed on from step to step."""
    return isinstance(network, Recurrent)


def omega_fits(network: Network) -> bool:
    """Whether the penalty Ω is defined: for plain cells, whose step back is one matrix and one slope."""
    return isinstance(network, Recurrent) and network.written_out and network.entry.gates == 1


def next_seed(seed: int, steps: int = 1) -> int:
    """The seed ``steps`` further on, beginning again at 0 after the largest."""
    return (seed + steps) % (LARGEST_SEED + 1)


def fitting_tasks(network: str) -> list[str]:
    """The kinds of task whose data the kind of network can read."""
    reads = _KINDS["network"][network].reads
    return [name for name, task in _KINDS["task"].items() if task.gives == reads]


def from_query(mapping: Mapping[str, str], base: Experiment | None = None) -> Experiment:
    """The experiment that a query describes, starting from ``base``. Raises SpecError naming everything that is wrong."""
    experiment, complaints = read_query(mapping, base)
    if complaints:
        raise SpecError("; ".join(complaints))
    return experiment


def read_query(mapping: Mapping[str, str], base: Experiment | None = None) -> tuple[Experiment, list[str]]:
    """Like ``from_query``, but keeps ``base``'s value wherever the query's can't be used, and says so in a list.

    Unknown names are complained of too: a typing error should not pass for a setting.
    """
    base = base or Experiment()
    complaints: list[str] = []
    unread = dict(mapping)
    parts: dict[str, Any] = {}
    for part, start in base.specs().items():
        kinds = _KINDS.get(part)
        if kinds and part in unread:
            kind = unread.pop(part)
            if kind not in kinds:
                complaints.append(f"{part} must be one of {', '.join(kinds)}, not “{kind[:40]}”")
            elif kinds[kind] is not type(start):
                start = kinds[kind]()
        parts[part], wrong = read(start, unread)
        complaints += wrong
    own, wrong = read(base, unread)
    complaints += wrong + [f"there is no setting named “{name[:40]}” here" for name in unread]
    try:
        return dataclasses.replace(own, **parts), complaints
    except SpecError as error:
        return base, [*complaints, str(error)]


def _differences(spec: Spec, base: Spec) -> dict[str, str]:
    return {
        name: rule.text(getattr(spec, name))
        for name, rule in rules(spec).items()
        if getattr(spec, name) != getattr(base, name)
    }
