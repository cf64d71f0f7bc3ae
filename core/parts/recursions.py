"""The classic cells written out in NumPy: forwards with every slope kept, and one step backwards or forwards through them.

This is backpropagation through time with nothing hidden. At each step a cell mixes [h; x; 1] with one matrix into gates,
and carries some of its old state over unmixed. With the slopes s of a step known, the gradient goes one step back by

    δ_c ← δ_c + δ_h ∘ through                 (LSTM only: h is made from the new c)
    δ_gate = δ_owner ∘ s_gate                 each gate belongs to the part of the state that it makes
    δ_h ← Wᵀ δ_gates + δ_h ∘ carried_h        δ_c ← δ_c ∘ carried_c

and ∂L/∂W = Σ_t δ_gates [h; x; 1]ᵀ. Shapes: T steps, … leading axes (networks side by side), features, batch B: a gate is
one contiguous block of rows.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy import ndarray

from .linear import Parts


@dataclass(frozen=True)
class Trajectory:
    """What one layer went through.

    mixing (…, G·n, n + m + 1): the matrix that takes [h; x; 1] to the G gates; read (T + 1, …, n + m + 1, B): what it took,
    ``states`` in it being h before, between and after the steps. slopes (T, …, G, n, B): of the part that a gate makes with
    respect to the gate's pre-activation (in an LSTM the first gate makes h, the others c). carried: for each part the share
    (T, …, n, B) of its old value that stays, or None. through (T, …, n, B): ∂h/∂c within a step, or None. cells (T + 1, …)
    is c like ``states``, or None. gates (T, …, G, n, B): what comes out of
    each (for a GRU: r, z, the candidate, and what r is multiplied with).
    """

    mixing: ndarray
    read: ndarray
    gates: ndarray
    slopes: ndarray
    carried: tuple[ndarray | None, ...] = (None,)
    through: ndarray | None = None
    cells: ndarray | None = None

    @property
    def width(self) -> int:
        """n."""
        return int(self.gates.shape[-2])

    @property
    def weight(self) -> ndarray:
        """The recurrent part of ``mixing``: (…, G·n, n)."""
        return self.mixing[..., : self.width]

    @cached_property
    def _turned(self) -> ndarray:
        return np.ascontiguousarray(self.weight.swapaxes(-1, -2))

    @property
    def states(self) -> ndarray:
        """h, (T + 1, …, n, B); the first one is zero."""
        return self.read[..., : self.width, :]

    @property
    def last(self) -> Parts:
        """The state after the last step: (h,) or (h, c), each (…, n, B)."""
        return (self.states[-1],) if self.cells is None else (self.states[-1], self.cells[-1])

    def __len__(self) -> int:
        return len(self.slopes)

    @cached_property
    def _steps(self) -> list[tuple[ndarray, ndarray | None, ndarray | None, ndarray | None]]:
        """For each step its slopes, through, carried_h and carried_c: looked up once, for every way back."""
        nothing = [None] * len(self)
        parts = (self.through, self.carried[0], self.carried[1] if len(self.carried) > 1 else None)
        return list(zip(self.slopes, *(nothing if part is None else part for part in parts), strict=True))

    def back(self, t: int, delta: Parts, gates: ndarray | None = None) -> Parts:
        """δ before step ``t`` from δ after it; ``gates`` (…, G, n, B) receives the gradient at the pre-activations."""
        slopes, through, carried_h, carried_c = self._steps[t]
        h = delta[0]
        lead: tuple[Any, ...] = (slice(None),) * (self.mixing.ndim - 2)
        every, first, rest = (*lead, None), (*lead, 0), (*lead, slice(1, None))
        if through is None:
            gates = np.multiply(h[every], slopes, out=gates)
        else:
            c = h * through
            c += delta[1]
            gates = (
                np.empty((*slopes.shape[: len(lead) + 1], *h.shape[len(lead) :]), h.dtype) if gates is None else gates
            )
            np.multiply(h, slopes[first], out=gates[first])
            np.multiply(c[every], slopes[rest], out=gates[rest])
        product = np.matmul if lead else np.dot
        flat = gates.reshape(*self.mixing.shape[:-1], -1)
        before = product(self._turned, flat).reshape(h.shape)
        if carried_h is not None:
            before += h * carried_h
        return (before,) if through is None else (before, c * carried_c)

    def spread(self) -> "Trajectory":
        """The same with room for an axis before the batch's: δ of shape (n, S, B) then goes back for S losses at once."""
        each = (..., None, slice(None))
        carried = tuple(None if part is None else part[each] for part in self.carried)
        through = None if self.through is None else self.through[each]
        return replace(self, slopes=self.slopes[each], carried=carried, through=through)

    def pushed(self, t: int, tangent: Parts) -> Parts:
        """The tangent after step ``t`` from the tangent before it: the same Jacobian, not transposed."""
        mixed = times(self.weight, tangent[0])
        mixed = mixed.reshape(*mixed.shape[:-2], *self.slopes.shape[-3:-1], -1) * self.slopes[t]
        if self.through is None:
            h = mixed.sum(-3)
            return (h if self.carried[0] is None else h + tangent[0] * self.carried[0][t],)
        c = mixed[..., 1:, :, :].sum(-3) + tangent[1] * self._steps[t][3]
        return mixed[..., 0, :, :] + self.through[t] * c, c

    def mean_jacobian(self) -> ndarray:
        """Mean over steps and batch of ∂(next state)/∂(state), (…, N, N): W is constant, so the slopes may be averaged."""
        return self._jacobian(lambda slope: slope.mean((0, -1)))

    def jacobian(self, t: int) -> ndarray:
        """∂(state after step t)/∂(state before it) for every example: (…, B, N, N), N = n or, with a cell state, 2n."""
        return self._jacobian(lambda slope: np.moveaxis(slope[t], -1, -2 if slope.ndim == self.slopes.ndim - 1 else -3))

    def _jacobian(self, pick: Callable[[ndarray], ndarray]) -> ndarray:
        n = self.width
        weight = self.weight.reshape(*self.weight.shape[:-2], -1, n, n)
        if pick(self.slopes).ndim > weight.ndim - 1:  # a matrix for every example
            weight = weight[..., None, :, :, :]

        def mix(slopes: ndarray, which: slice) -> ndarray:
            return (pick(slopes)[..., which, :, None] * weight[..., which, :, :]).sum(-3)

        eye = np.eye(n)
        of_h, of_c = self.carried[0], self.carried[-1]
        if self.through is None or of_c is None:
            h_h = mix(self.slopes, slice(None))
            return h_h if of_h is None else h_h + pick(of_h)[..., None] * eye
        c_h, c_c = mix(self.slopes, slice(1, None)), pick(of_c)[..., None] * eye
        h_h = mix(self.slopes, slice(0, 1)) + mix(self.slopes * self.through[..., None, :, :], slice(1, None))
        h_c = pick(self.through * of_c)[..., None] * eye
        return np.concatenate([np.concatenate([h_h, h_c], -1), np.concatenate([c_h, c_c], -1)], -2)


