"""Ready lists of layers with a training each (``examples.toml``): one healthy network, and others with one illness each."""

import tomllib
from dataclasses import dataclass
from pathlib import Path

from ..experiment.specs import Training
from ..registry import registry


@dataclass(frozen=True)
class Example:
    """``listing`` is text as a student would write it; ``ill``: the ailment that it is here for ("" for none)."""

    name: str
    label: str
    lesson: str
    listing: str
    training: Training
    ill: str
    length: int = 40


_TABLE = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
EXAMPLES = registry(
    *(
        Example(name, **entry | {"training": Training(**entry["training"], clip=0.0, batch=64)})
        for name, entry in _TABLE.items()
    )
)
