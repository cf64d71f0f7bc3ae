"""Finding a term: by its name in an address, or by what somebody types into a search field."""

from pages.glossary import TERMS, Term

LONGEST = 40  # characters of a name or a search that are looked at


def named(text: str) -> Term | None:
    """The term called so, by name, label or any spelling; None if there is none."""
    wanted = _simple(text)
    for term in TERMS.values():
        if wanted in map(_simple, (term.name, term.label, *term.spellings)):
            return term
    return None


def matching(search: str) -> list[Term]:
    """The terms in which every word of ``search`` occurs: those called so first, then those that say so; all if it is empty."""
    words = search[:LONGEST].casefold().split()
    called = [term for term in TERMS.values() if all(word in _called(term) for word in words)]
    said = [term for term in TERMS.values() if all(word in _called(term) + _said(term) for word in words)]
    return called + [term for term in said if term not in called]


def short(text: str) -> str:
    """Text from an address or a search field on one line, and not too long."""
    line = " ".join(text.split())
    return line if len(line) <= LONGEST else line[:LONGEST] + "…"


def _simple(text: str) -> str:
    return " ".join(text.casefold().replace("-", " ").replace("_", " ").split())


def _called(term: Term) -> str:
    return " ".join((term.name, term.label, *term.spellings)).casefold()


def _said(term: Term) -> str:
    return f" {term.lesson} {term.source}".casefold()
