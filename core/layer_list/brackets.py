"""Names, numbers and brackets as ``print(model)`` or a program writes them, read into calls. Nothing is run or looked up."""

import re
from dataclasses import dataclass, field
from typing import Any

from ..fields import SpecError
from .plan import DEEPEST, MOST_LAYERS

_PARTS = (
    r"#[^\n]*|\s+",
    r"(?P<number>-?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)",
    r"(?P<name>[^\W\d][\w.]*)",
    r"(?P<text>'[^'\n]*'|\"[^\"\n]*\")",
    r"(?P<sign>[()=,:])",
    r"(?P<other>.)",
)
_TOKEN = re.compile("|".join(_PARTS))


@dataclass
class Call:
    """``name(1, key=2, (child): Other())``."""

    name: str
    plain: list[Any] = field(default_factory=list)
    named: dict[str, Any] = field(default_factory=dict)
    children: list["Call"] = field(default_factory=list)


def read_calls(text: str) -> list[Call]:
    """All calls of a text, one after the other, perhaps after ``model =``. Raises SpecError."""
    return _Reader(text).calls()


class _Reader:
    """Brackets, names and values, from left to right."""

    def __init__(self, text: str) -> None:
        self._parts = [(m.lastgroup, m.group()) for m in _TOKEN.finditer(text) if m.lastgroup]
        self._at = 0

    def calls(self) -> list[Call]:
        """All of the text: one call, perhaps after ``model =``, or several."""
        found = []
        while self._at < len(self._parts):
            if self._sees("name", "=") or self._sees(","):
                self._at += 2 if self._sees("name", "=") else 1
                continue
            found.append(self._call(0))
        return found

    def _call(self, depth: int) -> Call:
        kind, name = self._take()
        if kind != "name" or not self._sees("("):
            raise SpecError(f"“{name[:40]}” stands where a layer such as nn.Linear(16, 64) should be")
        if depth > 2 * DEEPEST:
            raise SpecError("the brackets are too deep: attach the recorder to your own training instead")
        self._at += 1
        call = Call(name.rpartition(".")[2])
        while not self._sees(")"):
            if self._sees(","):
                self._at += 1
            elif self._sees("name", "="):
                key = self._take()[1]
                self._at += 1
                call.named[key] = self._value()
            elif self._sees("name", "("):
                call.children.append(self._call(depth + 1))
            elif self._labelled():
                call.children += self._child(depth)
            else:
                call.plain.append(self._value())
        self._at += 1
        return call

    def _labelled(self) -> bool:
        """Whether a “(0):” comes next."""
        return self._sees("(") and (")", ":") in [
            (self._text(i), self._text(i + 1)) for i in range(self._at + 2, self._at + 5)
        ]

    def _child(self, depth: int) -> list[Call]:
        """“(fc): Linear(…)”, “(0-5): 6 x Linear(…)”."""
        while not self._sees(":"):
            self._at += 1
        self._at += 1
        times = 1
        if self._kind(self._at) == "number" and self._text(self._at + 1) == "x":
            times = int(min(float(self._take()[1]), MOST_LAYERS + 1))
            self._at += 1
        return [self._call(depth + 1)] * times

    def _value(self) -> Any:
        kind, text = self._take()
        if kind == "number":
            return float(text)
        if kind == "text":
            return text[1:-1]
        if text in ("True", "False", "None"):
            return {"True": True, "False": False, "None": None}[text]
        if text == "(":  # (5,): of several numbers, the first
            values = []
            while not self._sees(")"):
                values += [] if self._sees(",") and self._take() else [self._value()]
            self._at += 1
            return values[0] if values else None
        raise SpecError(
            f"“{text[:40]}” can't be read: only names, numbers and brackets can, as print(model) writes them"
        )

    def _take(self) -> tuple[str, str]:
        if self._at >= len(self._parts):
            raise SpecError("the text ends too early: a bracket is never closed")
        kind, text = self._parts[self._at]
        self._at += 1
        return str(kind), text

    def _kind(self, i: int) -> str | None:
        return self._parts[i][0] if i < len(self._parts) else None

    def _text(self, i: int) -> str:
        return self._parts[i][1] if i < len(self._parts) else ""

    def _sees(self, *what: str) -> bool:
        """Whether these signs, or kinds of word, come next."""
        here = range(self._at, self._at + len(what))
        return all(each in (self._text(i), self._kind(i)) for i, each in zip(here, what, strict=True))
