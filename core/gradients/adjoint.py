"""The log domain: going back step by step without underflow.

The adjoint δ_k = ∂L/∂s_k obeys δ_{k−1} = J_kᵀ δ_k. After every step δ is divided by its largest entry and the logarithm
of that is added up, so that a profile goes on where float32 (10⁻⁴⁵), float64 (10⁻³²⁴) and the *norm* of a float64 vector
(10⁻¹⁷⁰, because squares underflow first) all read 0.
"""

from collections.abc import Callable

import numpy as np
import torch
from numpy import ndarray
from torch import Tensor

from core.linear import Parts, affine

Loss = Callable[[Tensor], Tensor]  # logits (…, batch, answers) → loss (…), one number per leading entry


def log_norms(steps: int, delta: Parts, back: Callable[[int, Parts], Parts]) -> ndarray:
    """ln ‖first part of δ‖_F over (batch, n) after steps 0 … ``steps`` − 1, (steps, …), from δ after the last one.

    ``back(k, δ)`` is δ before step k. Exact zeros give −inf; NaN and +inf stay what they are.
    """
    logs = np.empty((steps, *delta[0].shape[:-2]))
    scale = np.zeros(delta[0].shape[:-2])
    with np.errstate(all="ignore"):
        for k in range(steps - 1, -1, -1):
            # divided by the largest entry before squaring: squares leave float64 at 10^±154
            largest = np.max([np.abs(part).max((-2, -1)) for part in delta], axis=0)
            unit = np.where((largest > 0) & np.isfinite(largest), largest, 1.0)
            scale += np.log(unit)
            delta = tuple(part / unit[..., None, None] for part in delta)
            logs[k] = 0.5 * np.log(np.einsum("...bn,...bn->...", delta[0], delta[0])) + scale
            if k:
                delta = back(k, delta)
    return logs


def through_read_out(h: ndarray, weights: dict[str, ndarray], loss: Loss) -> ndarray:
    """∂L/∂h (…, batch, n) of the state that is read out."""
    top = torch.from_numpy(h).requires_grad_()
    logits = affine(top, torch.from_numpy(weights["readout.weight"]), torch.from_numpy(weights["readout.bias"]))
    (gradient,) = torch.autograd.grad(loss(logits).sum(), top)
    return gradient.numpy()