_FEW = 16  # steps whose slopes are worked out together, while their gates are still in the processor's cache

Run = Callable[[ndarray, ndarray, float], Trajectory]


@dataclass(frozen=True)
class Recursion:
    """``run(mixing, read, leak)`` fills in the states of ``read`` and gives the trajectory.

    from_h, from_x: which of the G gates read the rows of torch's weight_hh and weight_ih, in torch's order. leaks: whether
    the cell has a leak α (the others run with 1).
    """

    run: Run
    from_h: tuple[int, ...] = (0,)
    from_x: tuple[int, ...] = (0,)
    leaks: bool = False

    def mixing(self, weight_hh: ndarray, weight_ih: ndarray, bias_hh: ndarray, bias_ih: ndarray) -> ndarray:
        """torch's four tensors (…, gates·n, …) as one matrix (…, G·n, n + m + 1)."""
        n, m = weight_hh.shape[-1], weight_ih.shape[-1]
        lead, gates = weight_hh.shape[:-2], max(*self.from_h, *self.from_x) + 1
        mixing = np.zeros((*lead, gates, n, n + m + 1), weight_hh.dtype)
        mixing[..., self.from_h, :, :n] = weight_hh.reshape(*lead, -1, n, n)
        mixing[..., self.from_x, :, n:-1] = weight_ih.reshape(*lead, -1, n, m)
        mixing[..., self.from_x, :, -1:] = bias_ih.reshape(*lead, -1, n, 1)
        mixing[..., self.from_h, :, -1:] += bias_hh.reshape(*lead, -1, n, 1)
        return mixing.reshape(*lead, gates * n, n + m + 1)

    def unmixed(self, gradient: ndarray, n: int) -> tuple[ndarray, ndarray, ndarray, ndarray]:
        """∂L/∂mixing as the gradients of torch's four tensors, in the order of ``mixing``'s arguments."""
        lead, width = gradient.shape[:-2], gradient.shape[-1]
        blocks = gradient.reshape(*lead, -1, n, width)
        of_h, of_x = blocks[..., self.from_h, :, :], blocks[..., self.from_x, :, :]
        flat = (*lead, -1)
        return (
            of_h[..., :n].reshape(*flat, n),
            of_x[..., n:-1].reshape(*flat, width - n - 1),
            of_h[..., -1].reshape(flat),
            of_x[..., -1].reshape(flat),
        )


