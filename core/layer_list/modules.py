"""A plan as a torch module, with a read-out for its toy task."""

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor, nn

from ..fields import SpecError
from ..parts.initialisers import INITIALISERS
from .base import POINTS, SEQUENCE, SIGNAL, Layer
from .kinds import CONVOLUTIONAL, KINDS, RECURRENT
from .plan import Plan
from .toys import CLASSES, INPUTS, WORDS, Toy

_LENGTH_AXIS = {SEQUENCE: 1, SIGNAL: 2}
_MOST_CLASSES = 20  # of a last linear layer that is taken for the read-out


class Chain(nn.Module):
    """Parts one after the other, each under its name; a recurrent one hands on its outputs and drops its last state."""

    def __init__(self, parts: Sequence[tuple[str, nn.Module]]) -> None:
        super().__init__()
        for name, part in parts:
            self.add_module(name, part)

    def forward(self, x: Tensor) -> Tensor:
        """Hands on whatever flows."""
        for part in self.children():
            x = part(x)[0] if isinstance(part, nn.RNNBase) else part(x)
        return x


class Residual(Chain):
    """x + f(x)."""

    def forward(self, x: Tensor) -> Tensor:
        """Returns a tensor of the same shape as x."""
        return x + super().forward(x)


class Last(nn.Module):
    """The last step of a sequence."""

    def forward(self, x: Tensor) -> Tensor:
        """Takes (B, T, n), returns (B, n)."""
        return x[:, -1]


class Mean(nn.Module):
    """The mean over a signal's samples."""

    def forward(self, x: Tensor) -> Tensor:
        """Takes (B, n, T), returns (B, n)."""
        return x.mean(2)


def build_list(plan: Plan, length: int, seed: int) -> tuple[nn.Module, Toy]:
    """Builds the module (float32) and its task. Raises SpecError where the layers do not fit together.

    Weights come from a private generator if the plan has an initialiser, else from torch's own, which must be forked around it.
    """
    toy = _toy(plan, length)
    layers, added = list(plan.layers), not _ends_in_read_out(plan)
    if added:
        layers.append(Layer("linear", toy.classes))
    module = Chain(_Builder(toy).parts(layers))
    if plan.init[0] != "default":
        _start(module, plan.init, np.random.default_rng([seed, 203]))
    return module, toy


def _ends_in_read_out(plan: Plan) -> bool:
    last = plan.layers[-1]
    return last.kind == "linear" and 2 <= last.size <= _MOST_CLASSES


def _toy(plan: Plan, length: int) -> Toy:
    """Chooses the task that fits what the first layers read."""
    kinds = [layer.kind for layer in plan.all_layers()]
    recurrent, convolutional = (any(kind in some for kind in kinds) for some in (RECURRENT, CONVOLUTIONAL))
    if recurrent and convolutional:
        raise SpecError(
            "convolutions and recurrent layers in one list can't be tried here: attach the recorder instead"
        )
    words = "embedding" in kinds
    flow = SIGNAL if convolutional else SEQUENCE if recurrent or words else POINTS
    takes = next((layer.takes for layer in plan.all_layers() if layer.takes), 0)
    first = plan.layers[0].takes or (
        takes if plan.layers[0].kind not in ("linear", "conv1d", "embedding", *RECURRENT) else 0
    )
    classes = int(plan.layers[-1].size) if _ends_in_read_out(plan) else CLASSES
    inputs = first or (max(WORDS, 2 * classes) if words else INPUTS[flow])
    if words and inputs <= classes:
        raise SpecError(f"the embedding needs more words than there are answers ({classes})")
    return Toy(flow, inputs, classes, length, words)


class _Builder:
    """Makes the parts in order, keeping track of what flows between them."""

    def __init__(self, toy: Toy) -> None:
        self._flow, self._width, self._words = toy.flow, toy.inputs, toy.words

    def parts(self, layers: Sequence[Layer]) -> list[tuple[str, nn.Module]]:
        """Makes (name, module) for each layer, and for the places where a sequence or signal becomes one vector."""
        made: list[tuple[str, nn.Module]] = []
        for i, layer in enumerate(layers):
            if self._ends_here(layers[i:]):
                made.append(("last", Last()) if self._flow == SEQUENCE else ("mean", Mean()))
                self._flow = POINTS
            made.append((f"{layer.kind}{i + 1}", self._part(layer, f"layer {i + 1} ({layer.kind})")))
        return made

    def _ends_here(self, rest: Sequence[Layer]) -> bool:
        """Tells whether no later layer reads step by step, and this one need not."""
        needed = (*RECURRENT, "embedding") if self._flow == SEQUENCE else CONVOLUTIONAL
        later = any(layer.kind in needed for layer in Plan(tuple(rest)).all_layers())
        return self._flow != POINTS and not later and KINDS[rest[0].kind].wide

    def _part(self, layer: Layer, where: str) -> nn.Module:
        kind = KINDS[layer.kind]
        if layer.kind == "residual":
            return self._residual(layer, where)
        if (layer.kind == "embedding") != self._words:
            raise SpecError(f"{where}: an embedding reads words, so it is the first layer and there is only one")
        if self._flow not in kind.flows:
            raise SpecError(f"{where} can't read {_FLOWS[self._flow]}")
        if layer.takes and layer.takes != self._width:
            raise SpecError(f"{where} is said to take {layer.takes} inputs, but gets {self._width}")
        module = kind.make(layer, self._width)
        self._words = False
        self._width = int(layer.size) if kind.wide else self._width
        return module

    def _residual(self, layer: Layer, where: str) -> nn.Module:
        width, flow = self._width, self._flow
        inner = [
            (f"{part.kind}{i + 1}", self._part(part, f"{where}, {part.kind}")) for i, part in enumerate(layer.inside)
        ]
        shrinks = any(part.kind in ("maxpool", "avgpool") or part.stride > 1 for part in layer.inside)
        if self._width != width or self._flow != flow or shrinks:
            raise SpecError(
                f"{where}: what is inside must keep the size, {width}, to be added; it makes {self._width} of it"
            )
        return Residual(inner)


_FLOWS = {POINTS: "single vectors", SIGNAL: "a signal", SEQUENCE: "a sequence"}


def _start(module: nn.Module, init: tuple[str, float], rng: np.random.Generator) -> None:
    """Draws all weight matrices anew: a recurrent layer's gate by gate, a convolution's with all that it reads as inputs."""
    draw = INITIALISERS[init[0]].draw
    for part in module.modules():
        gates = {nn.LSTM: 4, nn.GRU: 3}.get(type(part), 1)
        for parameter in part.parameters(recurse=False) if not isinstance(part, nn.Embedding) else ():
            if parameter.dim() < 2:
                continue
            flat = parameter.detach().flatten(1)
            blocks = [draw(rng, flat.shape[0] // gates, flat.shape[1], init[1]) for _ in range(gates)]
            with torch.no_grad():
                parameter.copy_(torch.from_numpy(np.concatenate(blocks)).reshape(parameter.shape))
