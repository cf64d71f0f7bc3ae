"""After how many steps back is the computed gradient exactly 0? In each number format, by really computing in it (A2).

Diagnosis: backpropagation is exact until the numbers run out. From then on every earlier word gets a gradient of exactly 0,
however long one trains; and the *norm* of a gradient, whose squares run out first, reads 0 far earlier than the gradient.
"""

from dataclasses import dataclass

import numpy as np
import torch
from numpy import ndarray

from ..experiment.sampling import held_out
from ..experiment.specs import Experiment, SpecError
from ..networks import Recurrent
from ..parts.linear import State
from ..training.run import Run
from .evaluation import as_tensors, loss_and_gradient, parameters_of, unrolled

DTYPES = {
    "float16": torch.float16,
    "bfloat16": torch.bfloat16,
    "float32": torch.float32,
    "float64": torch.float64,
}
FARTHEST = 2000  # steps that are tried


@dataclass(frozen=True)
class Underflow:
    """dtypes (D,): names. Each other field (D,) counts steps back from the loss, with every part of the state in ∂L/∂s:

    digits: until its largest entry is below the smallest normal number, from where on digits are lost; norm: until torch's
    norm of it reads 0 (float32 and float64 underflow in the squares; the 16-bit formats are summed in float32); gradient:
    until every entry is exactly 0. inf: not within 2000 steps. That may be for ever: a gate above ½ rounds the smallest
    number there is up to itself again. NaN: the gradient became ∞ or NaN first.
    """

    dtypes: tuple[str, ...]
    digits: ndarray
    norm: ndarray
    gradient: ndarray


def underflow(experiment: Experiment, run: Run | None = None, dtypes: tuple[str, ...] = tuple(DTYPES)) -> Underflow:
    """One held-out sentence with the loss at its end, read after many others, so that there are enough steps to go back.

    Forwards and backwards in the number format itself, nothing scaled. Raises SpecError for networks that have no time
    steps, or weights for so many and no more.
    """
    inputs, targets = _long_story(experiment)
    found = [_count(experiment, run, inputs, targets, DTYPES[name]) for name in dtypes]
    digits, norm, gradient = np.array(found).T
    return Underflow(dtypes, digits, norm, gradient)


def _long_story(experiment: Experiment) -> tuple[ndarray, ndarray]:
    """Held-out sentences one after another, (1, 2000, …), and the targets of the last one."""
    network = experiment.network
    if not isinstance(network, Recurrent) or not network.tied:
        raise SpecError("underflow is counted over 2000 steps of a recurrent network with tied weights")
    length = held_out(experiment, 1).inputs.shape[1]
    batch = held_out(experiment, -(-FARTHEST // length))
    if batch.targets.ndim == 2:
        raise SpecError("underflow is counted from one loss, at the last step")
    joined = batch.inputs[::-1].reshape(1, -1, *batch.inputs.shape[2:])  # the first sentence is the one with the loss
    return joined[:, -FARTHEST:], batch.targets[:1]


def _count(
    experiment: Experiment, run: Run | None, inputs: ndarray, targets: ndarray, dtype: torch.dtype
) -> tuple[float, float, float]:
    """(digits, norm, gradient) as in ``Underflow``."""
    chain = unrolled(experiment, as_tensors(parameters_of(experiment, run), dtype), inputs)
    with torch.no_grad():
        states = [chain.state]
        for step in chain.maps[:-1]:
            states.append(step(states[-1]))
    top = _leaf(chain.maps[-1](states[-1]))
    logits = chain.read_out(top)
    outer = loss_and_gradient(logits.double(), targets)[1].to(dtype)
    delta = torch.autograd.grad(logits, top, outer, materialize_grads=True, allow_unused=True)
    every = len(chain.maps) // len(chain.ends)  # maps per time step: one per layer
    digits = norm = np.inf
    for back in range(len(chain.ends)):
        largest = max(float(part.abs().max()) for part in delta)
        if not np.isfinite(largest):
            return np.nan, np.nan, np.nan
        digits = min(digits, back) if largest < torch.finfo(dtype).smallest_normal else digits
        norm = min(norm, back) if all(part.norm() == 0 for part in delta) else norm
        if largest == 0:
            return digits, norm, back
        for _ in range(every):
            before = _leaf(states.pop())
            after = chain.maps[len(states)](before)
            delta = torch.autograd.grad(after, before, delta, materialize_grads=True, allow_unused=True)
    return digits, norm, np.inf


def _leaf(state: State) -> State:
    return tuple(part.detach().requires_grad_() for part in state)
