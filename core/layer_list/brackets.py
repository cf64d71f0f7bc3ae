"""Reads what ``print(model)`` or a program writes into calls, by Python's own grammar. Nothing is run or looked up.

What ``print`` adds to that grammar is rewritten first: “(fc): Linear(…)” and “(0-5): 6 x Linear(…)” become arguments.
"""

import ast
import re
from dataclasses import dataclass, field
from typing import Any

from ..fields import SpecError
from .plan import DEEPEST, MOST_LAYERS

_CHILD = "_"  # the keyword of an argument that was a printed child
_LABEL = re.compile(r"\([ \t]*[\w.-]+[ \t]*\)[ \t]*:[ \t]*(?:(\d+)[ \t]+x\b)?")
_MOST_PARTS = 10 * MOST_LAYERS  # of a call, those inside of others counted too


@dataclass
class Call:
    """``name(1, key=2, (child): Other())``; ``parts`` counts it and all that is inside of it."""

    name: str
    plain: list[Any] = field(default_factory=list)
    named: dict[str, Any] = field(default_factory=dict)
    children: list["Call"] = field(default_factory=list)
    parts: int = 1


def read_calls(text: str) -> list[Call]:
    """Returns all calls of a text, one after the other, perhaps after ``model =``. Raises SpecError."""
    try:
        statements = ast.parse(_as_python(text)).body
        values = [getattr(statement, "value", None) or statement for statement in statements]
        parts = [part for value in values for part in (value.elts if isinstance(value, ast.Tuple) else [value])]
        return [_call(part, 0) for part in parts]
    except SyntaxError as error:
        raise SpecError(_misspelt(error, text)) from None
    except (RecursionError, MemoryError):
        raise SpecError(_TOO_DEEP) from None


_TOO_DEEP = "the brackets are too deep: attach the recorder to your own training instead"


def _as_python(text: str) -> str:
    """Rewrites the text as a program, line by line."""
    flush = re.sub(r"(?m)^[ \t]+", "", text.replace("\0", " "))
    arguments = _LABEL.sub(lambda label: f",{_CHILD}={label[1]}*" if label[1] else f",{_CHILD}=", flush)
    return re.sub(r"([(,]\s*),", r"\1", arguments)


def _misspelt(error: SyntaxError, text: str) -> str:
    if "never closed" in error.msg:
        return "the text ends too early: a bracket is never closed"
    line = text.split("\n")[(error.lineno or 1) - 1 :][:1]
    why = "brackets are too deep" if "nested" in error.msg else error.msg
    return f"line {error.lineno}: “{''.join(line).strip()[:40]}” stands where a layer should be ({why})"


def _call(node: ast.AST, depth: int) -> Call:
    name = ast.unparse(node.func) if isinstance(node, ast.Call) else ""
    if not isinstance(node, ast.Call) or not re.fullmatch(r"[\w.]+", name):
        raise SpecError(f"“{_beginning(node)}” stands where a layer such as nn.Linear(16, 64) should be")
    if depth > 2 * DEEPEST:
        raise SpecError(_TOO_DEEP)
    call = Call(name.rpartition(".")[2])
    for argument in node.args:
        if isinstance(argument, ast.Call):
            call.children.append(_call(argument, depth + 1))
        else:
            call.plain.append(_value(argument))
    for keyword in node.keywords:
        if keyword.arg == _CHILD:
            call.children += _children(keyword.value, depth)
        else:
            call.named[keyword.arg or ""] = _value(keyword.value if keyword.arg else keyword)
    call.parts += sum(child.parts for child in call.children)
    if call.parts > _MOST_PARTS:
        raise SpecError(f"the text has more than {_MOST_PARTS} parts: attach the recorder to your own training instead")
    return call


def _children(node: ast.AST, depth: int) -> list[Call]:
    """Reads “Linear(…)”, or “6*Linear(…)” as often as that."""
    times = 1
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult):
        times, node = _value(node.left), node.right
    return [_call(node, depth + 1)] * int(min(times, MOST_LAYERS + 1))


def _value(node: ast.AST) -> Any:
    """Reads a number, text, True, False or None; of several in brackets the first."""
    try:
        value = ast.literal_eval(node)
        while isinstance(value, tuple):
            value = value[0] if value else None
        return float(value) if type(value) is int else value
    except (ValueError, TypeError, OverflowError):
        raise SpecError(
            f"“{_beginning(node)}” can't be read: only names, numbers and brackets can, as print(model) writes them"
        ) from None


def _beginning(node: ast.AST) -> str:
    """Returns the first word or sign of what stands there."""
    return "".join(re.findall(r"[\w.]+|\S", ast.unparse(node))[:1])[:40]
