"""Which modules are recorded: few enough to read, found by themselves or by pattern."""

from collections import Counter
from collections.abc import Sequence
from fnmatch import fnmatchcase

from torch import nn

from ..fields import SpecError

ROOT = "(model)"  # the name of the model itself
_LISTS = (nn.Sequential, nn.ModuleList, nn.ModuleDict)  # exactly these: their heirs are modules of their own


def names_of(model: nn.Module) -> dict[str, nn.Module]:
    """Returns all modules by name, shared ones once, in the order in which they were registered."""
    return {name or ROOT: module for name, module in model.named_modules()}


def choose(model: nn.Module, patterns: str | Sequence[str] | None = None) -> dict[str, nn.Module]:
    """Chooses the layers to record: those whose name matches a pattern, or by default

    - the blocks a deep network repeats (a transformer's layers, a ResNet's residual blocks): modules in a Sequential, ModuleList
      or ModuleDict whose kind occurs there more than once and that have parts of their own, not looked into any further;
    - outside of them, each module that has parameters of its own (embeddings, convolutions, recurrent layers, read-outs);
    - the model itself, as “(model)”: the signal at its output, and all weights together.

    Patterns are those of ``fnmatch``: ``*`` stands for any letters and dots. SpecError when one matches nothing.
    """
    modules = names_of(model)
    if patterns is None:
        return {name: modules[name] for name in _by_themselves(modules)}
    wanted = [patterns] if isinstance(patterns, str) else list(patterns)
    for pattern in wanted:
        if not any(fnmatchcase(name, pattern) for name in modules):
            some = ", ".join(list(modules)[:8])
            raise SpecError(f"no module's name matches “{pattern}”. Names in this model are: {some}, …")
    return {name: module for name, module in modules.items() if any(fnmatchcase(name, p) for p in wanted)}


def _by_themselves(modules: dict[str, nn.Module]) -> list[str]:
    """Chooses by default: the model, repeated blocks, and outside of them what has parameters."""
    listed = [
        name
        for name, module in modules.items()
        if name != ROOT
        and type(modules[name.rpartition(".")[0] or ROOT]) in _LISTS
        and type(module) not in _LISTS
        and any(module.children())
    ]
    kinds = Counter(type(modules[name]) for name in listed)
    blocks: list[str] = []
    chosen = [ROOT]
    for name, module in list(modules.items())[1:]:
        if any(name.startswith(block + ".") for block in blocks):
            continue
        if name in listed and kinds[type(module)] > 1:
            blocks.append(name)
            chosen.append(name)
        elif any(True for _ in module.parameters(recurse=False)):
            chosen.append(name)
    return chosen
