"""Reads a list of layers from text: the small language or PyTorch's own. Nothing in it is ever run.

repeat 3 { residual { layernorm  linear 32  relu  linear 32 } }
Sequential((0): Linear(in_features=16, out_features=64, bias=True) (1): ReLU() (2): Linear(64, 4))
"""

from dataclasses import dataclass, field
from typing import Any

from ..fields import SpecError
from .own_language import read_words
from .plan import MOST_LAYERS, Plan
from .torch_text import read_torch

MOST_LETTERS = 4000


def read_list(text: str) -> Plan:
    """Returns the plan that a text describes. Raises SpecError that says where it stops making sense, and what would."""
    if len(text) > MOST_LETTERS:
        raise SpecError(
            f"the list of layers may have {MOST_LETTERS} letters, not {len(text)}: attach the recorder instead"
        )
    plan = read_torch(text) if "(" in text else read_words(text)
    if not plan.layers:
        raise SpecError("the list of layers is empty: write one layer a line, for example “linear 64”")
    if sum(1 for _ in plan.all_layers()) > MOST_LAYERS:
        raise SpecError(
            f"the list has more than {MOST_LAYERS} layers: attach the recorder to your own training instead"
        )
    return plan


@dataclass(frozen=True)
class Listing:
    """The rule of a field that holds such a text (see ``core.fields``)."""

    label: str
    help: str = ""

    def check(self, name: str, value: Any) -> str:
        """Returns the text without control characters. Raises SpecError if it can't be read."""
        if not isinstance(value, str):
            raise SpecError(f"{name} must be a text")
        text = "".join(
            letter
            for letter in value.replace("\r\n", "\n").replace("\t", " ")
            if letter.isprintable() or letter == "\n"
        )
        read_list(text)
        return text

    def parse(self, name: str, text: str) -> str:
        """Reads the text itself."""
        return self.check(name, text)

    def text(self, value: Any) -> str:
        """Returns the text itself."""
        return str(value)


def listing(default: str, label: str, help: str = "") -> Any:
    """Makes a dataclass field for a list of layers."""
    return field(default=default, metadata={"rule": Listing(label, help)})
