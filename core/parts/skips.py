"""Ways past a layer: what becomes of the layer's input h beside its own output."""

from collections.abc import Callable
from dataclasses import dataclass

from torch import Tensor

from ..registry import registry


@dataclass(frozen=True)
class Skip:
    """``join(h, new, gate)`` → the layer's output; ``gate`` in (0, 1) is there only if ``gated``. All of one shape.

    ``script``: the same in an exported script, from the activation of z and the layer's input h to the new h.
    """

    name: str
    label: str
    lesson: str
    join: Callable[[Tensor, Tensor, Tensor | None], Tensor]
    script: str
    gated: bool = False


def _highway(h: Tensor, new: Tensor, gate: Tensor | None) -> Tensor:
    assert gate is not None
    return h + gate * (new - h)


SKIPS = registry(
    Skip(
        "none",
        "None",
        "Each layer replaces its input, so the gradient has to go through every matrix and every slope.",
        lambda h, new, gate: new,
        "h = {{ activation.script }}",
    ),
    Skip(
        "residual",
        "Residual",
        "Each layer adds to its input: the gradient also goes straight past the layer, and can only grow (He et al. 2016).",
        lambda h, new, gate: h + new,
        """\
new = {{ activation.script }}
h = h + new if h.shape == new.shape else new  # a layer that changes the width cannot add""",
    ),
    Skip(
        "highway",
        "Highway",
        "A gate decides how much of each unit is replaced; nearly shut at first, it lets the gradient pass (Srivastava 2015).",
        _highway,
        """\
new = {{ activation.script }}
if h.shape == new.shape:  # a layer that changes the width has no way past it
    share = torch.sigmoid(gate({{ seen }}))
    new = share * new + (1 - share) * h
h = new""",
        gated=True,
    ),
)
