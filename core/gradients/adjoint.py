"""The log domain: going back step by step without underflow.

The adjoint δ_k = ∂L/∂s_k obeys δ_{k−1} = J_kᵀ δ_k. Now and then δ is divided by its largest entry and the logarithm of that
is added up, so that a profile goes on where float32 (10⁻⁴⁵), float64 (10⁻³²⁴) and the *norm* of a float64 vector (10⁻¹⁷⁰,
because squares underflow first) all read 0.
"""

from dataclasses import dataclass

import numpy as np
from numpy import ndarray

from ..parts.linear import Parts


@dataclass(frozen=True)
class Gradients:
    """What one pass forwards and backwards gives, for networks side by side (…).

    loss (…,). log_norm (layers, P, …): ln ‖∂L/∂h‖_F over (batch, width) at each of P positions; layers is 1 unless
    recurrent layers or attention blocks are stacked. parameters: ∂L/∂parameter by name, or empty if not asked for.
    """

    loss: ndarray
    log_norm: ndarray
    parameters: dict[str, ndarray]


LAST = (-2, -1)  # the axes of (n, batch) or (batch, n)


def rescaled(delta: Parts, scale: ndarray, over: tuple[int, int] = LAST) -> tuple[Parts, ndarray]:
    """δ divided by its largest entry over two axes, and ``scale`` with the logarithm of that added; 0, ∞, NaN are left alone.

    scale (…,): what is left of δ's shape without these axes.
    """
    largest = np.abs(delta[0]).max(over[0], keepdims=True).max(over[1], keepdims=True)
    for part in delta[1:]:
        largest = np.maximum(largest, np.abs(part).max(over[0], keepdims=True).max(over[1], keepdims=True))
    unit = np.where((largest > 0) & np.isfinite(largest), largest, 1)
    return tuple(part / unit for part in delta), scale + np.log(unit, dtype=float).squeeze(over)


def log_norm(values: ndarray, over: tuple[int, int] = LAST) -> ndarray:
    """ln ‖values‖_F over two axes, (…,) float64, also where the squares leave the range of the type.

    Exact zeros give −inf; NaN and +inf stay what they are.
    """
    if over == LAST:
        squares = np.asarray(np.einsum("...ij,...ij->...", values, values))
    else:  # one axis after the other is the quickest where they lie apart
        squares = np.square(values).sum(over[0], keepdims=True).sum(over[1], keepdims=True).squeeze(over)
    with np.errstate(all="ignore"):
        logs = np.asarray(0.5 * np.log(squares, dtype=float))
    tiny = np.finfo(values.dtype).tiny / np.finfo(values.dtype).eps
    unsure = ~((squares > tiny) & np.isfinite(squares))
    if unsure.any():
        again = np.moveaxis(values, over, LAST)[unsure].astype(float)
        scaled, scale = rescaled((again,), np.zeros(len(again)))
        with np.errstate(all="ignore"):
            logs[unsure] = 0.5 * np.log(np.einsum("...ij,...ij->...", scaled[0], scaled[0])) + scale
    return logs
