"""Tasks: where the data come from. A new task is one file, imported and listed here."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

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

if not TYPE_CHECKING:  # mypy takes every name here; it could not read this list
    __all__ = ["TASKS", *(exported.__name__ for exported in (Batch, Score, Task, *TASKS.values()))]
