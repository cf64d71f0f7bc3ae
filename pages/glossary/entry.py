"""A word that the pages use, explained in one to three sentences."""

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Term:
    """name: as in its address. label: as its heading. spellings: how texts write it, without the plural's s; what is too
    general to be linked wherever it stands ("rate", "step") is not among them. lesson: the explanation, whose first sentence is
    in plain words, without formulas. see: where it can be tried: a row ("c3"), "map/…" or a page. source: who brought it up.
    basic: a word that nearly every text has; the others are linked first.
    """

    name: str
    label: str
    spellings: tuple[str, ...]
    lesson: str
    see: str = ""
    source: str = ""
    basic: bool = False

    @property
    def hint(self) -> str:
        """The first sentence."""
        return re.split(r"(?<=[.?!])\s", self.lesson, maxsplit=1)[0]
