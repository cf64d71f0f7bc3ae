"""Tasks: where the data come from. A new task is one Spec in one file and one word here."""

from core.registry import registry
from core.tasks.adding import Adding
from core.tasks.base import Batch, Score, Shape
from core.tasks.blobs import Blobs
from core.tasks.classics import Latch, Parity, TemporalOrder
from core.tasks.copying import Copy
from core.tasks.language import France, Roles, WasWere
from core.tasks.noise import Noise

TASKS = registry(France, WasWere, Roles, Adding, TemporalOrder, Latch, Copy, Parity, Noise, Blobs)

__all__ = [
    "TASKS",
    "Adding",
    "Batch",
    "Blobs",
    "Copy",
    "France",
    "Latch",
    "Noise",
    "Parity",
    "Roles",
    "Score",
    "Shape",
    "TemporalOrder",
    "WasWere",
]
