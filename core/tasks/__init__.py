"""Tasks: where the data come from. A new task is one Spec in one file and one word here."""

from ..registry import registry
from .adding import Adding
from .base import Batch, Score, Shape
from .blobs import Blobs
from .classics import Latch, Parity, TemporalOrder
from .copying import Copy
from .language import France, Roles, WasWere
from .noise import Noise

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
