"""The gradient of one sentence against arithmetic with 80 digits and more, through the whole network at once (question A2).

Diagnosis: with enough digits even plain finite differences work at any size, and they agree with backpropagation to the
last digits of float64. So a gradient of 10⁻³⁰ is not a rounding error: it is the right answer.
"""

from dataclasses import dataclass

import mpmath  # type: ignore[import-untyped]
import numpy as np
import torch
from mpmath import mpf
from numpy import ndarray

from ..experiment.sampling import held_out
from ..experiment.specs import Experiment, SpecError
from ..networks import Recurrent
from ..parts.linear import Weights
from ..training.run import Run
from .evaluation import as_tensors, loss_and_gradient, parameters_of, unrolled

FEWEST = 80


@dataclass(frozen=True)
class ManyDigits:
    """∂L/∂h at step ``position`` for the first held-out sentence: its ``log_norm`` by autograd in float64, and how far off
    its slope is along the gradient and along a random direction (``errors`` (2,), relative to the slope itself), judged by
    central differences in ``digits`` decimal digits.
    """

    position: int
    log_norm: float
    errors: ndarray
    digits: int


def check_digits(experiment: Experiment, run: Run | None = None, position: int | None = None) -> ManyDigits:
    """The check at one step (default: the cue, or the first). About .1 s for 32 units and 28 words; grows with n² T.

    For one layer of the plain cell (tanh), tied and without extras, with one class to find; raises SpecError for others.
    """
    network, batch = experiment.network, held_out(experiment, 1)
    one_class = batch.targets.ndim == 1 and batch.targets.dtype.kind == "i"
    if not (isinstance(network, Recurrent) and _plain(network) and one_class):
        raise SpecError("80 digits are worked out for one layer of the plain RNN (tanh) that answers with one class")
    at = (batch.cue or 0) if position is None else position
    weights = as_tensors(parameters_of(experiment, run))
    h, gradient = _by_autograd(experiment, weights, batch.inputs, batch.targets, at)
    largest = np.abs(gradient).max()
    if not largest > 0:
        raise SpecError("the gradient is 0 in float64 there: nothing to compare")
    size = largest * np.linalg.norm(gradient / largest)
    directions = [gradient / size, np.random.default_rng(0).standard_normal(len(h)) / np.sqrt(len(h))]
    # a step of 10^(−3/8 digits) leaves errors of 10^(−¾ digits) and 10^(−⅝ digits): 17 digits fewer than the gradient
    digits = max(FEWEST, int((17 - np.log10(size)) / 0.625) + 1)
    with mpmath.workdps(digits):
        eps = mpf(10) ** (-3 * digits // 8)
        rest = _Rest(network.vectors(weights, torch.from_numpy(batch.inputs))[0, at + 1 :].numpy(), weights)
        errors = []
        for direction in directions:
            up, down = ([mpf(x) + sign * eps * mpf(d) for x, d in zip(h, direction, strict=True)] for sign in (1, -1))
            slope = (rest.loss(up, int(batch.targets[0])) - rest.loss(down, int(batch.targets[0]))) / (2 * eps)
            claimed = mpmath.fdot(gradient.tolist(), direction.tolist())
            errors.append(float(abs(claimed - slope) / abs(slope)))
    return ManyDigits(at, float(np.log(size)), np.array(errors), digits)


def _plain(network: Recurrent) -> bool:
    return network.cell == "tanh" and network.layers == 1 and network.written_out


def _by_autograd(
    experiment: Experiment, weights: Weights, inputs: ndarray, targets: ndarray, at: int
) -> tuple[ndarray, ndarray]:
    """h after step ``at`` and ∂L/∂h, both (n,) in float64."""
    chain = unrolled(experiment, dict(weights), inputs)
    state = chain.state
    for step in chain.maps[: at + 1]:
        state = step(state)
    h = state[0].clone().requires_grad_()
    state = (h,)
    for step in chain.maps[at + 1 :]:
        state = step(state)
    logits = chain.read_out(state)
    (gradient,) = torch.autograd.grad(logits, h, loss_and_gradient(logits, targets)[1])
    return h.detach().numpy()[0], gradient.numpy()[0]


class _Rest:
    """The network from some step on, in mpmath: h ← tanh(W_ih x + b_ih + W_hh h + b_hh), L = ln Σ exp(logits) − logit."""

    def __init__(self, vectors: ndarray, weights: Weights) -> None:
        def rows(name: str) -> list[list[mpf]]:
            return [[mpf(v) for v in row] for row in weights[name].tolist()]

        biases = [
            mpf(a) + mpf(b)
            for a, b in zip(*(weights[f"recurrent.bias_{part}_l0"].tolist() for part in ("ih", "hh")), strict=True)
        ]
        from_x = rows("recurrent.weight_ih_l0")
        self.recurrent, self.answers = rows("recurrent.weight_hh_l0"), rows("readout.weight")
        self.biases = [mpf(v) for v in weights["readout.bias"].tolist()]
        # the input's part is the same for every loss: worked out once
        self.inputs = [
            [mpmath.fdot(row, x) + bias for row, bias in zip(from_x, biases, strict=True)] for x in vectors.tolist()
        ]

    def loss(self, h: list[mpf], target: int) -> mpf:
        """The loss when the state has been h."""
        for part in self.inputs:
            h = [mpmath.tanh(mpmath.fdot(row, h) + x) for row, x in zip(self.recurrent, part, strict=True)]
        logits = [mpmath.fdot(row, h) + bias for row, bias in zip(self.answers, self.biases, strict=True)]
        return mpmath.log(mpmath.fsum(mpmath.exp(z) for z in logits)) - logits[target]
