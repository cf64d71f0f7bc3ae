"""What a layer list consists of: a layer and its numbers, and the kinds that there are to choose from."""

from collections.abc import Callable
from dataclasses import dataclass

from torch import nn

POINTS, SIGNAL, SEQUENCE = "points", "signal", "sequence"  # what flows: (B, n), (B, n, T) and (B, T, n)
EVERYTHING = (POINTS, SIGNAL, SEQUENCE)


@dataclass(frozen=True)
class Layer:
    """One line of a list: ``kind`` names an entry of ``KINDS``, the numbers are what that entry makes of them.

    size: units, channels, share or factor. count: stacked layers. kernel, stride: of convolutions and pooling. forget: an LSTM's
    forget bias. takes: inputs as PyTorch's text states them (0: whatever comes). inside: of a residual block.
    """

    kind: str
    size: float = 0
    count: int = 1
    kernel: int = 3
    stride: int = 1
    forget: float = 0.0
    takes: int = 0
    inside: tuple["Layer", ...] = ()


Make = Callable[[Layer, int], nn.Module]  # (layer, inputs) → module


@dataclass(frozen=True)
class Kind:
    """``label`` shows how it is written. ``low`` … ``high`` bound its size (both 0: it has none); ``usual`` is the size where
    none is written (0: one must be). ``marks``: lettered numbers that may follow. ``torch``: the classes of ``torch.nn`` that it
    is, ``arguments`` theirs in order, as fields of ``Layer``. ``wide``: its size is the number of its outputs.
    """

    name: str
    label: str
    lesson: str
    make: Make
    torch: tuple[str, ...] = ()
    arguments: tuple[str, ...] = ()
    flows: tuple[str, ...] = EVERYTHING
    low: float = 0
    high: float = 0
    usual: float = 0
    marks: str = ""
    wide: bool = False
