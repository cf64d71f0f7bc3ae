"""Recurrent cells: the equations and the parameter layout of ``torch.nn.RNN``, ``GRU`` and ``LSTM``.

Each cell has three forms, held equal by tests: the fused torch module trains, ``step`` composes (layers, autograd) and
``explicit`` measures fast. ``step`` is a pure function from (weights, input, state) to the next state that broadcasts over
leading axes, so that one call serves many networks: inputs (…, batch, n_in), hidden states (…, batch, n), matrices
(…, gates·n, n), biases (…, gates·n).
"""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from numpy import ndarray
from torch import Tensor, nn

from core import explicit
from core.explicit import Trajectory
from core.linear import State, Weights, affine
from core.registry import registry


def _tanh(w: Weights, x: Tensor, state: State) -> State:
    return (torch.tanh(affine(x, w["weight_ih"], w["bias_ih"]) + affine(state[0], w["weight_hh"], w["bias_hh"])),)


def _relu(w: Weights, x: Tensor, state: State) -> State:
    return (torch.relu(affine(x, w["weight_ih"], w["bias_ih"]) + affine(state[0], w["weight_hh"], w["bias_hh"])),)


def _gru(w: Weights, x: Tensor, state: State) -> State:
    (h,) = state
    n = h.shape[-1]
    from_x, from_h = affine(x, w["weight_ih"], w["bias_ih"]), affine(h, w["weight_hh"], w["bias_hh"])
    reset, update = torch.sigmoid(from_x[..., : 2 * n] + from_h[..., : 2 * n]).split(n, -1)
    candidate = torch.tanh(from_x[..., 2 * n :] + reset * from_h[..., 2 * n :])
    return (candidate + update * (h - candidate),)


def _lstm(w: Weights, x: Tensor, state: State) -> State:
    h, c = state
    gates = affine(x, w["weight_ih"], w["bias_ih"]) + affine(h, w["weight_hh"], w["bias_hh"])
    write, keep, candidate, show = gates.split(h.shape[-1], -1)
    c = torch.sigmoid(keep) * c + torch.sigmoid(write) * torch.tanh(candidate)
    return torch.sigmoid(show) * torch.tanh(c), c


@dataclass(frozen=True)
class Cell:
    """``gates``: how many n×n blocks each matrix has; ``states``: how many vectors are carried (h, or h and c).

    ``steepest`` is sup φ′ for the cells whose Jacobian is diag(φ′)·W_hh, None for gated ones; ``forget`` is the index of
    the forget gate's block (None where there is none).
    """

    name: str
    label: str
    lesson: str
    step: Callable[[Weights, Tensor, State], State]
    explicit: Callable[[ndarray, ndarray, ndarray], Trajectory]
    fused: Callable[..., nn.RNNBase]
    gates: int = 1
    states: int = 1
    steepest: float | None = None
    forget: int | None = None


def _fused_relu(*sizes: int, **options: object) -> nn.RNN:
    return nn.RNN(*sizes, nonlinearity="relu", **options)


CELLS = registry(
    Cell(
        "tanh",
        "Plain RNN",
        "Each step back multiplies the gradient by the recurrent matrix and by the slope of tanh: two chances to shrink it.",
        _tanh,
        explicit.tanh,
        nn.RNN,
        steepest=1.0,
    ),
    Cell(
        "gru",
        "GRU",
        "An update gate mixes the old state with a new one; half open, as at the start, it halves the signal in 1 to 2 steps.",
        _gru,
        explicit.gru,
        nn.GRU,
        gates=3,
    ),
    Cell(
        "lstm",
        "LSTM",
        "The cell state is carried through a forget gate; how much survives is decided by the forget bias, not by the name LSTM.",
        _lstm,
        explicit.lstm,
        nn.LSTM,
        gates=4,
        states=2,
        forget=1,
    ),
    Cell(
        "relu",
        "ReLU RNN",
        "Slope 1 or 0: nothing saturates, but small weights kill it faster than tanh. From the identity (IRNN) it remembers.",
        _relu,
        explicit.relu,
        _fused_relu,
        steepest=1.0,
    ),
)
