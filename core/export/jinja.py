"""Jinja, which fills the templates: the files in ``templates/``, and the few lines that each entry of a registry brings along."""

import textwrap
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from ..registry import Entry

WIDTH = 92


def wrapped(text: str) -> str:
    """The text broken into lines."""
    return "\n".join(textwrap.wrap(text, WIDTH))


def comment(entry: Entry) -> str:
    """What an entry teaches, as Python's comment."""
    return textwrap.indent(wrapped(f"{entry.label}. {entry.lesson}"), "# ")


TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates", encoding="utf-8"),
    undefined=StrictUndefined,  # a gap that nothing fills is a mistake
    trim_blocks=True,
    lstrip_blocks=True,
    keep_trailing_newline=True,
    autoescape=False,  # Python is written, not HTML
)
TEMPLATES.filters["comment"] = comment
