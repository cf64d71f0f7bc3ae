"""Is the computed gradient exact? Two checks that know nothing of backpropagation, at every step or layer (question A2).

Diagnosis: backpropagation is right at every size; plain finite differences are not. A difference of two losses is known to
10⁻¹⁶, so below a gradient of about 10⁻⁸ it says little, and at 10⁻¹⁵ nothing. The product of the differences of *single*
maps keeps its digits at any size, because no single map shrinks anything that far.
"""

from dataclasses import dataclass

import numpy as np
import torch
from numpy import ndarray
from torch import Tensor

from ..experiment.sampling import held_out
from ..experiment.specs import Experiment, SpecError
from ..gradients.measure import MEASURED
from ..networks.base import Chain
from ..parts.linear import State
from ..training.run import Run
from .evaluation import as_tensors, loss_and_gradient, parameters_of, unrolled

STEPS = 10.0 ** np.arange(0.0, -9.0, -0.5)  # lengths of the finite differences that are tried
SMALL = 6e-6  # ∛ε: where a single map's central difference is best


@dataclass(frozen=True)
class Exactness:
    """position (P,): number of the map, from 0 (steps; of stacked layers step by step), or layer 1 … depth. log_norm (P,):
    ln ‖∂L/∂s‖ by autograd in float64, s being the whole state (h; h and c), L the mean loss of 32 held-out examples.

    all_lengths (18, P): relative error of the central difference of the *loss* along the gradient, for each step length in
    ``STEPS``; 1 and more: all wrong. jacobians (P,): ‖product of finite-difference Jacobians − autograd‖ / ‖autograd‖, of
    whole vectors; NaN with BatchNorm, where examples depend on each other. NaN where the gradient is exactly 0.
    """

    position: ndarray
    log_norm: ndarray
    all_lengths: ndarray
    jacobians: ndarray

    @property
    def differences(self) -> ndarray:
        """The relative error with the best step length, picked by someone who knows the answer: (P,)."""
        return self.all_lengths.min(0)

    @property
    def usual(self) -> ndarray:
        """The relative error with a step of 10⁻⁶, the default of torch.autograd.gradcheck: (P,)."""
        error: ndarray = self.all_lengths[np.argmin(np.abs(STEPS - 1e-6))]
        return error


def check(experiment: Experiment, run: Run | None = None) -> Exactness:
    """Both checks at every map of the network. Raises SpecError where there is a loss at every step, and for attention."""
    batch = held_out(experiment, MEASURED)
    chain = unrolled(experiment, as_tensors(parameters_of(experiment, run)), batch.inputs)
    if batch.targets.ndim == 2 or chain.positions:
        raise SpecError("exactness is checked on networks with one loss, at their last step or layer")
    states = _states(chain)
    depth, exact = len(chain.maps), _from_loss(chain, states[-1], batch.targets)
    product = exact
    logs, errors, lengths = np.empty(depth), np.empty(depth), np.empty((len(STEPS), depth))
    scale = 0.0
    with np.errstate(all="ignore"):
        for k in range(depth - 1, -1, -1):
            size = _norm(exact)
            logs[k] = scale = scale + np.log(size)
            errors[k] = _norm([a - b for a, b in zip(exact, product, strict=True)]) / size
            unit = size or 1.0
            exact, product = [part / unit for part in exact], [part / unit for part in product]
            slope = _along(chain, k, states[k + 1], exact, batch.targets)
            lengths[:, k] = np.where(slope == 0, 1.0, np.abs(slope * np.exp(-scale) - 1)) if size > 0 else np.nan
            if k:
                product = _by_jacobian(chain, k, states[k], product)
                exact = _backwards(chain, k, states[k], exact)
    position = np.arange(depth) + (experiment.network.axis == "layer")
    return Exactness(position, logs, lengths, errors if _independent(chain, states) else np.full(depth, np.nan))


def _states(chain: Chain) -> list[State]:
    """The state before the first map and after each."""
    with torch.no_grad():
        states = [chain.state]
        for step in chain.maps:
            states.append(step(states[-1]))
    return states


def _from_loss(chain: Chain, state: State, targets: ndarray) -> list[Tensor]:
    """∂L/∂(last state)."""
    top = tuple(part.clone().requires_grad_() for part in state)
    logits = chain.read_out(top)
    _, outer = loss_and_gradient(logits, targets)
    return list(torch.autograd.grad(logits, top, outer, materialize_grads=True, allow_unused=True))


def _backwards(chain: Chain, k: int, before: State, delta: list[Tensor]) -> list[Tensor]:
    """∂/∂(state before map k) by autograd."""
    leaf = tuple(part.clone().requires_grad_() for part in before)
    return list(torch.autograd.grad(chain.maps[k](leaf), leaf, delta, materialize_grads=True, allow_unused=True))


def _by_jacobian(chain: Chain, k: int, before: State, delta: list[Tensor]) -> list[Tensor]:
    """The same from central differences of map k along every unit of the state: Jᵀδ, column by column."""
    new = []
    with torch.no_grad():
        for part, values in enumerate(before):
            nudge = SMALL * torch.eye(values.shape[-1], dtype=values.dtype)[:, None]  # (n, 1, n)
            up, down = list(before), list(before)
            up[part], down[part] = values + nudge, values - nudge
            columns = zip(chain.maps[k](tuple(up)), chain.maps[k](tuple(down)), strict=True)
            rises = [((a - b) * d).sum(-1) for (a, b), d in zip(columns, delta, strict=True)]
            new.append(torch.stack(torch.broadcast_tensors(*rises)).sum(0).T / (2 * SMALL))
    return new


def _along(chain: Chain, k: int, after: State, unit: list[Tensor], targets: ndarray) -> ndarray:
    """The slope of the loss along ``unit`` at the state after map k, by central differences of every length: (18,)."""
    lengths = torch.from_numpy(np.concatenate([STEPS, -STEPS]))[:, None, None]
    with torch.no_grad():
        state = tuple(part + lengths * direction for part, direction in zip(after, unit, strict=True))
        for step in chain.maps[k + 1 :]:
            state = step(state)
        loss, _ = loss_and_gradient(chain.read_out(state), targets)
    return (loss[: len(STEPS)] - loss[len(STEPS) :]) / (2 * STEPS)


def _independent(chain: Chain, states: list[State]) -> bool:
    """Whether the other examples stay as they are when the first one is moved."""
    moved = tuple(torch.cat([part[:1] + 1, part[1:]]) for part in states[-2])
    with torch.no_grad():
        return all(torch.allclose(a[1:], b[1:]) for a, b in zip(chain.maps[-1](moved), states[-1], strict=True))


def _norm(parts: list[Tensor]) -> np.float64:
    return np.float64(torch.stack([part.square().sum() for part in parts]).sum().sqrt())
