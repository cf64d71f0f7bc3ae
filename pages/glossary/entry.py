"""A word that the pages use, explained in one to three sentences."""

import re
import tomllib
from dataclasses import dataclass
from typing import Any

from core.registry import errors_naming


@dataclass(frozen=True)
class Term:
    """A word of the glossary, as its table in a TOML file says.

    name: as in its address. label: as its heading. spellings: how texts write it, without the plural's s; what is too general
    to be linked wherever it stands ("rate", "step") is not among them. lesson: the explanation, whose first sentence is in plain
    words, without formulas. see: where it can be tried: a row ("c3"), "map/…" or a page. source: who brought it up. basic: a
    word that nearly every text has; the others are linked first.
    """

    name: str
    label: str
    spellings: tuple[str, ...]
    lesson: str
    see: str = ""
    source: str = ""
    basic: bool = False

    def __post_init__(self) -> None:
        """Raises ValueError unless the name may stand in an address, and the first sentence in a link's title."""
        wanted = {
            "a name in small letters and hyphens": re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", self.name),
            "a label": self.label,
            "spellings": self.spellings and all(word and word == " ".join(word.split()) for word in self.spellings),
            "a first sentence in plain words": 20 < len(self.hint) < 140
            and self.hint.endswith(".")
            and not re.search(r'[$*_`"\\<>|\[\]]|:\w', self.hint.replace("____", "")),
            "a lesson on one line, each $ with its partner": "\n" not in self.lesson and not self.lesson.count("$") % 2,
        }
        missing = [name for name, good in wanted.items() if not good]
        if missing:
            raise ValueError(f"it needs {', '.join(missing)}")

    @property
    def hint(self) -> str:
        """The first sentence."""
        return re.split(r"(?<=[.?!])\s", self.lesson, maxsplit=1)[0]


def read(chapter: str) -> list[Term]:
    """The terms of a TOML text with one table a term. Raises ValueError that names the term in which something is wrong."""
    return [_term(name, table) for name, table in tomllib.loads(chapter).items()]


def _term(name: str, table: dict[str, Any]) -> Term:
    with errors_naming(f"the glossary's “{name}”"):
        return Term(name, **table | {"spellings": tuple(table["spellings"])})
