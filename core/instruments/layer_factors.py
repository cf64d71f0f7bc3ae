"""Factor by factor through the layers of a feed-forward network: slope, normalisation, weights, way past (question B4).

The same reading as ``core.instruments.factors``, with each layer differentiated by autograd at its own nodes, so that every
activation, normalisation and skip is served: δ goes to δ_φ (a highway's gate), to δ_z (the slope), to δ_u (the normalisation),
to Wᵀδ_u, and what came past the layer is added.
"""

from functools import partial
from itertools import pairwise

import numpy as np
import torch
from numpy import ndarray
from torch import Tensor

from ..experiment.sampling import held_out, initial
from ..experiment.specs import Experiment, SpecError
from ..gradients.adjoint import log_norm, rescaled
from ..gradients.backward import as_tensor
from ..gradients.measure import MEASURED
from ..networks import FeedForward
from ..networks.base import Parameters
from ..parts.activations import ACTIVATIONS
from ..parts.losses import Loss
from ..parts.normalisations import NORMALISATIONS
from ..parts.skips import SKIPS
from .factors import Factors, ratio, share

NAMES = ("gate", "slope", "normalisation", "weights", "skip")


def layer_factors(experiment: Experiment, parameters: Parameters | None = None) -> Factors:
    """The factors from layer ``depth`` back to layer 1, on 32 held-out examples in float64; only the parts that there are.

    Raises SpecError for other networks.
    """
    network = experiment.network
    if not isinstance(network, FeedForward):
        raise SpecError("factors per layer need a feed-forward network")
    weights = {name: values.astype(float) for name, values in (parameters or initial(experiment)).items()}
    batch = held_out(experiment, MEASURED)
    tensors = {name: torch.from_numpy(values) for name, values in weights.items()}
    chain = network.chain(tensors, as_tensor(batch.inputs, weights))
    inputs = []
    state = chain.state
    for step in chain.maps:
        inputs.append(state[0])
        state = step(state)
    top = state[0].requires_grad_()
    outputs = chain.read_out((top,))
    _, at_logits = Loss.of(batch.targets).value_and_gradient(outputs.detach().numpy())
    (arrival,) = torch.autograd.grad(outputs, top, torch.from_numpy(at_logits))
    return _walk(network, tensors, inputs, arrival.numpy())


def _walk(network: FeedForward, weights: dict[str, Tensor], inputs: list[Tensor], delta: ndarray) -> Factors:
    scale = np.zeros(())
    norms, parts, paths = [], [], []
    with np.errstate(all="ignore"):
        for i in range(network.depth - 1, -1, -1):
            (delta,), scale = rescaled((delta,), scale)
            own = log_norm(delta)
            norms.append(own + scale)
            if i == 0:
                break
            at_phi, at_z, at_u, through, past = _nodes(network, weights, inputs[i], i, delta)
            delta = through + past
            logs = [own, *(log_norm(each) for each in (at_phi, at_z, at_u, through, delta))]
            parts.append([ratio(after, before) for before, after in pairwise(logs)])
            paths.append(share(np.array([log_norm(through), log_norm(past)]), own))
    there = [network.skip == "highway", True, network.normalisation != "none", True, network.skip != "none"]
    norm = np.array(norms[::-1])
    each = np.array(parts[::-1]).reshape(-1, len(NAMES))[:, there]
    ways = np.array(paths[::-1]).reshape(-1, 2)
    names = tuple(name for name, is_there in zip(NAMES, there, strict=True) if is_there)
    return Factors("layer", names, norm, norm, each, ("layer", "skip"), ways)


def _nodes(network: FeedForward, weights: dict[str, Tensor], h: Tensor, i: int, delta: ndarray) -> list[ndarray]:
    """δ at φ, at the normalised z, at u = W h + b; and what comes back to h through u, and past it."""
    read, past = (h.clone().requires_grad_() for _ in range(2))
    mix = partial(network.mix, normalise=False)
    u = mix(read, weights[f"hidden.{i}.weight"], weights[f"hidden.{i}.bias"])
    z = NORMALISATIONS[network.normalisation].function(u)
    phi = ACTIVATIONS[network.activation].function(z)
    skip = SKIPS[network.skip]
    gate = torch.sigmoid(mix(past, weights[f"gate.{i}.weight"], weights[f"gate.{i}.bias"])) if skip.gated else None
    new = skip.join(past, phi, gate)
    found = torch.autograd.grad(
        new, [phi, z, u, read, past], torch.from_numpy(delta), allow_unused=True, materialize_grads=True
    )
    return [each.numpy() for each in found]
