"""The k × n grid: norms from the profile, path lengths from a walk through autograd's own graph."""

from collections.abc import Iterator
from itertools import combinations
from math import comb

import numpy as np
import pytest
import torch

import core
from core.experiment.sampling import initial
from core.gradients.measure import measure_weights
from core.instruments.grid import grid, path_lengths
from core.parts.cells import CELLS

PRODUCTS, NONLINEAR = ("AddmmBackward0", "MmBackward0"), ("TanhBackward0", "SigmoidBackward0", "ReluBackward0")
Counts = dict[object, np.ndarray]  # node → fewest and most products, fewest and most nonlinearities on the way there


def walk(top: torch.Tensor) -> Counts:
    """Every node above ``top``, and where the inputs of each step come from: ("x", t)."""
    order: list[object] = []
    seen: set[object] = set()
    stack = [(top.grad_fn, False)]
    while stack:
        node, done = stack.pop()
        if done:
            order.append(node)
        elif node not in seen:
            seen.add(node)
            stack += [(node, True), *((below, False) for below, _ in node.next_functions if below is not None)]
    counts: Counts = {top.grad_fn: np.zeros(4, int)}
    for node in reversed(order):
        is_product, is_slope = (node.name() in names for names in (PRODUCTS, NONLINEAR))
        after = counts[node] + np.array([is_product, is_product, is_slope, is_slope])
        for below, which in node.next_functions:
            if below is None:
                continue
            for key in (below, ("x", which)) if below.name() == "UnbindBackward0" else (below,):
                old = counts.get(key, after)
                counts[key] = np.where([True, False, True, False], np.minimum(old, after), np.maximum(old, after))
    return counts


@pytest.mark.parametrize("layers", [1, 2, 3])
@pytest.mark.parametrize("cell", list(CELLS))
def test_path_lengths_equal_autograds_graph(cell: str, layers: int) -> None:
    """To every h and to every input."""
    steps = 4
    experiment = core.Experiment(core.Recurrent(cell=cell, layers=layers, hidden=3), core.Noise(length=steps, inputs=2))
    weights = {name: torch.from_numpy(values).double() for name, values in initial(experiment).items()}
    # only the inputs ask for a gradient, so that no path ends in a weight
    inputs = torch.from_numpy(core.held_out(experiment, 2).inputs).requires_grad_()
    chain = experiment.network.chain(weights, inputs)
    state, made = chain.state, []
    for k, step in enumerate(chain.maps):
        state = step(state)
        # a node of its own for h, through which all that reads it has to go
        state = tuple(part.view_as(part) if i == chain.watched[k] else part for i, part in enumerate(state))
        made.append(state[chain.watched[k]].grad_fn)
    counts = walk(chain.read_out(state))
    found = path_lengths(cell, layers, steps)
    for t in range(steps):
        lag = steps - 1 - t
        for layer in range(layers):
            own = np.concatenate([found.products[:, layer, lag], found.nonlinearities[:, layer, lag]])
            np.testing.assert_array_equal(own, counts[made[t * layers + layer]])
        # the bottom layer's product with the inputs comes after the point where the steps part
        np.testing.assert_array_equal(found.onto_input[:, :, lag].ravel() - [1, 1, 0, 0], counts["x", t])


def paths(layers: int, steps: int) -> Iterator[int]:
    """Lengths of all paths from the last place of a grid to its first, one move at a time."""
    moves = layers + steps - 2
    for down in combinations(range(moves), layers - 1):
        layer, step = layers - 1, steps - 1
        for move in range(moves):
            layer, step = (layer - 1, step) if move in down else (layer, step - 1)
        assert (layer, step) == (0, 0)
        yield moves + 1


@pytest.mark.parametrize(("layers", "steps"), [(1, 6), (2, 5), (3, 4), (4, 4)])
def test_all_paths_of_a_plain_network_are_equally_long(layers: int, steps: int) -> None:
    """n + k − 1 nonlinearities on each of the C(n + k − 2, k − 1) paths, not k·n."""
    lengths = list(paths(layers, steps))
    assert len(lengths) == comb(layers + steps - 2, layers - 1)
    found = path_lengths("tanh", layers, steps)
    assert set(lengths) == set(found.onto_input[1, :, -1].tolist()) == {layers + steps - 1}
    np.testing.assert_array_equal(found.products[0], found.products[1])
    np.testing.assert_array_equal(found.onto_input[0], found.onto_input[1] + 1)  # the read-out


@pytest.mark.parametrize("network", [{"layers": 3}, {"cell": "lstm", "layers": 2}, {"recurrent_norm": "layer"}])
def test_norms_are_the_profiles(network: dict[str, object]) -> None:
    """A row per layer; 50 words make one layer 50 deep."""
    experiment = core.Experiment(core.Recurrent(hidden=5, **network), core.France(gap=44))
    found = grid(experiment)
    np.testing.assert_allclose(found.log_norm, measure_weights(experiment, initial(experiment)).by_layer, atol=1e-10)
    if network.get("cell", "tanh") == "tanh":
        assert found.depth == 50 + experiment.network.layers - 1


def test_other_networks_are_refused() -> None:
    """No steps."""
    with pytest.raises(core.SpecError, match="recurrent"):
        grid(core.Experiment(core.FeedForward(), core.Blobs()))
