"""Dropout of what a recurrent layer hears from its own past: the h that W_hh multiplies. What gates carry over is left alone.

Units are dropped with probability p and the others multiplied by 1/(1 − p), so that the mean is that without dropout and
nothing has to be rescaled afterwards. All noise of a sequence is drawn at once, from the caller's private generator.
"""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from ..registry import registry


@dataclass(frozen=True)
class Source:
    """Where a layer's noise comes from and what it is for.

    ``steps`` steps, ``h`` of shape and type (…, batch, n), ``rows`` pre-activations per example, units dropped at rate ``p``.
    """

    generator: torch.Generator
    steps: int
    h: Tensor
    rows: int
    p: float

    def mask(self, steps: int) -> Tensor:
        """Zeros with probability p, else 1/(1 − p): (steps, …, batch, n)."""
        uniform = torch.rand((steps, *self.h.shape), generator=self.generator, dtype=self.h.dtype)
        return (uniform >= self.p).to(self.h.dtype) / (1 - self.p)

    def normal(self) -> Tensor:
        """Standard normal numbers (steps, …, batch, rows), times √(p/(1 − p)), a mask's standard deviation."""
        shape = (self.steps, *self.h.shape[:-1], self.rows)
        spread = (self.p / (1 - self.p)) ** 0.5
        return spread * torch.randn(shape, generator=self.generator, dtype=self.h.dtype)


@dataclass(frozen=True)
class Dropout:
    """``draw(source)``: one tensor per step along the first axis. ``mix(h, weight, drawn)``: W h with dropout, for one step.

    h (…, batch, n), weight (…, rows, n) → (…, batch, rows). In an exported script ``script`` goes from h to from_h, before the
    bias, and ``script_draw`` draws the noise of one layer for all steps.
    """

    name: str
    label: str
    lesson: str
    draw: Callable[[Source], Tensor]
    mix: Callable[[Tensor, Tensor, Tensor], Tensor]
    script: str = ""
    script_draw: str = ""


def _masked(h: Tensor, weight: Tensor, mask: Tensor) -> Tensor:
    return (h * mask) @ weight.mT


def _fast(h: Tensor, weight: Tensor, normal: Tensor) -> Tensor:
    """A sum of many independently dropped terms is nearly normal: mean W h, variance (W∘W)(h∘h) p/(1 − p)."""
    variance = h.square() @ weight.square().mT
    # at h = 0 there is nothing to drop, and a square root has no slope there
    return h @ weight.mT + variance.clamp_min(torch.finfo(h.dtype).tiny).sqrt() * normal


_MASKED_SCRIPT = "from_h = (h if noise is None else h * noise) @ {{ weight_hh }}.T"

DROPOUTS = registry(
    Dropout(
        "none",
        "None",
        "Every unit hears the whole past: what is lost on the way back is lost by the matrix and the slope alone.",
        lambda source: source.h.new_ones(1).expand(source.steps, 1),
        _masked,
    ),
    Dropout(
        "naive",
        "Naive (a new mask each step)",
        "Each step drops other units: a memory gathers noise at every step that it is kept, though its gradient need not shrink.",
        lambda source: source.mask(source.steps),
        _masked,
        _MASKED_SCRIPT,
        "return (torch.rand((steps, size, HIDDEN), generator=generator) >= DROP) / (1 - DROP)",
    ),
    Dropout(
        "variational",
        "Variational (one mask)",
        "The same units are dropped at all steps of a sequence; the others carry a memory undisturbed (Gal & Ghahramani 2016).",
        lambda source: source.mask(1).expand(source.steps, *source.h.shape),
        _masked,
        _MASKED_SCRIPT,
        """\
mask = (torch.rand((1, size, HIDDEN), generator=generator) >= DROP) / (1 - DROP)
return mask.expand(steps, size, HIDDEN)""",
    ),
    Dropout(
        "fast",
        "Fast (Gaussian)",
        "Adds to each pre-activation the noise that dropping would cause, without dropping anything (Wang & Manning 2013).",
        Source.normal,
        _fast,
        """\
from_h = h @ {{ weight_hh }}.T
if noise is not None:
    variance = h.square() @ {{ weight_hh }}.square().T
    from_h = from_h + variance.clamp_min(torch.finfo(h.dtype).tiny).sqrt() * noise""",
        """\
spread = (DROP / (1 - DROP)) ** 0.5
return spread * torch.randn((steps, size, {{ rows }}), generator=generator)""",
    ),
)