def times(a: ndarray, b: ndarray) -> ndarray:
    """Matrix product; for two plain matrices np.dot, which has less to look at first."""
    return np.dot(a, b) if a.ndim == 2 and b.ndim == 2 else np.matmul(a, b)


def _plain(activate: Callable[..., ndarray], slope: Callable[[ndarray], ndarray]) -> Run:
    """h ← (1 − leak) h + leak · φ(W [h; x; 1]); the plain cell has leak 1."""

    def run(mixing: ndarray, read: ndarray, leak: float) -> Trajectory:
        n, into = mixing.shape[-2], _into(mixing)
        gates, _ = _room(n, mixing, read)
        values = gates[..., 0, :, :]
        h = read[..., :n, :]
        for seen, value, old, new in zip(read[:-1], values, h[:-1], h[1:], strict=True):
            into(mixing, seen, out=value)
            if leak == 1:
                new[:] = activate(value, out=value)
            else:
                np.multiply(activate(value, out=value), leak, out=new)
                new += (1 - leak) * old
        if leak == 1:
            return Trajectory(mixing, read, gates, slope(gates))
        return Trajectory(mixing, read, gates, leak * slope(gates), (np.full_like(values, 1 - leak),))

    return run


def _gru(mixing: ndarray, read: ndarray, _leak: float) -> Trajectory:
    """Reset gate r, update gate z, candidate k: h ← k + z ∘ (h − k), k = tanh(from x + r ∘ from h) as in torch."""
    n, into = mixing.shape[-2] // 4, _into(mixing)
    gates, blocks = _room(n, mixing, read)
    r, z, k, from_h = (gates[..., gate, :, :] for gate in range(4))
    h, signed, reset = read[..., :n, :], _signed(mixing, 2 * n), np.empty_like(from_h[0])
    slopes = np.empty_like(gates)
    steps = (blocks, gates[..., :2, :, :], r, z, k, from_h, read[:-1], h[:-1], h[1:])
    for begin in range(0, len(gates), _FEW):
        few = slice(begin, begin + _FEW)
        for block, logistic, r_t, z_t, k_t, from_h_t, seen, old, new in zip(*(s[few] for s in steps), strict=True):
            into(signed, seen, out=block)
            _sigmoid(logistic)
            k_t += np.multiply(r_t, from_h_t, out=reset)  # until now only what comes from x
            np.tanh(k_t, out=k_t)
            np.subtract(old, k_t, out=new)
            new *= z_t
            new += k_t
        _gru_slopes(gates[few], h[:-1][few], slopes[few])
    return Trajectory(mixing, read, gates, slopes, (z,))


def _gru_slopes(gates: ndarray, old: ndarray, slopes: ndarray) -> None:
    """∂h/∂(pre-activations of r, z, k from x and k from h) into ``slopes``."""
    r, z, k, from_h = (gates[..., gate, :, :] for gate in range(4))
    to_r, to_z, to_k, to_h = (slopes[..., gate, :, :] for gate in range(4))
    np.subtract(1, z, out=to_z)
    to_k[:] = to_z
    to_k -= np.multiply(to_k, k * k, out=to_h)
    np.multiply(to_k, r, out=to_h)
    np.multiply(to_h, from_h, out=to_r)
    to_r *= 1 - r
    to_z *= z
    to_z *= old - k


