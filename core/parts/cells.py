"""Recurrent cells: the equations, with the parameter layout of ``torch.nn.RNN``, ``GRU`` and ``LSTM``.

A cell's ``step`` composes (layers, dropout, normalisation, untied weights, autograd). The classic cells have two more forms,
held equal by tests: the ``fused`` torch module, and the ``explicit`` recursion, which is fast. ``step`` is a pure function
that broadcasts over leading axes, so that one call serves many networks.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from numpy import ndarray
from torch import Tensor, nn

from ..registry import registry
from . import recursions as explicit
from .linear import State, Weights
from .recursions import Recursion

Recur = Callable[[Tensor], Tensor]  # h → W_hh h + b_hh, whatever dropout and normalisation make of it
Step = Callable[[Tensor, Recur, State, Weights], State]
Draw = Callable[[np.random.Generator, int, tuple[float, float]], dict[str, ndarray]]


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


@dataclass(frozen=True)
class Cell:
    """``step(from_x, recur, state, constants)`` → the next state: tensors (…, batch, n), the first of which is h.

    from_x: W_ih x + b_ih (…, batch, gates·n). recur(h): W_hh h + b_hh (…, batch, gates·n). constants: the layer's other
    tensors by name, (…, their own shape), ``leak`` (a number) and what ``prepare`` makes of them, once for all steps.

    ``gates``: how many blocks of n rows each matrix has; ``states``: how many vectors are carried (h, or h and c);
    ``reals``: real numbers per unit, so that states have width reals·n (complex ones: 2). ``matrix``: whether there is a
    W_hh at all; ``draw(rng, n, (r_min, r_max))``: the constants' initial values.

    ``steepest`` is sup φ′ for the cells whose Jacobian is diag(φ′)·W_hh, None for others; ``forget`` is the index of the
    block whose bias is the setting "forget bias" (None where there is none); ``chrono`` says of which blocks the bias is
    ln(memory), and with which sign.
    """

    name: str
    label: str
    lesson: str
    step: Step
    explicit: Recursion | None = None
    fused: Callable[..., nn.RNNBase] | None = None
    gates: int = 1
    states: int = 1
    reals: int = 1
    matrix: bool = True
    steepest: float | None = None
    forget: int | None = None
    chrono: tuple[tuple[int, int], ...] = ()
    draw: Draw | None = None
    prepare: Callable[[Weights], dict[str, Tensor]] | None = None


def _fused_relu(*sizes: int, **options: object) -> nn.RNN:
    return nn.RNN(*sizes, nonlinearity="relu", **options)


CELLS = registry(
    Cell(
        "tanh",
        "Plain RNN",
        "Each step back multiplies the gradient by the recurrent matrix and by the slope of tanh: two chances to shrink it.",
        _plain(torch.tanh),
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
        chrono=((1, +1),),
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
        chrono=((1, +1), (0, -1)),
    ),
    Cell(
        "relu",
        "ReLU RNN",
        "Slope 1 or 0: nothing saturates, but small weights kill it faster than tanh. From the identity (IRNN) it remembers.",
        _plain(torch.relu),
        explicit.relu,
        _fused_relu,
        steepest=1.0,
    ),
    Cell(
        "sigmoid",
        "Sigmoid RNN",
        "The logistic function's slope is at most ¼: three quarters go at each step unless the matrix makes up for it.",
        _plain(torch.sigmoid),
        explicit.sigmoid,
        steepest=0.25,
    ),
    Cell(
        "leaky",
        "Leaky RNN",
        "Each unit keeps a fixed share 1 − α of its old value, so part of the gradient goes past the matrix and the slope.",
        _leaky,
        explicit.leaky,
    ),
    Cell(
        "peephole",
        "LSTM with peepholes",
        "An LSTM whose gates also see the cell state itself; what it remembers still depends on the forget bias.",
        _peephole,
        gates=4,
        states=2,
        forget=1,
        chrono=((1, +1), (0, -1)),
        draw=_draw_peepholes,
    ),
    Cell(
        "lru",
        "LRU (linear, diagonal)",
        "Each unit multiplies its past by a number λ of its own: the gradient decays exactly as λ to the distance.",
        _lru,
        gates=2,
        reals=2,
        matrix=False,
        draw=_draw_ring,
        prepare=_lambda,
    ),
    Cell(
        "mingru",
        "minGRU (gated, linear)",
        "The gate sees the word but not the state: a step back multiplies each unit by 1 − z, and no matrix comes in between.",
        _mingru,
        gates=2,
        matrix=False,
        chrono=((0, -1),),
    ),
)
