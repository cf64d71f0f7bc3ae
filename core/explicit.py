"""The classic cells written out in NumPy: forwards with every slope kept, and one step backwards or forwards through them.

This is backpropagation through time with nothing hidden. A cell's step mixes the old h with the recurrent matrix into
``gates`` pre-activations, and carries some of the old state over unmixed. With the slopes s of a step known, the gradient
goes one step back, and a tangent one step forwards, by

    δ_h ← Σ_parts Σ_gates (δ_part ∘ s) W[gate] + Σ δ_part ∘ carried        (the same for δ_c, without W)
    v_part ← Σ_gates s ∘ (W[gate] v_h) + Σ carried ∘ v_old

All slopes of a trajectory are found at once. Shapes: T steps, … leading axes (networks side by side), batch, n.
"""

from dataclasses import dataclass

import numpy as np
from numpy import ndarray

from core.activations import sigmoid
from core.linear import Parts


@dataclass(frozen=True)
class Trajectory:
    """``mixed[part]`` (T, …, batch, gates, n); ``carried[new][old]`` (T, …, batch, n), or None where nothing is carried.

    ``weight`` is the recurrent matrix (…, gates·n, n), ``states`` the h after each step (T, …, batch, n), ``last`` the whole
    state after the last one.
    """

    weight: ndarray
    mixed: Parts
    carried: tuple[tuple[ndarray | None, ...], ...]
    states: ndarray
    last: Parts

    def back(self, t: int, delta: Parts) -> Parts:
        """The gradient before step ``t`` from the gradient after it."""
        into_gates = delta[0][..., None, :] * self.mixed[0][t]
        for part, mixed in zip(delta[1:], self.mixed[1:], strict=True):
            into_gates += part[..., None, :] * mixed[t]
        new = [into_gates.reshape(*delta[0].shape[:-1], -1) @ self.weight, *(0.0 * part for part in delta[1:])]
        for part, row in zip(delta, self.carried, strict=True):
            for old, slope in enumerate(row):
                if slope is not None:
                    new[old] += part * slope[t]
        return tuple(new)

    def pushed(self, t: int, tangent: Parts) -> Parts:
        """The tangent after step ``t`` from the tangent before it."""
        through = tangent[0] @ self.weight.swapaxes(-1, -2)
        through = through.reshape(*tangent[0].shape[:-1], -1, tangent[0].shape[-1])
        new = []
        for mixed, row in zip(self.mixed, self.carried, strict=True):
            part = (through * mixed[t]).sum(-2)
            for old, slope in enumerate(row):
                if slope is not None:
                    part += tangent[old] * slope[t]
            new.append(part)
        return tuple(new)

    def mean_jacobian(self) -> ndarray:
        """Mean over steps and batch of ∂(next state)/∂(state), (…, N, N): W is constant, so the slopes may be averaged."""
        n = self.weight.shape[-1]
        parts = len(self.mixed)
        total = np.zeros((*self.weight.shape[:-2], parts * n, parts * n))
        for new, (mixed, row) in enumerate(zip(self.mixed, self.carried, strict=True)):
            rows = slice(new * n, (new + 1) * n)
            slope = mixed.mean((0, -3)).reshape(*self.weight.shape[:-1], 1)
            total[..., rows, :n] = (slope * self.weight).reshape(*self.weight.shape[:-2], -1, n, n).sum(-3)
            for old, carried in enumerate(row):
                if carried is not None:
                    total[..., rows, old * n : (old + 1) * n] += carried.mean((0, -2))[..., None] * np.eye(n)
        return total


def tanh(from_x: ndarray, weight: ndarray, bias: ndarray) -> Trajectory:
    """h ← tanh(from_x + W h + b); from_x (T, …, batch, n) is the input's part with its own bias."""
    h = _states(from_x, weight)
    into, turned = from_x + bias, weight.swapaxes(-1, -2)
    for t in range(len(from_x)):
        np.tanh(into[t] + h[t] @ turned, out=h[t + 1])
    return Trajectory(weight, ((1 - h[1:] ** 2)[..., None, :],), ((None,),), h[1:], (h[-1],))


def relu(from_x: ndarray, weight: ndarray, bias: ndarray) -> Trajectory:
    """h ← max(0, from_x + W h + b)."""
    h = _states(from_x, weight)
    into, turned = from_x + bias, weight.swapaxes(-1, -2)
    for t in range(len(from_x)):
        np.maximum(into[t] + h[t] @ turned, 0.0, out=h[t + 1])
    return Trajectory(weight, ((h[1:] > 0).astype(float)[..., None, :],), ((None,),), h[1:], (h[-1],))


def gru(from_x: ndarray, weight: ndarray, bias: ndarray) -> Trajectory:
    """Reset gate r, update gate z, candidate k: h ← k + z ∘ (h − k), with r inside the candidate as in torch."""
    n, turned = weight.shape[-1], weight.swapaxes(-1, -2)
    h = _states(from_x, weight)
    gates = np.empty((*from_x.shape[:-1], 3 * n))  # r, z, k
    remembered = np.empty((*from_x.shape[:-1], n))
    for t in range(len(from_x)):
        from_h = h[t] @ turned + bias
        gates[t, ..., : 2 * n] = sigmoid(from_x[t, ..., : 2 * n] + from_h[..., : 2 * n])
        remembered[t] = from_h[..., 2 * n :]
        r, z = gates[t, ..., :n], gates[t, ..., n : 2 * n]
        k = np.tanh(from_x[t, ..., 2 * n :] + r * remembered[t], out=gates[t, ..., 2 * n :])
        h[t + 1] = k + z * (h[t] - k)
    r, z, k = np.split(gates, 3, -1)
    to_k = (1 - z) * (1 - k**2)
    mixed = (to_k * remembered * r * (1 - r), (h[:-1] - k) * z * (1 - z), to_k * r)
    return Trajectory(weight, (np.stack(mixed, -2),), ((z,),), h[1:], (h[-1],))


def lstm(from_x: ndarray, weight: ndarray, bias: ndarray) -> Trajectory:
    """Input gate i, forget gate f, candidate g, output gate o: c ← f ∘ c + i ∘ g, h ← o ∘ tanh c."""
    n, turned = weight.shape[-1], weight.swapaxes(-1, -2)
    h, c = _states(from_x, weight), _states(from_x, weight)
    into = from_x + bias
    gates, shown = np.empty_like(from_x), np.empty_like(h[1:])
    for t in range(len(from_x)):
        raw = into[t] + h[t] @ turned
        gates[t] = sigmoid(raw)
        i, f, g, o = (gates[t, ..., k * n : (k + 1) * n] for k in range(4))
        np.tanh(raw[..., 2 * n : 3 * n], out=g)
        c[t + 1] = f * c[t] + i * g
        h[t + 1] = o * np.tanh(c[t + 1], out=shown[t])
    i, f, g, o = np.split(gates, 4, -1)
    to_c = np.stack((g * i * (1 - i), c[:-1] * f * (1 - f), i * (1 - g**2), np.zeros_like(o)), -2)
    through = o * (1 - shown**2)  # ∂h/∂c within one step
    to_h = through[..., None, :] * to_c
    to_h[..., 3, :] = shown * o * (1 - o)
    return Trajectory(weight, (to_h, to_c), ((None, through * f), (None, f)), h[1:], (h[-1], c[-1]))


def _states(from_x: ndarray, weight: ndarray) -> ndarray:
    """Room for the states before, between and after T steps; the first is zero."""
    return np.zeros((len(from_x) + 1, *from_x.shape[1:-1], weight.shape[-1]))
