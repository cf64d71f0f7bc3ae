"""Gradient norms of any network by autograd, one visible map at a time; in the log domain of ``core.gradients.adjoint``.

For networks without an explicit recursion, and the second opinion on those that have one.
"""

import torch
from torch import Tensor

from core.gradients.adjoint import Loss
from core.linear import State
from core.networks import Chain


def backward_norms(chain: Chain, loss: Loss) -> Tensor:
    """ln ‖∂L/∂h_k‖_F over (batch, width) for the h that each map k = 1 … K makes.

    The derivative is total: through everything that h_k reaches, later steps and layers above alike, as ``retain_grad``
    would give it. Returns float64 (K, …) where … are the chain's leading axes. A gradient that is exactly zero is −inf; NaN and
    +inf stay what they are.
    """
    states, images = _forward(chain)
    top = [part.detach().requires_grad_() for part in images[-1]]
    used = torch.autograd.grad(loss(chain.read_out(tuple(top))).sum(), top, allow_unused=True)
    delta = [torch.zeros_like(part) if grad is None else grad for part, grad in zip(top, used, strict=True)]
    scale = delta[0].new_zeros(delta[0].shape[:-2])
    logs = []
    for k in range(len(images) - 1, -1, -1):
        # divided by the largest entry before squaring: squares leave float64 at 10^±154
        largest = torch.stack([part.abs().amax((-2, -1)) for part in delta]).amax(0)
        unit = torch.where((largest > 0) & largest.isfinite(), largest, torch.ones_like(largest))
        delta = [part / unit[..., None, None] for part in delta]
        scale = scale + unit.log()
        logs.append(delta[chain.watched[k]].square().sum((-2, -1)).sqrt().log() + scale)
        if k == 0:
            break
        delta = list(torch.autograd.grad(images[k], states[k], delta, materialize_grads=True, allow_unused=True))
    return torch.stack(logs[::-1])


def _forward(chain: Chain) -> tuple[list[State], list[State]]:
    """States before each map (leaves of a graph of their own) and after it (still attached to those leaves)."""
    states: list[State] = []
    images: list[State] = []
    state = chain.state
    for step in chain.maps:
        leaf = tuple(part.detach().requires_grad_() for part in state)
        state = step(leaf)
        states.append(leaf)
        images.append(state)
    return states, images
