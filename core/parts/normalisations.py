"""Normalisation of pre-activations, without learned scale or shift (both start as 1 and 0)."""

from collections.abc import Callable
from dataclasses import dataclass

from torch import Tensor
from torch.nn.functional import layer_norm

from ..registry import registry

EPSILON = 1e-5  # torch.nn.LayerNorm's and BatchNorm's default


def _over_batch(z: Tensor) -> Tensor:
    centred = z - z.mean(-2, keepdim=True)
    return centred / (centred.square().mean(-2, keepdim=True) + EPSILON).sqrt()


@dataclass(frozen=True)
class Normalisation:
    """``function`` takes and gives pre-activations of shape (…, batch, width); ``axis`` is the one it averages over.

    ``script`` is the same in an exported script, from z to z.
    """

    name: str
    label: str
    lesson: str
    function: Callable[[Tensor], Tensor]
    axis: int | None
    script: str = ""


NORMALISATIONS = registry(
    Normalisation("none", "None", "The pre-activations are used as they come.", lambda z: z, None),
    Normalisation(
        "layer",
        "LayerNorm",
        "Each example's pre-activations are brought to mean 0 and variance 1, so the initial weights' scale no longer matters.",
        lambda z: layer_norm(z, z.shape[-1:], eps=EPSILON),
        -1,
        "z = F.layer_norm(z, z.shape[1:])  # mean 0 and variance 1 in each example",
    ),
    Normalisation(
        "batch",
        "BatchNorm",
        "Each unit is standardised over the batch. With ReLU the gradient then grows at each layer (Yang et al. 2019).",
        _over_batch,
        -2,
        "z = F.batch_norm(z, None, None, training=True)  # mean 0 and variance 1 in each unit",
    ),
)
