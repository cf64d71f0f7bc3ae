"""Tasks: where the data come from. A new task is one file, imported and listed here."""

from collections.abc import Mapping

from ..registry import registry
from .adding import Adding
from .base import Batch, Score, Task
from .blobs import Blobs
from .classics import Latch, Parity, TemporalOrder
from .copying import Copy
from .france import France
from .noise import Noise
from .waswere import Roles, WasWere

TASKS: Mapping[str, type[Task]] = registry(
    France, WasWere, Roles, Adding, TemporalOrder, Latch, Copy, Parity, Noise, Blobs
)

__all__ = ["TASKS", "Batch", "Score", "Task", *(task.__name__ for task in TASKS.values())]
