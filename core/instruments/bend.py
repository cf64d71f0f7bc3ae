"""How far one step of a recurrent network is from a layer of an MLP, φ of something affine (question C1).

Diagnosis: where a step is φ(affine), the unrolled network is a feed-forward one. Gates multiply, and that is seen as a second
difference of φ⁻¹(h) under a nudge of the old h.
"""

import numpy as np
import torch

from ..experiment.sampling import held_out, initial
from ..experiment.specs import Experiment, SpecError
from ..gradients.measure import MEASURED
from ..networks import Recurrent
from .evaluation import as_tensors, unrolled

NUDGE = 0.5  # of h, in units of its own spread
BOUNDED = ("tanh", "gru", "lstm", "leaky", "peephole")  # cells with tanh at their end, whose h lies in (−1, 1)


def bend(experiment: Experiment) -> float:
    """Returns the second difference of φ⁻¹(h) under a nudge of the old h, relative to the first.

    Raises SpecError for cells without tanh at their end.
    """
    network = experiment.network
    if not isinstance(network, Recurrent) or network.cell not in BOUNDED:
        raise SpecError("this claim compares a step with a layer of an MLP: choose a plain cell, GRU or LSTM")
    chain = unrolled(experiment, as_tensors(initial(experiment)), held_out(experiment, MEASURED).inputs)
    with torch.no_grad():
        state = chain.state
        for step in chain.maps[: network.layers]:
            state = step(state)
        nudge = NUDGE * state[0].std() * torch.from_numpy(np.random.default_rng(0).standard_normal(state[0].shape))
        low, here, high = (
            torch.atanh(chain.maps[network.layers]((state[0] + sign * nudge, *state[1:]))[0]) for sign in (-1, 0, 1)
        )
        return float((high + low - 2 * here).norm() / (high - low).norm())
