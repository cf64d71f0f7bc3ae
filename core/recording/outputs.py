"""Finding the tensors in what a module returns: a tensor, tuple, list, dict, dataclass, or any nesting of them."""

import dataclasses
from collections.abc import Iterator, Mapping
from typing import Any

from torch import Tensor


def graph_tensors(output: Any) -> list[Tensor]:
    """Finds the tensors that a gradient can come back through, each once, in order.

    Left out are single numbers (a loss among the outputs) and empty tensors.
    """
    tensors = [output] if isinstance(output, Tensor) else {id(tensor): tensor for tensor in _tensors(output)}.values()
    return [tensor for tensor in tensors if tensor.requires_grad and tensor.dim() and tensor.numel()]


def _tensors(output: Any) -> Iterator[Tensor]:
    """Yields all tensors, in order."""
    if isinstance(output, Tensor):
        yield output
    elif isinstance(output, Mapping):
        for value in output.values():
            yield from _tensors(value)
    elif isinstance(output, tuple | list):  # PackedSequence is a tuple, too
        for value in output:
            yield from _tensors(value)
    elif dataclasses.is_dataclass(output) and not isinstance(output, type):
        for field in dataclasses.fields(output):
            yield from _tensors(getattr(output, field.name))
