"""A registry is an ordered mapping from a plain name to a frozen entry that knows its label and its lesson.

Everything a user can choose by name lives in a registry: select boxes, validation, page copy, theory overlays and
parametrised tests read it, so that a new activation (cell, initialiser, optimiser …) is one entry in one file.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from types import MappingProxyType
from typing import Protocol, TypeVar


class Entry(Protocol):
    """What every entry of every registry has."""

    @property
    def name(self) -> str:
        """The word used in queries and code, e.g. ``"tanh"``."""

    @property
    def label(self) -> str:
        """The words shown to people, e.g. ``"Plain RNN (tanh)"``."""

    @property
    def lesson(self) -> str:
        """One sentence that teaches what this choice does to the gradient."""


@dataclass(frozen=True)
class Named:
    """The smallest entry: a choice that is nothing but its name."""

    name: str
    label: str
    lesson: str


EntryType = TypeVar("EntryType", bound=Entry)


def registry(*entries: EntryType) -> Mapping[str, EntryType]:
    """A read-only mapping name → entry, in the order given.

    Raises ValueError when two entries share a name.
    """
    by_name = {entry.name: entry for entry in entries}
    if len(by_name) != len(entries):
        raise ValueError("two entries share a name: " + ", ".join(entry.name for entry in entries))
    return MappingProxyType(by_name)


@contextmanager
def errors_naming(what: str) -> Iterator[None]:
    """Raises what goes wrong while entries are read from a text as a ValueError that begins with ``what`` was read."""
    try:
        yield
    except (TypeError, KeyError, ValueError) as problem:
        raise ValueError(f"{what}: {problem}") from problem
