"""Backpropagation through time for the classic recurrent networks, by the explicit recursion of ``core.parts.recursions``.

``core.gradients.backward`` does the same for any network by autograd; a test holds the two equal. Everything here is
feature-major: (T, …, features, batch).
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
from numpy import ndarray

from ..networks import Recurrent
from ..parts.linear import Parts
from ..parts.losses import Loss
from ..parts.recursions import Trajectory, times
from .adjoint import Gradients, log_norm, rescaled
from .extras import PLAIN, Extras, omega_gradient

RESCALE = 8  # steps between two looks at the size of δ: float32 stands factors down to 10⁻⁴ per step

Arrays = dict[str, ndarray]


@dataclass(frozen=True)
class Adjoint:
    """delta (T, …, n, B) · e^scale (T, …) is ∂L/∂h of a layer after each step; gates (T, …, G, n, B), with the same
    scale, the gradient at its gates' pre-activations, or empty if not kept."""

    delta: ndarray
    scale: ndarray
    gates: ndarray

    @property
    def log_norm(self) -> ndarray:
        """ln ‖∂L/∂h_t‖_F, (T, …)."""
        return log_norm(self.delta) + self.scale

    @property
    def unscaled_gates(self) -> ndarray:
        """The gradient at the pre-activations as plain numbers: where those would lose digits it reads 0."""
        if not self.scale.any():
            return self.gates
        kind, factor = np.finfo(self.gates.dtype), np.exp(self.scale)
        factor[factor < kind.tiny / kind.eps] = 0  # sums lose nothing by it, and such numbers are slow to add
        return self.gates * factor.astype(self.gates.dtype)[..., None, None, None]


def forward(network: Recurrent, weights: Arrays, inputs: ndarray) -> list[Trajectory]:
    """Runs every layer over word numbers (…, B, T) or vectors (…, B, T, d), the lowest first, all slopes kept."""
    assert network.entry.explicit is not None
    layers: list[Trajectory] = []
    x = _vectors(weights, inputs)
    with np.errstate(all="ignore"):  # what blows up is named in the profile's states
        for layer in range(network.layers):
            own = network.layer_weights(weights, layer)
            recursion = network.entry.explicit
            mixing = recursion.mixing(own["weight_hh"], own["weight_ih"], own["bias_hh"], own["bias_ih"])
            n, m = own["weight_hh"].shape[-1], x.shape[-2]
            read = np.zeros((len(x) + 1, *x.shape[1:-2], n + m + 1, x.shape[-1]), mixing.dtype)
            read[:-1, ..., n:-1, :] = x
            read[..., -1, :] = 1
            layers.append(recursion.run(mixing, read, network.leak if recursion.leaks else 1.0))
            x = layers[-1].states[1:]
    return layers


def follow(network: Recurrent, weights: Arrays, inputs: ndarray) -> Trajectory:
    """The trajectory of a network of one layer."""
    (trajectory,) = forward(network, weights, inputs)
    return trajectory


def backward(
    trajectory: Trajectory,
    injected: ndarray,
    scale: ndarray | None = None,
    *,
    rescale: int = RESCALE,
    cuts: Collection[int] = (),
    keep_gates: bool = True,
) -> Adjoint:
    """Carries gradients back through a layer.

    injected (S, …, n, B), times e^scale (S, …) if given: what reaches h from outside at the last S ≤ T steps (the loss, the
    layer above). ``rescale`` 0 keeps plain numbers, as training does. In front of the steps in ``cuts`` the way ends.
    """
    steps = len(trajectory)
    first = steps - len(injected)
    delta = np.empty(trajectory.states[1:].shape, trajectory.read.dtype)
    gates = np.empty(trajectory.slopes.shape if keep_gates else (0,), delta.dtype)
    scales = np.zeros((steps, *delta.shape[1:-2]))
    now = np.zeros(delta.shape[1:-2]) if scale is None else scale[-1].copy()
    nothing: Parts = tuple(np.zeros_like(part) for part in trajectory.last)
    parts = nothing
    with np.errstate(all="ignore"):
        for t in range(steps - 1, -1, -1):
            if t >= first:
                came = now * 0 if scale is None else scale[t - first]
                parts, now = _joined(parts, now, injected[t - first], came)
            if rescale and t % rescale == 0:
                parts, now = rescaled(parts, now)
            delta[t], scales[t] = parts[0], now
            parts = trajectory.back(t, parts, gates[t] if keep_gates else None)
            if t in cuts:
                parts, now = nothing, now * 0  # or what comes next would be added at the scale of what has ended
    return Adjoint(delta, scales, gates)


def _joined(parts: Parts, now: ndarray, came: ndarray, scale: ndarray) -> tuple[Parts, ndarray]:
    """δ · e^now + came · e^scale, at the larger of the two scales."""
    if not (now.any() or scale.any()):
        return (parts[0] + came, *parts[1:]), now
    joint = np.maximum(now, scale)
    own, other = (np.exp(each - joint).astype(came.dtype)[..., None, None] for each in (now, scale))
    return (parts[0] * own + came * other, *(part * own for part in parts[1:])), joint


def through_stack(
    layers: Sequence[Trajectory],
    injected: ndarray,
    extras: Extras = PLAIN,
    *,
    rescale: int = RESCALE,
    keep_gates: bool = True,
) -> list[Adjoint]:
    """The adjoint of every layer, the lowest first, from what reaches the top layer's h at the last steps."""
    adjoints: list[Adjoint] = []
    scale = None
    for trajectory in reversed(layers):
        if extras.sparsity:
            injected, scale = _with_sparsity(extras.sparsity / len(layers), trajectory, injected, scale)
        cuts = extras.cuts(len(trajectory))
        lowest = len(adjoints) == len(layers) - 1
        keep = keep_gates or not lowest
        adjoints.insert(0, backward(trajectory, injected, scale, rescale=rescale, cuts=cuts, keep_gates=keep))
        if not lowest:
            from_x = trajectory.mixing[..., trajectory.width : -1].swapaxes(-1, -2)
            injected, scale = times(from_x, _flat(adjoints[0].gates)), adjoints[0].scale
    return adjoints


