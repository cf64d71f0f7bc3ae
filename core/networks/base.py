"""What a network gives to the instruments: its weights drawn privately, and itself as a chain of maps."""

import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from torch import Tensor

from core.initialisers import INITIALISERS
from core.linear import State, Weights, affine

Parameters = dict[str, np.ndarray]  # a network's parameters as plain arrays


@dataclass(frozen=True)
class Chain:
    """A network unrolled: ``state`` 0 goes through each of ``maps`` in turn, ``read_out`` turns the last one into logits.

    A layer of an MLP, and a layer of an RNN at one time step, are the same thing here: one map. States are tuples of
    tensors (…, batch, width); ``watched`` says for each map which part of its new state is the h that it made.
    """

    state: State
    maps: Sequence[Callable[[State], State]]
    read_out: Callable[[State], Tensor]
    watched: Sequence[int]


def stream(seed: int, name: str) -> np.random.Generator:
    """A private generator for one tensor: changing one setting leaves the draws of all other tensors as they were."""
    return np.random.default_rng([seed, zlib.crc32(name.encode())])


@lru_cache(maxsize=512)
def draw(initialiser: str, seed: int, name: str, fan_out: int, fan_in: int, sigma: float) -> np.ndarray:
    """The initial matrix (fan_out, fan_in) called ``name``, read-only: a slider that moves something else finds it again."""
    matrix = INITIALISERS[initialiser].draw(stream(seed, name), fan_out, fan_in, sigma)
    matrix.setflags(write=False)
    return matrix


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
