"""The glossary: all words that are explained, in alphabetical order. A new one is a table in one of the TOML files here."""

from pathlib import Path

from core.registry import registry
from pages.glossary.entry import Term, read

__all__ = ["TERMS", "Term"]
CHAPTERS = sorted(Path(__file__).parent.glob("*.toml"))
_ALL = (term for chapter in CHAPTERS for term in read(chapter.read_text(encoding="utf-8")))
TERMS = registry(*sorted(_ALL, key=lambda term: term.label.casefold()))
