"""Recurrent cells: the equations, with the parameter layout of ``torch.nn.RNN``, ``GRU`` and ``LSTM``.

A cell's ``step`` composes (layers, dropout, normalisation, untied weights, autograd). The classic cells have two more forms,
held equal by tests: the ``fused`` torch module, and the ``explicit`` recursion, which is fast. ``step`` is a pure function
that broadcasts over leading axes, so that one call serves many networks.
"""

from collections.abc import Callable

import numpy as np
import torch
from numpy import ndarray
from torch import Tensor, nn

from ..registry import registry
from . import recursions
from .cell import Cell, Recur, Step, StepPath
from .linear import State, Weights


def _plain(activation: Callable[[Tensor], Tensor]) -> Step:
    """h ← φ(W_ih x + W_hh h + b): Elman's network."""

    def step(from_x: Tensor, recur: Recur, state: State, constants: Weights) -> State:
        return (activation(from_x + recur(state[0])),)

    return step


def _leaky(from_x: Tensor, recur: Recur, state: State, constants: Weights) -> State:
    """h ← (1 − α) h + α tanh(W_ih x + W_hh h + b) (Jaeger et al. 2007; Bengio et al. 2013)."""
    (h,) = state
    return (h + constants["leak"] * (torch.tanh(from_x + recur(h)) - h),)


def _gru(from_x: Tensor, recur: Recur, state: State, constants: Weights) -> State:
    """r, z = σ(…), k = tanh(from x + r ∘ from h), h ← k + z ∘ (h − k); torch's order of the gates: r, z, k."""
    (h,) = state
    n, from_h = h.shape[-1], recur(h)
    reset, update = torch.sigmoid(from_x[..., : 2 * n] + from_h[..., : 2 * n]).split(n, -1)
    candidate = torch.tanh(from_x[..., 2 * n :] + reset * from_h[..., 2 * n :])
    return (candidate + update * (h - candidate),)


def _lstm(from_x: Tensor, recur: Recur, state: State, constants: Weights) -> State:
    """c ← σ(f) ∘ c + σ(i) ∘ tanh(g), h ← σ(o) ∘ tanh c; torch's order of the gates: i, f, g, o."""
    h, c = state
    write, keep, candidate, show = (from_x + recur(h)).split(h.shape[-1], -1)
    c = torch.sigmoid(keep) * c + torch.sigmoid(write) * torch.tanh(candidate)
    return torch.sigmoid(show) * torch.tanh(c), c


def _peephole(from_x: Tensor, recur: Recur, state: State, constants: Weights) -> State:
    """An LSTM whose input and forget gate see the old c, and whose output gate sees the new one (Gers & Schmidhuber 2000)."""
    h, c = state
    write, keep, candidate, show = (from_x + recur(h)).split(h.shape[-1], -1)
    at_write, at_keep, at_show = constants["weight_peep"].unsqueeze(-2).chunk(3, -1)
    new = torch.sigmoid(keep + at_keep * c) * c + torch.sigmoid(write + at_write * c) * torch.tanh(candidate)
    return torch.sigmoid(show + at_show * new) * torch.tanh(new), new


