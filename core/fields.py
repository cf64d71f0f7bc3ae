"""Typed fields: one description of a setting drives its validation, its text in a permalink and its widget."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .registry import Entry

_JOINERS = "\u200c\u200d"  # invisible, yet part of a word in some scripts and in joined emoji


class SpecError(ValueError):
    """A setting that cannot be used. The message says which, why, and what would do."""


@dataclass(frozen=True)
class Number:
    """A whole (``whole``) or real number from ``low`` to ``high``; ``step`` is the widget's."""

    label: str
    low: float
    high: float
    step: float
    whole: bool
    help: str = ""

    def check(self, name: str, value: Any) -> int | float:
        """``value`` as int or float; SpecError when it is not a finite number in range."""
        kind = "a whole number" if self.whole else "a number"
        wanted = f"{name} must be {kind} from {self.low:.10g} to {self.high:.10g}"
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise SpecError(f"{wanted}, not {_quote(value)}")
        # NaN is in no range; an int too long for a float compares all the same
        if not self.low <= value <= self.high or (self.whole and value != int(value)):
            raise SpecError(f"{wanted}, not {_quote(value)}")
        return int(value) if self.whole else float(value)

    def parse(self, name: str, text: str) -> int | float:
        """The number that ``text`` spells."""
        try:
            return self.check(name, int(text) if self.whole else float(text))
        except SpecError:
            raise
        except ValueError:
            kind = "a whole number" if self.whole else "a number"
            raise SpecError(
                f"{name} must be {kind} from {self.low:.10g} to {self.high:.10g}, not {_quote(text)}"
            ) from None

    def text(self, value: Any) -> str:
        """The shortest text that parses back to the same number."""
        return str(value) if self.whole else repr(float(value)).removesuffix(".0")


@dataclass(frozen=True)
class Choice:
    """One name out of a registry."""

    label: str
    options: Mapping[str, Entry]
    help: str = ""

    def check(self, name: str, value: Any) -> str:
        """``value`` if the registry has it."""
        if not isinstance(value, str) or value not in self.options:
            raise SpecError(f"{name} must be one of {', '.join(self.options)}, not {_quote(value)}")
        return value

    def parse(self, name: str, text: str) -> str:
        """The name itself."""
        return self.check(name, text)

    def text(self, value: Any) -> str:
        """The name itself."""
        return str(value)


@dataclass(frozen=True)
class Flag:
    """On or off; spelled 1 and 0 in a query."""

    label: str
    help: str = ""

    def check(self, name: str, value: Any) -> bool:
        """``value`` if it is a truth value."""
        if not isinstance(value, bool):
            raise SpecError(f"{name} must be on or off (1 or 0 in a link), not {_quote(value)}")
        return value

    def parse(self, name: str, text: str) -> bool:
        """True for "1", False for "0"."""
        if text not in ("0", "1"):
            raise SpecError(f"{name} must be 1 or 0, not {_quote(text)}")
        return text == "1"

    def text(self, value: Any) -> str:
        """ "1" or "0"."""
        return "1" if value else "0"


@dataclass(frozen=True)
class Words:
    """Free words of the user's own, separated by white space; any characters, within limits."""

    label: str
    most_words: int = 60
    most_letters: int = 24
    help: str = ""

    def check(self, name: str, value: Any) -> str:
        """``value`` with its white space made single and its control characters left out."""
        if not isinstance(value, str):
            raise SpecError(f"{name} must be words, not {_quote(value)}")
        kept = (ch for ch in value if ch.isprintable() or ch.isspace() or ch in _JOINERS)
        words = "".join(" " if ch.isspace() else ch for ch in kept).split()
        if len(words) > self.most_words:
            raise SpecError(f"{name} may have {self.most_words} words at most, not {len(words)}: leave some out")
        longest = max(words, key=len, default="")
        if len(longest) > self.most_letters:
            raise SpecError(f"{name}: the word {_quote(longest)} is longer than {self.most_letters} letters")
        return " ".join(words)

    def parse(self, name: str, text: str) -> str:
        """The words themselves."""
        return self.check(name, text)

    def text(self, value: Any) -> str:
        """The words themselves."""
        return str(value)


@dataclass(frozen=True)
class Names(Words):
    """Several names out of a registry, written as words; kept in the registry's order, each once."""

    options: Mapping[str, Entry] = dataclasses.field(default_factory=dict)

    def check(self, name: str, value: Any) -> str:
        """The names that ``value``, a text or a list, holds, if the registry has them and they are not too many, or none."""
        if isinstance(value, list | tuple):
            value = " ".join(map(str, value))
        wanted = value.split() if isinstance(value, str) else []
        if unknown := [each for each in wanted if each not in self.options]:
            raise SpecError(f"{name}: there is no {_quote(unknown[0])}, only {', '.join(self.options)}")
        chosen = [each for each in self.options if each in wanted]
        if not 1 <= len(chosen) <= self.most_words:
            what = "leave some out" if chosen else "choose some"
            raise SpecError(f"{name} may be 1 to {self.most_words}, not {len(chosen)}: {what}")
        return " ".join(chosen)


Rule = Number | Choice | Flag | Words  # Names are Words


def _quote(value: Any) -> str:
    text = str(value)
    return f"“{text[:40]}…”" if len(text) > 40 else f"“{text}”"


def whole(default: int, low: int, high: int, label: str, help: str = "", step: int = 1) -> Any:
    """A dataclass field for a whole number."""
    return dataclasses.field(default=default, metadata={"rule": Number(label, low, high, step, True, help)})


def real(default: float, low: float, high: float, label: str, help: str = "", step: float = 0.05) -> Any:
    """A dataclass field for a real number."""
    return dataclasses.field(default=default, metadata={"rule": Number(label, low, high, step, False, help)})


def choice(default: str, options: Mapping[str, Any], label: str, help: str = "") -> Any:
    """A dataclass field for a name out of a registry."""
    return dataclasses.field(default=default, metadata={"rule": Choice(label, options, help)})


def flag(default: bool, label: str, help: str = "") -> Any:
    """A dataclass field for on/off."""
    return dataclasses.field(default=default, metadata={"rule": Flag(label, help)})


def words(default: str, label: str, help: str = "") -> Any:
    """A dataclass field for the user's own words."""
    return dataclasses.field(default=default, metadata={"rule": Words(label, help=help)})


def names(default: str, options: Mapping[str, Any], most: int, label: str, help: str = "") -> Any:
    """A dataclass field for several names out of a registry, ``most`` at most."""
    longest = max(map(len, options))
    return dataclasses.field(default=default, metadata={"rule": Names(label, most, longest, help, options)})


def rules(spec: Any) -> dict[str, Rule]:
    """Field name → rule, for every ruled field of a spec (class or instance), in order."""
    return {f.name: f.metadata["rule"] for f in dataclasses.fields(spec) if "rule" in f.metadata}


class Spec:
    """A frozen dataclass of ruled fields that checks and canonicalises itself when it is made."""

    def __post_init__(self) -> None:
        for name, rule in rules(self).items():
            object.__setattr__(self, name, rule.check(name, getattr(self, name)))


def read(spec: Any, unread: dict[str, str]) -> tuple[Any, list[str]]:
    """``spec`` with the values that ``unread`` spells for its fields (taken out of it), and what can't be used."""
    changes: dict[str, Any] = {}
    complaints: list[str] = []
    for name, rule in rules(spec).items():
        if name in unread:
            try:
                changes[name] = rule.parse(name, unread.pop(name))
            except SpecError as error:
                complaints.append(str(error))
    return dataclasses.replace(spec, **changes), complaints
