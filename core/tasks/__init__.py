"""Tasks: where the data come from. A new task is one Spec in one file and one word here."""

from core.registry import registry
from core.tasks.base import Batch, Shape
from core.tasks.blobs import Blobs
from core.tasks.language import France, WasWere
from core.tasks.noise import Noise

TASKS = registry(France, WasWere, Noise, Blobs)

__all__ = ["TASKS", "Batch", "Blobs", "France", "Noise", "Shape", "WasWere"]
