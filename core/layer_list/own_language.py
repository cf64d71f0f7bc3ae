"""The small language: one layer after the other, a word and a few numbers each.

    init he                      how all weight matrices start
    linear 64                    a name and its size
    lstm 32 x2 f1                two layers on top of each other, forget bias 1
    repeat 8 { linear 64 relu }  the same eight times, each with weights of its own
    residual { linear 64 relu }  x + f(x)

Line breaks, commas and semicolons only separate; what follows a # is a comment.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from difflib import get_close_matches
from typing import Any, NamedTuple

from ..fields import SpecError
from ..parts.initialisers import INITIALISERS
from .base import Layer
from .kinds import KINDS, MARKS
from .plan import DEEPEST, MOST_LAYERS, Plan

_NUMBER = r"-?(?:\d+\.?\d*|\.\d+)(?:e-?\d+)?"
_PARTS = (
    r"#[^\n]*|\n|[\s,;]",
    rf"(?P<mark>[xksf]{_NUMBER}(?![\w.]))",
    rf"(?P<number>{_NUMBER}(?![\w.]))",
    r"(?P<word>[^\W\d]\w*)",
    r"(?P<brace>[{}])",
    r".",
)
_TOKEN = re.compile("|".join(_PARTS))
_MOST_TIMES, _SIGMA = 100, (0.0, 10.0)
_ALIASES = {name.lower(): kind.name for kind in KINDS.values() for name in kind.torch} | {
    "dense": "linear",
    "fc": "linear",
    "norm": "layernorm",
}


class Token(NamedTuple):
    """kind: word, number, mark or brace; line: where, from 1."""

    kind: str
    text: str
    line: int


def tokens(text: str) -> Iterator[Token]:
    """Yields the text in parts. Raises SpecError for a letter that means nothing."""
    line = 1
    for match in _TOKEN.finditer(text.lower()):
        part = match.group()
        if match.lastgroup:
            yield Token(match.lastgroup, part, line)
        elif part == "\n":
            line += 1
        elif not (part.isspace() or part in ",;" or part.startswith("#")):
            raise SpecError(f"line {line}: “{part}” means nothing here")


def read_words(text: str) -> Plan:
    """Reads the plan that the text describes. Raises SpecError."""
    reader = _Reader(list(tokens(text)))
    layers = reader.block(0)
    return Plan(tuple(layers), reader.init)


class _Reader:
    """Reads tokens from left to right."""

    def __init__(self, parts: list[Token]) -> None:
        self._parts, self._at = parts, 0
        self.init = ("default", 0.0)

    def block(self, depth: int) -> list[Layer]:
        """Reads layers up to a closing brace, or at depth 0 up to the end."""
        if depth > DEEPEST:
            raise SpecError(f"line {self._parts[self._at - 1].line}: blocks may be {DEEPEST} deep at most")
        layers: list[Layer] = []
        while self._at < len(self._parts):
            part = self._parts[self._at]
            self._at += 1
            if part.text == "}" and depth:
                return layers
            layers += self._item(part, depth)
            if len(layers) > MOST_LAYERS:
                raise SpecError(f"line {part.line}: the list has more than {MOST_LAYERS} layers")
        if depth:
            raise SpecError("a “{” is never closed: “}” is missing")
        return layers

    def _item(self, part: Token, depth: int) -> list[Layer]:
        if part.kind != "word":
            raise SpecError(f"line {part.line}: “{part.text}” stands where a layer's name should be")
        name = _ALIASES.get(part.text, part.text)
        if name == "init":
            self._start(part)
            return []
        if name == "repeat":
            times = self._number(part, "how often", 1, _MOST_TIMES)
            return self._inside(part, depth) * int(times)
        if name == "residual":
            return [Layer("residual", inside=tuple(self._inside(part, depth)))]
        if name not in KINDS:
            raise SpecError(f"line {part.line}: “{part.text[:40]}” is no layer. {_meant(part.text)}{_KNOWN}")
        kind = KINDS[name]
        size = kind.usual
        if kind.high:
            here = self._next("number")
            size = _within(
                part.line, f"{name}'s number", here.text if here else str(kind.usual or ""), kind.low, kind.high
            )
            if kind.wide and size != int(size):
                raise SpecError(f"line {part.line}: {name} takes a whole number, not {size:g}")
        layer = Layer(name, size)
        while mark := self._next("mark"):
            letter = mark.text[0]
            if letter not in kind.marks:
                raise SpecError(
                    f"line {mark.line}: “{mark.text}” does not go with {name}; it is written “{kind.label}”"
                )
            field, low, high = MARKS[letter]
            value = _within(mark.line, f"{letter} of {name}", mark.text[1:], low, high)
            number: Any = value if letter == "f" else int(value)
            layer = replace(layer, **{field: number})
        return [layer]

    def _start(self, part: Token) -> None:
        """Reads ``init he`` or ``init normal .01``."""
        name = self._next("word")
        if name is None or name.text not in INITIALISERS or name.text == "nonnormal":
            known = ", ".join(other for other in INITIALISERS if other != "nonnormal")
            raise SpecError(f"line {part.line}: after init comes one of {known}")
        number = self._next("number")
        self.init = (name.text, _within(part.line, "init's number", number.text if number else "1", *_SIGMA))

    def _inside(self, part: Token, depth: int) -> list[Layer]:
        opened = self._next("brace")
        if opened is None or opened.text != "{":
            raise SpecError(f"line {part.line}: after {part.text} comes “{{”, layers, and “}}”")
        inside = self.block(depth + 1)
        if not inside:
            raise SpecError(f"line {part.line}: {part.text} has nothing inside")
        return inside

    def _number(self, part: Token, what: str, low: float, high: float) -> float:
        number = self._next("number")
        return _within(part.line, what, number.text if number else "", low, high)

    def _next(self, kind: str) -> Token | None:
        """Returns the next token, taken if it is of this kind."""
        if self._at < len(self._parts) and self._parts[self._at].kind == kind:
            self._at += 1
            return self._parts[self._at - 1]
        return None


_KNOWN = "Known are " + ", ".join(KINDS) + ", repeat and init"


def _within(line: int, what: str, value: str, low: float, high: float) -> float:
    if value == "" or not low <= float(value) <= high:
        raise SpecError(f"line {line}: {what} must be from {low:g} to {high:g}{f', not {value}' if value else ''}")
    return float(value)


def _meant(word: str) -> str:
    near = get_close_matches(word, [*KINDS, *_ALIASES, "repeat", "init"], 1)
    return f"Did you mean “{_ALIASES.get(near[0], near[0])}”? " if near else ""