def _with_sparsity(
    weight: float, trajectory: Trajectory, injected: ndarray, scale: ndarray | None
) -> tuple[ndarray, ndarray | None]:
    """What reaches h from outside, and the gradient of ``weight`` · mean |h|, as plain numbers."""
    h = trajectory.states[1:]
    total = np.sign(h) * (weight / (len(h) * h.shape[-1] * h.shape[-2]))
    came = injected if scale is None else injected * np.exp(scale).astype(h.dtype)[..., None, None]
    total[len(h) - len(came) :] += came
    return total.astype(h.dtype, copy=False), None


def logits(weights: Arrays, top: Trajectory, each_step: bool) -> tuple[ndarray, ndarray]:
    """The read-out of the last step (…, B, answers), or of each (T, …, B, answers); and the h (…, n, B) that it read."""
    h = top.states[1:] if each_step else top.states[-1]
    return h.swapaxes(-1, -2) @ weights["readout.weight"].swapaxes(-1, -2) + weights["readout.bias"][..., None, :], h


def recurrent_gradients(
    network: Recurrent,
    weights: Arrays,
    inputs: ndarray,
    loss: Loss,
    *,
    parameters: bool = True,
    extras: Extras = PLAIN,
    rescale: int = RESCALE,
) -> Gradients:
    """Loss, profile (layers, T, …) and, if wanted, all parameters' gradients, in one pass forwards and one backwards.

    ``extras`` add to the gradients, not to the loss that is given back.
    """
    layers = forward(network, weights, inputs)
    with np.errstate(all="ignore"):
        outputs, h = logits(weights, layers[-1], loss.each_step)
        value, at_logits = loss.value_and_gradient(outputs)
        to_h = np.ascontiguousarray((at_logits @ weights["readout.weight"]).swapaxes(-1, -2))
        came = to_h if loss.each_step else to_h[None]
        adjoints = through_stack(layers, came, extras, rescale=rescale, keep_gates=parameters)
        profile = np.stack([adjoint.log_norm for adjoint in adjoints])
        found: Arrays = {}
        if parameters:
            over = (0,) if loss.each_step else ()
            found["readout.weight"] = (h @ at_logits).swapaxes(-1, -2).sum(over)
            found["readout.bias"] = at_logits.sum((*over, -2))
            for layer, (trajectory, adjoint) in enumerate(zip(layers, adjoints, strict=True)):
                found |= _of_layer(network, weights, inputs, trajectory, adjoint, layer)
                if extras.omega:
                    slope = omega_gradient(trajectory, adjoint.delta, adjoint.gates)
                    found[f"recurrent.weight_hh_l{layer}"] += np.asarray(extras.omega * slope, slope.dtype)
    return Gradients(value, profile, found)


def _of_layer(
    network: Recurrent, weights: Arrays, inputs: ndarray, trajectory: Trajectory, adjoint: Adjoint, layer: int
) -> Arrays:
    """∂L/∂W = Σ_t δ_gates [h; x; 1]ᵀ, under torch's names; below the lowest layer the word vectors too."""
    assert network.entry.explicit is not None
    flat = _flat(adjoint.unscaled_gates)
    mixing = np.matmul(flat, trajectory.read[:-1].swapaxes(-1, -2)).sum(0)
    kinds = ("weight_hh", "weight_ih", "bias_hh", "bias_ih")
    values = network.entry.explicit.unmixed(mixing, trajectory.width)
    found = {f"recurrent.{kind}_l{layer}": value for kind, value in zip(kinds, values, strict=True)}
    if layer == 0 and "embedding.weight" in weights:
        at_x = times(trajectory.mixing[..., trajectory.width : -1].swapaxes(-1, -2), flat)  # (T, …, e, B)
        found["embedding.weight"] = _gathered(at_x, inputs, weights["embedding.weight"])
    return found


def _flat(gates: ndarray) -> ndarray:
    """(T, …, G, n, B) as (T, …, G·n, B)."""
    return gates.reshape(*gates.shape[:-3], -1, gates.shape[-1])


def _vectors(weights: Arrays, inputs: ndarray) -> ndarray:
    """What the lowest layer reads, (T, …, m, B)."""
    table = weights.get("embedding.weight")
    if table is None:
        vectors = inputs
    elif table.ndim == 2:
        vectors = table[inputs]
    else:
        vectors = np.stack([rows[numbers] for rows, numbers in zip(table, inputs, strict=True)])
    return np.moveaxis(vectors, -2, 0).swapaxes(-1, -2)


def _gathered(at_x: ndarray, numbers: ndarray, table: ndarray) -> ndarray:
    """Adds up, for each word of the vocabulary, what reached its vector: (…, vocabulary, e)."""
    if table.ndim > 2:
        pairs = zip(np.moveaxis(at_x, 1, 0), numbers, table, strict=True)
        return np.stack([_gathered(*each) for each in pairs])
    which = numbers.T.reshape(-1) == np.arange(len(table))[:, None]  # (vocabulary, T·B)
    return which.astype(at_x.dtype) @ at_x.swapaxes(-1, -2).reshape(-1, at_x.shape[-2])
