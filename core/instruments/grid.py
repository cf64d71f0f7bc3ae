"""The unrolled network as a grid of k layers by n steps: the gradient at each place, and how long the ways there are (C2).

From a loss on top of step t, a path goes one step back or one layer down at a time; to h of layer l after step s it needs t − s
moves back and k − l down, in any order. So in a plain RNN *every* path between two places passes equally many matrices and
nonlinearities: n + k − 1 nonlinearities from the last loss to the first input, the read-out's matrix not counted among them.
The grid has k·n places, but no path visits them all, and the longest path is what depth means (Zhang et al. 2016, "Architectural
complexity measures of recurrent neural networks"). Cells that carry their state have shorter paths past the matrices.
Diagnosis: how deep the network is that backpropagation sees, and where in the grid the gradient is lost.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy import ndarray

from ..experiment.specs import Experiment
from ..gradients.measure import differentiate
from ..networks.base import Parameters
from ..parts.cells import CELLS
from ..parts.losses import Loss
from .subject import subject


@dataclass(frozen=True)
class Lengths:
    """For a path from a loss down to h of layer l (0: the bottom), ``lag`` steps before it: at [l, lag].

    products, nonlinearities (2, k, n): the fewest and the most on any path, the read-out being one product. onto_input
    (2, 2, n): the same two, fewest and most, down to the input of each lag: [0] products, [1] nonlinearities.
    """

    products: ndarray
    nonlinearities: ndarray
    onto_input: ndarray


@dataclass(frozen=True)
class Grid:
    """log_norm (k, n): ln ‖∂L/∂h‖ (total derivative) of each layer, the bottom first, after each step, over 32 held-out
    examples. lengths: of the paths there; ``depth`` of the plain feed-forward network that this is.
    """

    log_norm: ndarray
    lengths: Lengths

    @property
    def depth(self) -> int:
        """Most nonlinearities between the last loss and the first input."""
        return int(self.lengths.onto_input[1, 1, -1])


def grid(experiment: Experiment, parameters: Parameters | None = None) -> Grid:
    """In float64, dropout off. Raises SpecError for networks that are not recurrent."""
    of = subject(experiment, parameters, "a grid of layers and steps", plain=False)
    batch = of.batch
    logs = differentiate(
        of.network, of.weights, batch.inputs, Loss.of(batch.targets), parameters=False, rescale=1
    ).log_norm
    return Grid(logs, path_lengths(of.network.cell, *logs.shape))


def path_lengths(cell: str, layers: int, steps: int) -> Lengths:
    """Fewest and most products and nonlinearities on any path through ``layers`` × ``steps`` cells."""
    counts = np.stack([_search(cell, layers, steps, what, pick) for what in (0, 1) for pick in (min, max)])
    products, nonlinearities = counts.reshape(2, 2, layers + 1, steps)
    onto_input = np.stack([products[:, -1], nonlinearities[:, -1]])
    return Lengths(products[:, -2::-1], nonlinearities[:, -2::-1], onto_input)


def _search(cell: str, layers: int, steps: int, what: int, pick: Callable[..., int]) -> ndarray:
    """The best count by layers down and lag: (layers + 1, steps), the last row being the input."""
    found: dict[tuple[str, int, int], int] = {("h", 0, 0): 1 - what}  # the read-out
    for down in range(layers):
        for lag in range(steps):
            for start in ("h", "c"):  # h is made from c
                if (start, down, lag) not in found:
                    continue
                for begin, end, *passed in CELLS[cell].paths:
                    if begin == start:
                        name = end.removeprefix("past ")
                        place = ("h", down + 1, lag) if end == "x" else (name, down, lag + (end != name))
                        count = found[start, down, lag] + passed[what]
                        found[place] = pick(found.get(place, count), count)
    return np.array([[found["h", down, lag] for lag in range(steps)] for down in range(layers + 1)])