def _lru(from_x: Tensor, recur: Recur, state: State, constants: Weights) -> State:
    """h ← λ ∘ h + γ ∘ from x, complex, kept as [Re h, Im h]; a linear layer that reads both is Re(C h)."""
    (h,) = state
    turned = h.roll(h.shape[-1] // 2, -1)  # [Im h, Re h]
    return (torch.addcmul(constants["gamma"] * from_x, constants["along"], h) + constants["across"] * turned,)


def _lambda(constants: Weights) -> dict[str, Tensor]:
    """λ = exp(−exp ν + i exp θ) as [Re, Re] and [−Im, Im], and γ = √(1 − |λ|²), each (…, 1, 2n) (Orvieto et al. 2023)."""
    decay, angle = torch.exp(constants["nu"]), torch.exp(constants["theta"])
    modulus = torch.exp(-decay)
    along, across = modulus * angle.cos(), modulus * angle.sin()
    gamma = torch.sqrt(-torch.expm1(-2 * decay))  # with all its digits where |λ| is nearly 1
    doubled = {"along": (along, along), "across": (-across, across), "gamma": (gamma, gamma)}
    return {name: torch.cat(pair, -1).unsqueeze(-2) for name, pair in doubled.items()}


def _mingru(from_x: Tensor, recur: Recur, state: State, constants: Weights) -> State:
    """h ← (1 − z) ∘ h + z ∘ k, z = σ(from x), k = from x: gates don't see h, which enters linearly (Feng et al. 2024)."""
    (h,) = state
    update, candidate = from_x.chunk(2, -1)
    return (h + torch.sigmoid(update) * (candidate - h),)


def _draw_peepholes(rng: np.random.Generator, n: int, ring: tuple[float, float]) -> dict[str, ndarray]:
    """Like all that torch draws: uniform ±1/√n."""
    return {"weight_peep": rng.uniform(-1.0, 1.0, 3 * n) / np.sqrt(n)}


def _draw_ring(rng: np.random.Generator, n: int, ring: tuple[float, float]) -> dict[str, ndarray]:
    """λ uniform on the ring r_min ≤ |λ| ≤ r_max (Orvieto et al. 2023), any angle from 0 to 2π."""
    low, high = min(ring), max(ring)
    square = rng.uniform(low**2, high**2, n)
    angle = 2 * np.pi * (1 - rng.random(n))  # never 0, whose logarithm is stored
    return {"nu": np.log(-0.5 * np.log(square)), "theta": np.log(angle)}


def _fused_relu(*sizes: int, **options: object) -> nn.RNN:
    return nn.RNN(*sizes, nonlinearity="relu", **options)


_PLAIN_PATHS = (StepPath("h", "past h", 1, 1), StepPath("h", "x", 1, 1))
_GRU_PATHS = (
    *_PLAIN_PATHS,
    StepPath("h", "past h", 0, 0),
    StepPath("h", "past h", 1, 2),
    StepPath("h", "x", 1, 2),
)
_LSTM_PATHS = (
    StepPath("h", "c", 0, 1),
    StepPath("h", "past h", 1, 1),
    StepPath("h", "x", 1, 1),
    StepPath("c", "past c", 0, 0),
    StepPath("c", "past h", 1, 1),
    StepPath("c", "x", 1, 1),
)
_LSTM_NONLINEARITIES = ("forget gate", "input gate", "candidate", "output gate", "cell state")


CELLS = registry(
    Cell(
        "tanh",
        "Plain RNN",
        "Each step back multiplies the gradient by the recurrent matrix and by the slope of tanh: two chances to shrink it.",
        _plain(torch.tanh),
        "h = torch.tanh(from_x + from_h)",
        _PLAIN_PATHS,
        recursions.tanh,
        nn.RNN,
        steepest=1.0,
        script_torch="torch.nn.RNNCell(inputs, HIDDEN)",
    ),
    Cell(
        "gru",
        "GRU",
        "An update gate mixes the old state with a new one; half open, as at the start, it halves the signal in 1 to 2 steps.",
        _gru,
        """\
reset, update = torch.sigmoid(from_x[:, : 2 * HIDDEN] + from_h[:, : 2 * HIDDEN]).chunk(2, 1)
new = torch.tanh(from_x[:, 2 * HIDDEN :] + reset * from_h[:, 2 * HIDDEN :])
h = (1 - update) * new + update * h""",
        _GRU_PATHS,
        recursions.gru,
        nn.GRU,
        gates=3,
        chrono=((1, +1),),
        gate_names=("reset gate", "update gate", "candidate"),
        nonlinearities=("reset gate", "update gate", "candidate"),
        script_torch="torch.nn.GRUCell(inputs, HIDDEN)",
    ),
    Cell(
        "lstm",
        "LSTM",
        "The cell state is carried through a forget gate; how much survives is decided by the forget bias, not by the name LSTM.",
        _lstm,
        """\
write, keep, new, show = (from_x + from_h).chunk(4, 1)
c = torch.sigmoid(keep) * c + torch.sigmoid(write) * torch.tanh(new)
h = torch.sigmoid(show) * torch.tanh(c)""",
        _LSTM_PATHS,
        recursions.lstm,
        nn.LSTM,
        gates=4,
        states=2,
        forget=1,
        chrono=((1, +1), (0, -1)),
        gate_names=("input gate", "forget gate", "candidate", "output gate"),
        nonlinearities=_LSTM_NONLINEARITIES,
        script_torch="torch.nn.LSTMCell(inputs, HIDDEN)",
    ),
    Cell(
        "relu",
        "ReLU RNN",
        "Slope 1 or 0: nothing saturates, but small weights kill it faster than tanh. From the identity (IRNN) it remembers.",
        _plain(torch.relu),
        "h = torch.relu(from_x + from_h)",
        _PLAIN_PATHS,
        recursions.relu,
        _fused_relu,
        steepest=1.0,
        script_torch='torch.nn.RNNCell(inputs, HIDDEN, nonlinearity="relu")',
    ),
    Cell(
        "sigmoid",
        "Sigmoid RNN",
        "The logistic function's slope is at most ¼: three quarters go at each step unless the matrix makes up for it.",
        _plain(torch.sigmoid),
        "h = torch.sigmoid(from_x + from_h)",
        _PLAIN_PATHS,
        recursions.sigmoid,
        steepest=0.25,
    ),
    Cell(
        "leaky",
        "Leaky RNN",
        "Each unit keeps a fixed share 1 − α of its old value, so part of the gradient goes past the matrix and the slope.",
        _leaky,
        "h = (1 - LEAK) * h + LEAK * torch.tanh(from_x + from_h)",
        (*_PLAIN_PATHS, StepPath("h", "past h", 0, 0)),
        recursions.leaky,
    ),
    Cell(
        "peephole",
        "LSTM with peepholes",
        "An LSTM whose gates also see the cell state itself; what it remembers still depends on the forget bias.",
        _peephole,
        """\
write, keep, new, show = (from_x + from_h).chunk(4, 1)
written = torch.sigmoid(write + at_write * c) * torch.tanh(new)
c = torch.sigmoid(keep + at_keep * c) * c + written
h = torch.sigmoid(show + at_show * c) * torch.tanh(c)""",
        (*_LSTM_PATHS, StepPath("c", "past c", 0, 1)),
        gates=4,
        states=2,
        forget=1,
        chrono=((1, +1), (0, -1)),
        draw=_draw_peepholes,
        nonlinearities=_LSTM_NONLINEARITIES,
        script_draw='peep = rounded(stream(f"layer {layer} own").uniform(-1, 1, 3 * HIDDEN) / np.sqrt(HIDDEN))',
        script_prepare="at_write, at_keep, at_show = peep.chunk(3)",
    ),
    Cell(
        "lru",
        "LRU (linear, diagonal)",
        "Each unit multiplies its past by a number λ of its own: the gradient decays exactly as λ to the distance.",
        _lru,
        """\
h = lam * torch.complex(*h.chunk(2, 1)) + gamma * torch.complex(*from_x.chunk(2, 1))
h = torch.cat([h.real, h.imag], 1)""",
        (StepPath("h", "past h", 0, 0), StepPath("h", "x", 1, 0)),
        gates=2,
        reals=2,
        matrix=False,
        draw=_draw_ring,
        prepare=_lambda,
        script_draw="""\
rng = stream(f"layer {layer} own")
low, high = sorted([R_MIN, R_MAX])
square = rng.uniform(low**2, high**2, HIDDEN)  # of |lambda|: evenly over the ring
nu = rounded(np.log(-0.5 * np.log(square)))
theta = rounded(np.log(2 * np.pi * (1 - rng.random(HIDDEN))))""",
        script_prepare="""\
lam = torch.exp(torch.complex(-nu.exp(), theta.exp()))
gamma = torch.sqrt(-torch.expm1(-2 * nu.exp()))  # the root of 1 - |lambda|^2""",
    ),
    Cell(
        "mingru",
        "minGRU (gated, linear)",
        "The gate sees the word but not the state: a step back multiplies each unit by 1 − z, and no matrix comes in between.",
        _mingru,
        """\
update, new = from_x.chunk(2, 1)
h = h + torch.sigmoid(update) * (new - h)""",
        (StepPath("h", "past h", 0, 0), StepPath("h", "x", 1, 0), StepPath("h", "x", 1, 1)),
        gates=2,
        matrix=False,
        chrono=((0, -1),),
        nonlinearities=("update gate",),
    ),
)