def _lstm(mixing: ndarray, read: ndarray, _leak: float) -> Trajectory:
    """Output gate o, input gate i, forget gate f, candidate g: c ← f ∘ c + i ∘ g, h ← o ∘ tanh c."""
    n, into = mixing.shape[-2] // 4, _into(mixing)
    gates, blocks = _room(n, mixing, read)
    o, i, f, g = (gates[..., gate, :, :] for gate in range(4))
    cells = np.zeros((len(read), *g.shape[1:]), read.dtype)
    shown, written, signed = np.empty_like(g), np.empty_like(g[0]), _signed(mixing, 3 * n)
    slopes = np.empty_like(gates)
    steps = (blocks, gates[..., :3, :, :], o, i, f, g, cells[:-1], cells[1:], shown, read[:-1], read[1:][..., :n, :])
    for begin in range(0, len(gates), _FEW):
        few = slice(begin, begin + _FEW)
        for block, logistic, o_t, i_t, f_t, g_t, old, c, shown_t, seen, new in zip(
            *(s[few] for s in steps), strict=True
        ):
            into(signed, seen, out=block)
            _sigmoid(logistic)
            np.tanh(g_t, out=g_t)
            np.multiply(f_t, old, out=c)
            c += np.multiply(i_t, g_t, out=written)
            np.multiply(o_t, np.tanh(c, out=shown_t), out=new)
        _lstm_slopes(gates[few], cells[:-1][few], shown[few], slopes[few])
    return Trajectory(mixing, read, gates, slopes, (None, f), shown, cells)


def _lstm_slopes(gates: ndarray, old: ndarray, shown: ndarray, slopes: ndarray) -> None:
    """∂h/∂(o's pre-activation) and ∂c/∂(those of i, f, g) into ``slopes``; tanh c in ``shown`` becomes ∂h/∂c."""
    o, i, g = (gates[..., gate, :, :] for gate in (0, 1, 3))
    np.subtract(1, gates, out=slopes)
    slopes *= gates  # the logistic function's
    slopes[..., 0, :, :] *= shown
    slopes[..., 1, :, :] *= g
    slopes[..., 2, :, :] *= old
    to_g = np.multiply(g, g, out=slopes[..., 3, :, :])
    np.subtract(1, to_g, out=to_g)
    to_g *= i
    shown *= shown
    np.subtract(1, shown, out=shown)
    shown *= o


def _into(mixing: ndarray) -> Callable[..., ndarray]:
    """Which product to use step by step: np.dot is the quicker one for plain matrices."""
    return np.dot if mixing.ndim == 2 else np.matmul


def _room(n: int, mixing: ndarray, read: ndarray) -> tuple[ndarray, ndarray]:
    """Room for all gates: (T, …, G, n, B), and the same memory as (T, …, G·n, B)."""
    blocks = np.empty((len(read) - 1, *read.shape[1:-2], mixing.shape[-2], read.shape[-1]), read.dtype)
    return blocks.reshape(*blocks.shape[:-2], -1, n, blocks.shape[-1]), blocks


def _signed(mixing: ndarray, rows: int) -> ndarray:
    """A copy that gives −z for the first rows: what the logistic function needs."""
    signed = mixing.copy()
    signed[..., :rows, :] *= -1
    return signed


def _sigmoid(minus_z: ndarray) -> None:
    """−z → 1/(1 + e^−z), in place; keeps its digits where a gate is nearly shut, as ½ + ½ tanh(z/2) would not."""
    np.exp(minus_z, out=minus_z)
    minus_z += 1
    np.reciprocal(minus_z, out=minus_z)


def _logistic(z: ndarray, out: ndarray) -> ndarray:
    np.negative(z, out=out)
    _sigmoid(out)
    return out


def _positive(z: ndarray, out: ndarray) -> ndarray:
    return np.maximum(z, 0.0, out=out)


tanh = Recursion(_plain(np.tanh, lambda value: 1 - value * value))
relu = Recursion(_plain(_positive, lambda value: (value > 0).astype(value.dtype)))
sigmoid = Recursion(_plain(_logistic, lambda value: value * (1 - value)))
leaky = Recursion(_plain(np.tanh, lambda value: 1 - value * value), leaks=True)
gru = Recursion(_gru, from_h=(0, 1, 3), from_x=(0, 1, 2))
lstm = Recursion(_lstm, from_h=(1, 2, 3, 0), from_x=(1, 2, 3, 0))
