"""Gradients of any network by autograd, one visible map at a time.

For networks without a written-out recursion, and the second opinion on those that have one. One ordinary backward pass
gives the gradients of all states and parameters; only where a norm has left the range of the numbers is the way back
walked again map by map, in the log domain of ``core.gradients.adjoint``.
"""

from collections.abc import Sequence

import numpy as np
import torch
from numpy import ndarray
from torch import Tensor

from ..networks import Network
from ..networks.base import Chain
from ..parts.linear import State
from ..parts.losses import Loss
from .adjoint import Gradients, log_norm, rescaled
from .extras import PLAIN, Extras


def chain_gradients(
    network: Network,
    weights: dict[str, ndarray],
    inputs: ndarray,
    loss: Loss,
    *,
    parameters: bool = True,
    extras: Extras = PLAIN,
    noise: torch.Generator | None = None,
    rescale: int = 1,
) -> Gradients:
    """Like ``recurrent_gradients``, but without Ω; ``noise`` draws the dropout masks (None: no dropout)."""
    tensors = {name: torch.from_numpy(value).requires_grad_() for name, value in weights.items()}
    chain = network.chain(tensors, as_tensor(inputs, weights), noise)
    states, outputs = _forward(chain, loss.each_step, extras)
    value, at_logits = loss.value_and_gradient(outputs.detach().numpy())
    made = [state[part] for state, part in zip(states, chain.watched, strict=True)]
    tops, starts = [outputs], [torch.from_numpy(at_logits)]
    if extras.sparsity:
        over = (
            (-3, -2, -1) if chain.positions else (-2, -1)
        )  # all but networks side by side, each with a loss of its own
        tops.append(extras.sparsity * torch.stack([each.abs().mean(over) for each in made]).mean(0).sum())
        starts.append(torch.ones(()))
    wanted = [*made, *tensors.values()] if parameters else made
    found = torch.autograd.grad(tops, wanted, starts, allow_unused=True, materialize_grads=True)
    logs = _logs([each.numpy() for each in found[: len(made)]], chain.positions)
    kind = np.finfo(at_logits.dtype)
    if rescale and extras == PLAIN and not (logs > np.log(kind.tiny / kind.eps)).all():
        logs = chain_norms(chain, loss)
    by_name = dict(zip(tensors, (each.numpy() for each in found[len(made) :]), strict=True)) if parameters else {}
    return Gradients(value, _by_layer(logs, chain), by_name)


def as_tensor(inputs: ndarray, weights: dict[str, ndarray]) -> Tensor:
    """Word numbers as they are, numbers in the precision of the weights."""
    kind = next(iter(weights.values())).dtype
    return torch.from_numpy(inputs if inputs.dtype.kind == "i" else inputs.astype(kind, copy=False))


def _forward(chain: Chain, each_step: bool, extras: Extras) -> tuple[list[State], Tensor]:
    """The states after every map, and the logits."""
    states: list[State] = []
    state = chain.state
    ahead = {chain.ends[t - 1] for t in extras.cuts(len(chain.ends))}
    for k, step in enumerate(chain.maps):
        state = step(state)
        states.append(state)
        if k in ahead:
            state = tuple(part.detach() for part in state)
    return states, _read_out(chain, [states[k] for k in chain.ends], each_step)


def _read_out(chain: Chain, ends: Sequence[State], each_step: bool) -> Tensor:
    """Logits (…, B, answers) of the last end, or (T, …, B, answers) of all."""
    if chain.positions:
        outputs = chain.read_out(ends[-1])
        return outputs if each_step else outputs[-1]
    return torch.stack([chain.read_out(end) for end in ends]) if each_step else chain.read_out(ends[-1])


def _logs(gradients: Sequence[ndarray], positions: int) -> ndarray:
    """ln-norms: one per map (maps, …), or one per map and position (maps, T, …)."""
    if len({each.shape for each in gradients}) > 1:
        return np.concatenate([_logs([each], positions) for each in gradients])
    together = np.stack(gradients)
    if not positions:
        return log_norm(together)
    return np.moveaxis(log_norm(together.swapaxes(-3, -2)), -1, 1)


def _by_layer(logs: ndarray, chain: Chain) -> ndarray:
    """(layers, P, …): a stack's maps come layer by layer within each step."""
    if chain.positions:
        return logs
    layers = chain.layers
    return logs.reshape(-1, layers, *logs.shape[1:]).swapaxes(0, 1)


def chain_norms(chain: Chain, loss: Loss) -> ndarray:
    """ln ‖∂L/∂h‖ map by map, δ being divided by its largest entry after each: goes on where numbers end.

    One per map (maps, …), or one per map and position (maps, T, …).
    """
    befores: list[State] = []
    afters: list[State] = []
    state = chain.state
    for step in chain.maps:
        before = tuple(part.detach().requires_grad_() for part in state)
        state = step(before)
        befores.append(before)
        afters.append(state)
    arrivals = _arrivals(chain, afters, loss)
    delta = tuple(np.zeros(part.shape, part.detach().numpy().dtype) for part in afters[-1])
    scale = np.zeros(delta[0].shape[: -3 if chain.positions else -2])
    logs = []
    for k in range(len(chain.maps) - 1, -1, -1):
        if k in arrivals:
            shrunk = np.exp(-scale)[(..., *(None,) * (delta[0].ndim - scale.ndim))]
            delta = tuple(own + came * shrunk for own, came in zip(delta, arrivals[k], strict=True))
        flat = tuple(part.reshape(*scale.shape, -1, part.shape[-1]) for part in delta)
        flat, scale = rescaled(flat, scale)
        delta = tuple(part.reshape(old.shape) for part, old in zip(flat, delta, strict=True))
        own = delta[chain.watched[k]]
        logs.append(_logs([own], chain.positions)[0] + scale)
        if k:
            into = torch.autograd.grad(
                afters[k],
                befores[k],
                [torch.from_numpy(part) for part in delta],
                materialize_grads=True,
                allow_unused=True,
            )
            delta = tuple(part.numpy() for part in into)
    return np.stack(logs[::-1])


def _arrivals(chain: Chain, afters: Sequence[State], loss: Loss) -> dict[int, tuple[ndarray, ...]]:
    """What the loss itself gives to the state after each of the ends that are read out."""
    ends = list(chain.ends if loss.each_step else chain.ends[-1:])
    tops = [tuple(part.detach().requires_grad_() for part in afters[k]) for k in ends]
    outputs = _read_out(chain, tops, loss.each_step)
    at_logits = torch.from_numpy(loss.value_and_gradient(outputs.detach().numpy())[1])
    every = [part for top in tops for part in top]
    found = iter(torch.autograd.grad(outputs, every, at_logits, allow_unused=True, materialize_grads=True))
    return {k: tuple(next(found).numpy() for _ in top) for k, top in zip(ends, tops, strict=True)}
