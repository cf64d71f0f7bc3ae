"""What a recurrent cell is: its equations, how it starts, what its gates are called, and how an exported script writes it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy import ndarray
from torch import Tensor, nn

from .linear import State, Weights
from .recursions import Recursion

Recur = Callable[[Tensor], Tensor]  # h → W_hh h + b_hh, whatever dropout and normalisation make of it
Step = Callable[[Tensor, Recur, State, Weights], State]
Draw = Callable[[np.random.Generator, int, tuple[float, float]], dict[str, ndarray]]


class StepPath(NamedTuple):
    """One way back through a step: from ``begin`` to ``end`` it passes so many matrix products and nonlinearities.

    h and c are the new state, "past h" and "past c" the old one; x is the layer's input, which in a stack is h of the layer
    below.
    """

    begin: str
    end: str
    products: int
    nonlinearities: int


@dataclass(frozen=True)
class Cell:
    """``step(from_x, recur, state, constants)`` → the next state: tensors (…, batch, n), the first of which is h.

    from_x: W_ih x + b_ih (…, batch, gates·n). recur(h): W_hh h + b_hh (…, batch, gates·n). constants: the layer's other
    tensors by name, (…, their own shape), ``leak`` (a number) and what ``prepare`` makes of them, once for all steps.

    ``gates``: how many blocks of n rows each matrix has; ``states``: how many vectors are carried (h, or h and c);
    ``reals``: real numbers per unit, so that states have width reals·n (complex ones: 2). ``matrix``: whether there is a
    W_hh at all; ``draw(rng, n, (r_min, r_max))``: the constants' initial values.

    ``script`` is the step in an exported script, from from_x and from_h to h (and c); ``script_draw`` what ``draw`` does there,
    ``script_prepare`` what ``prepare`` does, ``script_torch`` torch's module for one step, where it has one.

    ``paths``: every way back through one step. ``gate_names``: the gates that read h, in torch's order of their blocks.
    ``nonlinearities``: what ``step`` computes with each of them, in its order.

    ``steepest`` is sup φ′ for the cells whose Jacobian is diag(φ′)·W_hh, None for others; ``forget`` is the index of the
    block whose bias is the setting "forget bias" (None where there is none); ``chrono`` says of which blocks the bias is
    ln(memory), and with which sign.
    """

    name: str
    label: str
    lesson: str
    step: Step
    script: str
    paths: tuple[StepPath, ...]
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
    gate_names: tuple[str, ...] = ("pre-activation",)
    nonlinearities: tuple[str, ...] = ()
    script_torch: str = ""
    script_draw: str = ""
    script_prepare: str = ""
