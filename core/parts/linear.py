"""The one operation that all networks share, and the type of what they carry along."""

from collections.abc import Mapping

from numpy import ndarray
from torch import Tensor
from torch.nn.functional import linear

State = tuple[Tensor, ...]  # what one map hands to the next: (h,) or (h, c), for each layer
Parts = tuple[ndarray, ...]  # the same as plain arrays (…, batch, n)
Weights = Mapping[str, Tensor]  # parameters by name, perhaps with leading axes (one network per entry)


def affine(x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
    """x (…, batch, n_in) times weight (…, n_out, n_in) transposed, plus bias (…, n_out); leading axes broadcast."""
    if weight.dim() == 2:
        return linear(x, weight, bias)  # product and sum in one operation
    return x @ weight.mT + bias.unsqueeze(-2)
