"""The first NaN or ∞: where it arose, and in which step."""

import logging
import math
from collections.abc import Mapping
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn.utils import get_total_norm

from .measures import entries, fetch

PLACES = {  # where → the sentence
    "forward": "going forwards, the output of “{name}” is the first that is not finite: it holds {value}.",
    "backward": "the forward pass is finite; going backwards, the gradient at the output of “{name}” is the first that is not: "
    "it holds {value}.",
    "gradient": "outputs are finite; going backwards, the gradient of the weights “{name}” is the first that is not: "
    "it holds {value}.",
    "update": "outputs and gradients are finite, but after the update the weights “{name}” are not: they hold {value}.",
}
VALUES = ("NaN", "∞")
_MANY = 10_000  # looks put off before they are fetched


@dataclass(frozen=True)
class Finding:
    """The first tensor of a step that is not finite. ``where`` is one of ``PLACES``, ``name`` a module's or a parameter's."""

    step: int
    where: str
    name: str
    value: str  # "NaN" or "∞"

    def __str__(self) -> str:
        return f"Step {self.step}: " + PLACES[self.where].format(name=self.name, value=self.value)


class Watch:
    """Looks at tensors in the order in which training makes them. ``findings`` has the first of each place.

    Only the first non-finite tensor of a step is a finding: what follows in that step is its consequence. Each finding is
    also logged as a warning.
    """

    def __init__(self) -> None:
        self.findings: list[Finding] = []
        self.step = 0
        self._spoilt = -1  # the step in which something was found
        self._later: list[tuple[int, str, str, Tensor]] = []

    def look(self, where: str, name: str, tensor: Tensor) -> None:
        """Looks at one tensor.

        On a CPU a sum is cheapest, and where it is not finite the largest entry decides; elsewhere nobody waits for either.
        """
        if self.step == self._spoilt:
            return
        tensor = tensor.detach()
        if tensor.is_cpu and not tensor.is_complex():
            if not math.isfinite(tensor.sum()):
                self._judge(self.step, where, name, float(_largest(tensor)))
        else:
            self._later.append((self.step, where, name, _largest(tensor)))
            if len(self._later) > _MANY:
                self.catch_up()

    def look_at_all(self, where: str, named: Mapping[str, Tensor]) -> None:
        """Looks at many at once, and at each only where their common norm gives rise to it."""
        tensors = [tensor.detach() for tensor in named.values()]
        together = all(tensor.is_cpu and not tensor.is_complex() for tensor in tensors)
        if not together or not math.isfinite(get_total_norm(tensors)):
            for name, tensor in named.items():
                self.look(where, name, tensor)

    def catch_up(self) -> None:
        """Judges what was put off."""
        later, self._later = self._later, []
        for (step, where, name, _), value in zip(later, fetch([tensor for *_, tensor in later]), strict=True):
            self._judge(step, where, name, float(value))

    def _judge(self, step: int, where: str, name: str, largest: float) -> None:
        """Keeps it as a finding if it is the first in its step, and of its place."""
        if math.isfinite(largest) or step == self._spoilt:
            return
        self._spoilt = step
        if all(finding.where != where for finding in self.findings):
            self.findings.append(Finding(step, where, name, VALUES[math.isinf(largest)]))
            logging.getLogger(__name__).warning("%s", self.findings[-1])


def _largest(tensor: Tensor) -> Tensor:
    """Returns the largest size of an entry, NaN if there is one: exact, where a sum of finite numbers could overflow."""
    return torch.linalg.vector_norm(entries(tensor), torch.inf)[None]
