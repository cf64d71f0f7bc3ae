"""The unrolled RNN built as what it is: a plain feed-forward network whose layers share their weights (question C1).

Layer j of the feed-forward network holds the places of the grid that j moves reach: [h¹_j, h²_{j−1}, …, hᵏ_{j−k+1}], and that
is φ(M_j [the layer below] + U x_j + b_j). M_j is made of blocks: W_hh on the diagonal, W_ih of the upper recurrent layers below
it. So one layer of n steps becomes an MLP of depth n, and k layers one of depth n + k − 1 (not k·n) and width up to k·H. All
blocks are the same few leaves, so autograd adds up what each copy gets: backpropagation through time, without knowing it.
Diagnosis: an RNN's gradient vanishes for the same reason as a deep MLP's; identical outputs and gradients prove it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

import numpy as np
import torch
from numpy import ndarray
from torch import Tensor
from torch.nn.functional import linear

from ..experiment.specs import Experiment, SpecError
from ..gradients.measure import differentiate, predict_logits
from ..networks.base import Parameters, look_up
from ..parts.activations import ACTIVATIONS
from ..parts.losses import Loss
from .subject import subject


@dataclass(frozen=True)
class Twin:
    """depth: layers of the feed-forward network. widths (depth,): units in each. connections: weights, counting each copy.

    outputs: largest |difference| of the two networks' outputs; gradients: by parameter name, of ∂L/∂parameter; largest: by
    name, the largest |∂L/∂parameter|, to compare with.
    """

    depth: int
    widths: ndarray
    connections: int
    outputs: float
    gradients: Mapping[str, float]
    largest: Mapping[str, float]


def tied_twin(experiment: Experiment, parameters: Parameters | None = None) -> Twin:
    """Both networks on 32 held-out examples, float64. Raises SpecError for cells that are not one matrix and one φ."""
    of = subject(experiment, parameters, "a feed-forward twin")
    network, loss = of.network, Loss.of(of.batch.targets)
    if network.cell not in ACTIVATIONS:
        raise SpecError("a feed-forward twin needs plain units: gates multiply, which layers of an MLP do not")
    inputs = of.batch.inputs
    leaves = {name: torch.from_numpy(values).requires_grad_() for name, values in of.weights.items()}
    outputs, widths, connections = feed_forward(leaves, torch.from_numpy(inputs), network.layers, network.cell)
    answers = outputs if loss.each_step else outputs[-1]
    _, at_logits = loss.value_and_gradient(answers.detach().numpy())
    found = torch.autograd.grad(
        answers, list(leaves.values()), torch.from_numpy(at_logits), allow_unused=True, materialize_grads=True
    )
    whole = differentiate(network, of.weights, inputs, loss, rescale=0).parameters
    gaps = {name: np.abs(own.numpy() - whole[name]).max() for name, own in zip(leaves, found, strict=True)}
    expected = predict_logits(network, of.weights, inputs, loss.each_step)
    return Twin(
        len(widths),
        np.array(widths),
        connections,
        float(np.abs(answers.detach().numpy() - expected).max()),
        {name: float(gap) for name, gap in gaps.items()},
        {name: float(np.abs(values).max()) for name, values in whole.items()},
    )


def feed_forward(
    leaves: Mapping[str, Tensor], inputs: Tensor, layers: int, activation: str
) -> tuple[Tensor, list[int], int]:
    """Outputs (T, B, answers), width of each layer, and number of connections, for inputs (B, T) or (B, T, d)."""
    table = leaves.get("embedding.weight")
    x = (inputs if table is None else look_up(table, inputs)).unbind(-2)
    steps, phi = len(x), ACTIVATIONS[activation].function
    n = leaves["recurrent.weight_hh_l0"].shape[-1]
    h = x[0].new_zeros(len(x[0]), 0)
    below: list[int] = []  # which recurrent layers the layer below holds
    widths, tops, connections = [], [], 0
    for j in range(steps + layers - 1):
        here = [layer for layer in range(layers) if 0 <= j - layer < steps]
        matrix, bias = _blocks(leaves, here, below)
        z = linear(h, matrix, bias)
        if here[0] == 0:
            injected = linear(x[j], leaves["recurrent.weight_ih_l0"])
            z = z + torch.nn.functional.pad(injected, (0, n * (len(here) - 1)))
            connections += leaves["recurrent.weight_ih_l0"].numel()
        h = phi(z)
        connections += n * n * sum((low == high) + (low == high - 1) for low in below for high in here)
        widths.append(n * len(here))
        if here[-1] == layers - 1:
            tops.append(h[:, -n:])
        below = here
    outputs = linear(torch.stack(tops), leaves["readout.weight"], leaves["readout.bias"])
    return outputs, widths, connections


def _blocks(leaves: Mapping[str, Tensor], here: list[int], below: list[int]) -> tuple[Tensor, Tensor]:
    """M_j and b_j: from the recurrent layers in the layer ``below`` to those ``here``."""
    get = partial(_leaf, leaves)
    zero = torch.zeros_like(get("weight_hh", 0))
    rows = []
    for high in here:
        kinds = [
            get("weight_hh", high) if low == high else get("weight_ih", high) if low == high - 1 else zero
            for low in below
        ]
        rows.append(torch.cat(kinds, 1) if kinds else zero[:, :0])
    return torch.cat(rows), torch.cat([get("bias_ih", high) + get("bias_hh", high) for high in here])


def _leaf(leaves: Mapping[str, Tensor], kind: str, layer: int) -> Tensor:
    return leaves[f"recurrent.{kind}_l{layer}"]
