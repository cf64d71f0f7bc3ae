"""The Jacobians of any network that goes through time, by differentiating its steps one after the other."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy import ndarray

from ..gradients.recurrence import follow
from ..networks import Recurrent
from ..networks.base import Chain
from ..parts.linear import Parts, State
from .lyapunov import Flow

LONGEST = 60  # steps to differentiate: each costs milliseconds


@dataclass(frozen=True)
class Backwards:
    """A chain taken backwards: step t is the transposed Jacobian of the chain's step T − 1 − t, which has the same exponents.

    ``before`` and ``after``: the states in front of each of its maps, and what each makes of them. A step is all maps
    between two ends of the chain: in a stack, all layers. Tangents are feature-major like a Trajectory's.
    """

    chain: Chain
    before: Sequence[State]
    after: Sequence[State]

    @property
    def last(self) -> Parts:
        """The state after the last step, each part (…, n, B)."""
        return tuple(part.detach().mT.numpy() for part in self.after[-1])

    def __len__(self) -> int:
        return len(self.chain.ends)

    def pushed(self, t: int, tangent: Parts) -> Parts:
        """What step t makes of the tangent; more leading axes are more tangents, taken one after the other."""
        if tangent[0].ndim > self.before[0][0].ndim:
            each = [self.pushed(t, tuple(part[i] for part in tangent)) for i in range(len(tangent[0]))]
            return tuple(np.stack(parts) for parts in zip(*each, strict=True))
        ends, step = self.chain.ends, len(self) - 1 - t
        moved = [torch.from_numpy(np.ascontiguousarray(part)).mT for part in tangent]
        for k in range(ends[step], ends[step - 1] if step else -1, -1):
            options = {"retain_graph": True, "allow_unused": True, "materialize_grads": True}
            moved = list(torch.autograd.grad(self.after[k], self.before[k], moved, **options))
        return tuple(part.mT.numpy() for part in moved)


def flow_of(network: Recurrent, weights: dict[str, ndarray], inputs: ndarray) -> Flow:
    """The network's way along ``inputs`` (1, B, T[, d]): written out where it is, else by differentiating its first steps."""
    if network.written_out and network.layers == 1:
        return follow(network, weights, inputs)
    tensors = {name: torch.from_numpy(values) for name, values in weights.items()}
    chain = network.chain(tensors, torch.from_numpy(inputs[:, :, :LONGEST]))
    before: list[State] = []
    after: list[State] = [chain.state]
    for step in chain.maps:
        before.append(tuple(part.detach().requires_grad_() for part in after[-1]))
        after.append(step(before[-1]))
    return Backwards(chain, before, after[1:])
