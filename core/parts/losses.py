"""Losses: what is differentiated. One place, plain NumPy; the gradient with respect to the logits starts every way back.

Classes: L = −ln softmax(logits)[target], whose gradient is softmax − one-hot. Numbers: L = (output − target)². The batch's
loss is the mean over all (example, step) pairs that have a target.
"""

from dataclasses import dataclass

import numpy as np
from numpy import ndarray


@dataclass(frozen=True)
class Loss:
    """The loss of given ``targets``: classes or numbers (…, B) after the last step; with ``each_step`` classes (…, B, T).

    A class of −1 means that no loss is taken there. Leading axes are networks side by side, each with a loss of its own.
    """

    targets: ndarray
    each_step: bool = False

    @classmethod
    def of(cls, targets: ndarray) -> "Loss":
        """The loss of one batch's targets: (B,) or (B, T)."""
        return cls(targets, each_step=targets.ndim == 2)

    def value_and_gradient(self, logits: ndarray) -> tuple[ndarray, ndarray]:
        """(…,) and ∂L/∂logits, for logits (…, B, answers); with ``each_step`` for (T, …, B, answers)."""
        targets = np.moveaxis(self.targets, -1, 0) if self.each_step else self.targets[None]
        steps = logits if self.each_step else logits[None]
        if self.targets.dtype.kind == "f":
            error = steps[..., 0] - targets
            count = np.full(error.shape[1:-1], error.shape[-1])
            value, gradient = (error**2).sum((0, -1)), 2 * error[..., None]
        else:
            scored = targets >= 0
            count = np.maximum(scored.sum((0, -1)), 1)
            shifted = steps - steps.max(-1, keepdims=True)
            gradient = np.exp(shifted)
            total = gradient.sum(-1, keepdims=True)
            gradient /= total
            at = np.maximum(targets, 0)[..., None]
            value = (np.log(total) - np.take_along_axis(shifted, at, -1))[..., 0]
            np.put_along_axis(gradient, at, np.take_along_axis(gradient, at, -1) - 1, -1)
            if not scored.all():
                value, gradient = np.where(scored, value, 0), np.where(scored[..., None], gradient, 0)
            value = value.sum((0, -1))
        gradient = (gradient / count[..., None, None]).astype(logits.dtype, copy=False)
        return value / count, gradient if self.each_step else gradient[0]
