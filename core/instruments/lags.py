"""The gradient lag by lag: all losses go back together, each weight's use ℓ steps before a loss counted apart.

δ_ℓ(k), the gradient at step k of the loss at step k + ℓ, obeys δ_{ℓ+1}(k − 1) = J_kᵀ δ_ℓ(k) for every k at once, and
∂L/∂W = Σ_ℓ Σ_k δ_ℓ(k)∘s(k) [h; x; 1]ᵀ. So T lags cost T batched steps, in the memory of one pass.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy import ndarray

from ..gradients.adjoint import rescaled
from ..gradients.recurrence import RESCALE, forward, logits
from ..networks import Recurrent
from ..parts.linear import Parts
from ..parts.losses import Loss
from ..parts.recursions import Recursion, Trajectory, times

Arrays = dict[str, ndarray]


@dataclass(frozen=True)
class Wave:
    """One layer, steps side by side in front of the batch: δ is (n, steps, B)."""

    recursion: Recursion
    trajectory: Trajectory
    layer: int

    @cached_property
    def _wide(self) -> Trajectory:
        own = self.trajectory
        carried = tuple(None if part is None else _turned(part) for part in own.carried)
        through = None if own.through is None else _turned(own.through)
        return replace(own, slopes=_turned(own.slopes), carried=carried, through=through)

    @cached_property
    def _read(self) -> ndarray:
        """[h; x; 1] of all steps and examples, one after the other: (T, B, n + m + 1)."""
        return np.ascontiguousarray(self.trajectory.read[:-1].swapaxes(-1, -2))

    def back(self, front: Parts, steps: slice) -> tuple[ndarray, Parts]:
        """The gradients at the pre-activations (G·n, steps·B), and those of the states one step earlier."""
        wide, now = self._wide, (..., steps, slice(None))
        carried = tuple(None if part is None else part[now] for part in wide.carried)
        through = None if wide.through is None else wide.through[now]
        cut = replace(wide, slopes=wide.slopes[now], carried=carried, through=through)
        gates = np.empty(cut.slopes.shape[1:], front[0].dtype)
        before = cut.back(0, front, gates)
        return gates.reshape(len(wide.mixing), -1), before

    def gradients(self, at_gates: ndarray, steps: slice) -> Arrays:
        """∂L/∂W of these uses, under torch's names."""
        mixing = at_gates @ self._read[steps].reshape(at_gates.shape[-1], -1)
        values = self.recursion.unmixed(mixing, self.trajectory.width)
        kinds = ("weight_hh", "weight_ih", "bias_hh", "bias_ih")
        return {f"recurrent.{kind}_l{self.layer}": value for kind, value in zip(kinds, values, strict=True)}

    def onto_inputs(self, at_gates: ndarray) -> ndarray:
        """∂L/∂x, (m, steps·B)."""
        return times(self.trajectory.mixing[:, self.trajectory.width : -1].T, at_gates)


def by_lag(network: Recurrent, weights: Arrays, inputs: ndarray, loss: Loss) -> Iterator[tuple[float, Arrays]]:
    """For lags 0 … T − 1: (scale, parts by parameter name): parts · e^scale is what that lag adds to the gradient.

    The read-out is in lag 0 alone. For one written-out network of any number of layers; inputs (B, T) or (B, T, d).
    """
    layers = forward(network, weights, inputs)
    arrival, readout = _at_the_losses(weights, layers[-1], loss)
    assert network.entry.explicit is not None
    waves = [Wave(network.entry.explicit, trajectory, i) for i, trajectory in enumerate(layers)]
    fronts: list[Parts] = [tuple(np.zeros_like(arrival) for _ in layers[0].last) for _ in waves]
    fronts[-1] = (arrival, *fronts[-1][1:])
    scale, high = 0.0, len(layers[0])
    low = high - arrival.shape[1]
    for lag in range(high):
        steps = slice(low, high)
        parts = {} if lag else readout
        for i in range(len(waves) - 1, -1, -1):
            at_gates, before = waves[i].back(fronts[i], steps)
            parts |= waves[i].gradients(at_gates, steps)
            if i:
                h, *c = fronts[i - 1]
                fronts[i - 1] = (h + waves[i].onto_inputs(at_gates).reshape(h.shape), *c)
            elif "embedding.weight" in weights:
                words = inputs.T[steps].reshape(-1) == np.arange(len(weights["embedding.weight"]))[:, None]
                parts["embedding.weight"] = words.astype(at_gates.dtype) @ waves[i].onto_inputs(at_gates).T
            fronts[i] = before if low else tuple(part[:, 1:] for part in before)  # nothing is before step 0
        yield scale, parts
        low, high = max(0, low - 1), high - 1
        if lag % RESCALE == 0 and high:
            fronts, scale = _rescaled(fronts, scale)


def _at_the_losses(weights: Arrays, top: Trajectory, loss: Loss) -> tuple[ndarray, Arrays]:
    """∂L/∂h at the last steps, as far as they have losses (n, losses, B); and the gradients of the read-out."""
    outputs, h = logits(weights, top, loss.each_step)
    at_logits = loss.value_and_gradient(outputs)[1]
    came, seen = (at_logits, h) if loss.each_step else (at_logits[None], h[None])
    arrival = np.ascontiguousarray(np.moveaxis(came @ weights["readout.weight"], -1, 0))
    return arrival, {"readout.weight": (seen @ came).sum(0).T, "readout.bias": came.sum((0, 1))}


def _rescaled(fronts: list[Parts], scale: float) -> tuple[list[Parts], float]:
    """All layers divided by the largest entry of all."""
    count = len(fronts[0])
    flat = tuple(part.reshape(len(part), -1) for front in fronts for part in front)
    flat, new = rescaled(flat, np.array(scale))
    shape = fronts[0][0].shape
    return [tuple(part.reshape(shape) for part in flat[i : i + count]) for i in range(0, len(flat), count)], float(new)


def _turned(each: ndarray) -> ndarray:
    """(T, …, n, B) as (1, …, n, T, B)."""
    return np.ascontiguousarray(np.moveaxis(each, 0, -2))[None]
