"""What is read from the text of a layer list: the layers in their order, and how their weights start."""

from collections.abc import Iterator
from dataclasses import dataclass

from .base import Layer

MOST_LAYERS, DEEPEST = 120, 6  # layers of a list, and blocks inside of each other


@dataclass(frozen=True)
class Plan:
    """``init``: the initialiser's name and number; ``notes``: what of the text was understood in a certain way, as sentences."""

    layers: tuple[Layer, ...]
    init: tuple[str, float] = ("default", 0.0)
    notes: tuple[str, ...] = ()

    def all_layers(self) -> Iterator[Layer]:
        """Yields those inside of others, too."""
        stack = list(reversed(self.layers))
        while stack:
            layer = stack.pop()
            yield layer
            stack.extend(reversed(layer.inside))
