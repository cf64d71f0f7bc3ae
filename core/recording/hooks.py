"""Hooks that can all be taken away again, and that a copy of the model does not inherit."""

from collections.abc import Callable
from functools import partial
from typing import Any

from torch.utils.hooks import RemovableHandle


class Hooks:
    """The handles of what is hooked in, to remove them together."""

    def __init__(self) -> None:
        self._handles: list[RemovableHandle] = []

    def add(
        self, register: Callable[..., RemovableHandle], call: Callable[..., Any], *first: Any, **options: bool
    ) -> None:
        """Hooks ``call(*first, …)`` in by a register method of torch, such as ``module.register_forward_hook``."""
        self._handles.append(register(_Hook(call, *first), **options))

    def clear(self) -> None:
        """Removes them all."""
        for handle in self._handles:
            handle.remove()
        self._handles.clear()


class _Hook(partial[Any]):
    """Calls what it was given; a copy of it, as ``copy.deepcopy(model)`` makes for averaged weights, does nothing."""

    def __reduce__(self) -> tuple[type["_Hook"], tuple[Callable[..., None]]]:
        return _Hook, (_nothing,)


def _nothing(*_: Any) -> None:
    """Does nothing."""
