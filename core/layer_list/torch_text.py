"""PyTorch's own text: what ``print(model)`` writes, or ``nn.Sequential(nn.Linear(16, 64), …)`` as in a program.

It is read, not run: names, numbers and brackets, nothing else. Classes that are not known here are refused by name.
"""

from dataclasses import replace
from typing import Any

from ..fields import SpecError
from .base import Kind, Layer
from .brackets import Call, read_calls
from .kinds import KINDS
from .plan import MOST_LAYERS, Plan

_BY_CLASS = {name: kind for kind in KINDS.values() for name in kind.torch}
_LISTS = ("Sequential", "ModuleList")
_OF_THE_LOSS = ("Softmax", "LogSoftmax")
_TAKES = "in_features in_channels input_size num_features normalized_shape num_embeddings"
_SIZE = "out_features out_channels hidden_size embedding_dim p"
_FIELDS = {  # keyword → field of Layer
    **dict.fromkeys(_TAKES.split(), "takes"),
    **dict.fromkeys(_SIZE.split(), "size"),
    **{"num_layers": "count", "kernel_size": "kernel", "stride": "stride"},
}
_BOUNDS = {"takes": (1, 20_000), "count": (1, 4), "kernel": (1, 15), "stride": (1, 4)}  # of size: the kind's own
_AS_USUAL = {
    "bidirectional": False,
    "proj_size": 0,
    "dilation": 1,
    "groups": 1,
    "ceil_mode": False,
    "nonlinearity": "tanh",
}
_IGNORED = (
    "bias batch_first inplace eps momentum affine track_running_stats elementwise_affine approximate dim padding "
    "padding_mode dropout padding_idx count_include_pad"
)
_CONSTANTS = {"alpha": 1.0, "negative_slope": 0.01}  # of activations; another one is not taken over
_ELSEWHERE = "attach the recorder to your own training instead"


def read_torch(text: str) -> Plan:
    """Reads the plan that the text describes. Raises SpecError."""
    notes: list[str] = []
    layers = [layer for call in read_calls(text) for layer in _layers(call, notes)]
    return Plan(tuple(layers), notes=tuple(dict.fromkeys(notes)))


def _layers(call: Call, notes: list[str]) -> list[Layer]:
    """Returns the layers that a call stands for: one, those inside of it in order, or none."""
    if call.name in _BY_CLASS and not call.children:
        return [_layer(call, _BY_CLASS[call.name], notes)]
    if call.name in ("Identity", "Flatten"):
        return []
    if call.name in _OF_THE_LOSS:
        notes.append(f"{call.name} is left out: the loss (cross entropy) contains it.")
        return []
    if call.name not in _LISTS:
        if not call.children:
            raise SpecError(f"“{call.name[:40]}” is not known here, but {', '.join(_BY_CLASS)}: {_ELSEWHERE}")
        notes.append(
            f"“{call.name[:40]}” is read as a chain of its parts in the order of the text: "
            "what its forward() does besides is not in it."
        )
    layers: list[Layer] = []
    for child in call.children:
        layers += _layers(child, notes)
        if len(layers) > MOST_LAYERS:
            raise SpecError(f"the text has more than {MOST_LAYERS} layers: {_ELSEWHERE}")
    return layers


def _layer(call: Call, kind: Kind, notes: list[str]) -> Layer:
    """Makes one layer with its numbers, each within bounds."""
    if len(call.plain) > len(kind.arguments):
        raise SpecError(f"{call.name} has more numbers than can be read here: {_ELSEWHERE}")
    given = dict(zip(kind.arguments, call.plain, strict=False))
    for key, value in call.named.items():
        if key in _FIELDS:
            given[_field(key, kind)] = value
        elif value != _AS_USUAL.get(key, value):
            raise SpecError(f"{call.name} with {key} = {str(value)[:40]} is not known here: {_ELSEWHERE}")
        elif key not in (*_IGNORED.split(), *_AS_USUAL, *_CONSTANTS):
            raise SpecError(f"{call.name} has no “{key[:40]}” that could be read here")
    if call.named.get("dropout"):
        notes.append(f"The dropout inside of {call.name} is left out.")
    odd = any(call.named.get(name, usual) != usual for name, usual in _CONSTANTS.items())
    if odd or (given.pop("ignored", None) is not None and not kind.high):
        notes.append(f"{call.name} has torch's usual constant.")
    layer = Layer(kind.name, kind.usual)
    for name, value in given.items():
        layer = replace(layer, **{name: _number(call, name, value, kind)})
    if (kind.high and not layer.size) or (kind.wide and layer.size != int(layer.size)):
        raise SpecError(f"{call.name} needs its size, as in {kind.torch[0]}(16, 64)")
    return layer


def _field(key: str, kind: Kind) -> str:
    """Returns the field of ``Layer`` that a keyword is about; a pooling layer's size is its kernel."""
    name = _FIELDS[key]
    if name == "kernel" and "kernel" not in kind.arguments:
        name = "size"
    return name if name in kind.arguments else "ignored"


def _number(call: Call, name: str, value: Any, kind: Kind) -> Any:
    """Returns the number, whole where it counts something. Raises SpecError."""
    low, high = _BOUNDS.get(name, (kind.low, kind.high))
    if isinstance(value, bool) or not isinstance(value, float) or not low <= value <= high:
        raise SpecError(f"{call.name}: this number must be from {low:g} to {high:g}, not {str(value)[:40]}")
    return value if name == "size" else int(value)
