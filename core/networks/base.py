"""What a network gives to the instruments: its weights drawn privately, and itself as a chain of maps."""

import zlib
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import ClassVar, Protocol

import numpy as np
import torch
from torch import Tensor, nn

from ..fields import Spec
from ..parts.initialisers import INITIALISERS
from ..parts.linear import State, Weights, affine
from ..tasks.base import Shape

Parameters = dict[str, np.ndarray]  # a network's parameters as plain arrays


@dataclass(frozen=True)
class Chain:
    """A network unrolled: ``state`` 0 goes through each of ``maps`` in turn; every map is a pure function of the state.

    A layer of an MLP, and a layer of an RNN at one time step, are the same thing here: one map. States are tuples of
    tensors (…, batch, width), … being networks side by side.

    ``watched[k]``: which part of the state after map k is the h that map k made. ``layers``: how many maps make one time step
    of a stack, in turn (1 where there is no time, or no stack). ``ends``: the maps after which a step
    is complete and may be read out, one per time step (default: the last map alone). ``read_out``: the state there →
    logits (…, batch, answers).

    ``positions`` T (0: none): one map works on all time steps at once, as attention does. States are then
    (…, batch, T, width), the profile has a norm for each position, and ``read_out`` gives (T, …, batch, answers).
    """

    state: State
    maps: Sequence[Callable[[State], State]]
    read_out: Callable[[State], Tensor]
    watched: Sequence[int]
    ends: Sequence[int] = ()
    layers: int = 1
    positions: int = 0

    def __post_init__(self) -> None:
        if not self.ends:
            object.__setattr__(self, "ends", (len(self.maps) - 1,))

    def logits(self, each_step: bool = False) -> Tensor:
        """Runs the chain: (…, batch, answers) after the last step, or (T, …, batch, answers) after every one."""
        read, ends, state = [], set(self.ends if each_step else self.ends[-1:]), self.state
        for k, step in enumerate(self.maps):
            state = step(state)
            if k in ends:
                read.append(self.read_out(state))
        if self.positions:
            return read[0] if each_step else read[0][-1]
        return torch.stack(read) if each_step else read[0]


def stream(seed: int, name: str) -> np.random.Generator:
    """A private generator for one tensor: changing one setting leaves the draws of all other tensors as they were."""
    return np.random.default_rng([seed, zlib.crc32(name.encode())])


@lru_cache(maxsize=512)
def draw(initialiser: str, seed: int, name: str, fan_out: int, fan_in: int, number: float) -> np.ndarray:
    """The initial matrix (fan_out, fan_in) called ``name``, read-only: a slider that moves something else finds it again."""
    matrix = INITIALISERS[initialiser].draw(stream(seed, name), fan_out, fan_in, number)
    matrix.setflags(write=False)
    return matrix


@dataclass(frozen=True)
class Network(Spec, ABC):
    """A network is a Spec that draws its weights, builds a torch module, and unrolls itself as a chain of maps.

    ``reads`` is "sequences" or "vectors"; ``axis`` is what the gradient's way back is counted in, "step" or "layer";
    ``main`` is the setting that tells networks of a kind apart first.
    """

    name: ClassVar[str]
    label: ClassVar[str]
    lesson: ClassVar[str]
    reads: ClassVar[str]
    axis: ClassVar[str]
    main: ClassVar[str] = "activation"

    @property
    @abstractmethod
    def width(self) -> int:
        """How many numbers a layer's state, or a position's, has."""

    @property
    @abstractmethod
    def structure(self) -> tuple[object, ...]:
        """What networks that are measured side by side must have in common: all but their initial weights."""

    @property
    def written_out(self) -> bool:
        """Whether ``core.gradients`` can differentiate it by hand."""
        return False

    def extent(self, shape: Shape) -> int:
        """The longest way that a gradient goes back: time steps, or layers."""
        return shape.steps

    @abstractmethod
    def draw(self, shape: Shape, seed: int) -> Parameters:
        """The initial parameters by name, float32."""

    @abstractmethod
    def build(self, shape: Shape) -> nn.Module:
        """The torch module, its parameters not yet set."""

    @abstractmethod
    def chain(self, weights: Weights, inputs: Tensor, noise: torch.Generator | None = None) -> Chain:
        """The network unrolled, with ``weights`` that may have leading axes (one network per entry)."""


class Initialised(Protocol):
    """A spec that says how its matrices are drawn."""

    @property
    def initialiser(self) -> str:
        """A name in INITIALISERS."""

    @property
    def gain(self) -> float:
        """Multiplies what was drawn."""


def drawn(spec: Initialised, seed: int, name: str, fan_out: int, fan_in: int) -> np.ndarray:
    """The initial matrix (fan_out, fan_in) called ``name``, as the spec's settings want it."""
    number = getattr(spec, INITIALISERS[spec.initialiser].setting)
    return spec.gain * draw(spec.initialiser, seed, name, fan_out, fan_in, number)


def as_float32(parameters: Parameters) -> Parameters:
    """Parameters as a torch module holds them."""
    return {name: values.astype(np.float32) for name, values in parameters.items()}


def draw_readout(width: int, answers: int, seed: int) -> Parameters:
    """The linear read-out as ``torch.nn.Linear`` starts: uniform ±1/√width."""
    rng = stream(seed, "readout")
    bound = 1.0 / np.sqrt(width)
    return {
        "readout.weight": rng.uniform(-bound, bound, (answers, width)),
        "readout.bias": rng.uniform(-bound, bound, answers),
    }


def read_out(weights: Weights, part: int, state: State) -> Tensor:
    """Logits (…, batch, answers) from one part of the last state."""
    return affine(state[part], weights["readout.weight"], weights["readout.bias"])


def look_up(table: Tensor, numbers: Tensor) -> Tensor:
    """Rows of table (…, vocabulary, e) for word numbers (…, B, T) → (…, B, T, e)."""
    if table.dim() == 2:
        return table[numbers]
    return torch.stack([look_up(*pair) for pair in zip(table, numbers, strict=True)])
