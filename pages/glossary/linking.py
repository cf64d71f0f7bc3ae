"""Links from the words of a text to the glossary. Pure functions: Markdown in, Markdown out.

The first occurrence of a term becomes a link that shows the term's first sentence when the mouse rests on it. What Markdown
takes for something else than prose (formulas, code, links, headings, HTML) is left as it is.
"""

import re
from functools import lru_cache

from pages.glossary import TERMS, Term

GLOSSARY = "glossary?term="  # relative: the same from every page, also where the app lives below a path
KEPT = r"""
  ^\ {0,3}(?P<fence>`{3,}|~{3,})[^\n]*\n[\s\S]*?(?:^\ {0,3}(?P=fence)[^\n]*$|\Z)   # code blocks
| ^(?:\ {4}|\t)[^\n]*$
| ^\ {0,3}\#{1,6}(?:[ \t][^\n]*)?$                                                 # headings
| ^(?:(?![ \t]*\n)[^\n]+\n)+?\ {0,3}(?:=+|-+)[ \t]*$
| ^\ {0,3}\[[^\[\]]+\]:[^\n]*$                                                     # a link's address further down
| \\[\s\S]                                                                         # escaped
| (?<!`)(?P<ticks>`+)(?!`)(?:(?!\n[ \t]*\n)[\s\S])+?(?<!`)(?P=ticks)(?!`)          # code
| \$\$[\s\S]*?\$\$                                                                 # formulas
| \$(?:[^$\\\n]|\\[\s\S]|\n(?![ \t]*\n))+\$
| !?\[(?:[^\[\]\n]|\n(?![ \t]*\n))*\](?:\([^()\n]*(?:\([^()\n]*\)[^()\n]*)*\))?   # links, images, :red[…]
| \]\([^()\n]*\)
| </?[a-zA-Z][^<>\n]*>                                                             # HTML, <https://…>
| (?:https?://|www\.)\S+
"""
# a whole word; not part of a path, an address or a directive; and a * next to it must stay the begin or end of emphasis
BEFORE = r"(?<![\w/@\#&.\\!:-])(?<!\w[*~])(?<!\w[*~]{2})(?<!\w[*~]{3})"
AFTER = r"(?![\w/@-])(?!\.\w)(?![*~]+\w)"


@lru_cache(maxsize=1024)
def linked(markdown: str, most: int = 8, without: str = "", to: str = GLOSSARY) -> str:
    """The text with at most ``most`` links in it to terms of the glossary, each term's first occurrence; the rarer words first.

    without: a term that is not linked, since the text explains it. to: what the term's name is put after. Links to the glossary
    that are there already count, so that a second call changes nothing.
    """
    there = re.findall(rf"\]\({re.escape(to)}([a-z0-9-]+)[ )]", markdown)
    first: dict[str, re.Match[str]] = {}
    for match in _PATTERN.finditer(markdown):
        term = _term(match)
        if term and term.name not in (*there, without):
            first.setdefault(term.name, match)
    wanted = sorted(first, key=lambda name: (TERMS[name].basic, first[name].start()))[: max(0, most - len(there))]
    parts, end = [], 0
    for name in sorted(wanted, key=lambda name: first[name].start()):
        match = first[name]
        parts += [markdown[end : match.start()], f'[{match[0]}]({to}{name} "{TERMS[name].hint}")']
        end = match.end()
    return "".join([*parts, markdown[end:]])


def _term(match: re.Match[str]) -> Term | None:
    """The term that was found; None for what is kept, and for letters that only fold to those of a term."""
    word = match["word"]
    return _BY_SPELLING.get(" ".join(word.casefold().replace("’", "'").split())) if word else None


def _spelled(spelling: str) -> str:
    """A pattern for the spelling, its apostrophe straight or curly, its spaces perhaps at the end of a line."""
    return re.escape(spelling).replace(r"\ ", r"(?:[ ]|[ \t]*\n[ ]{0,3})").replace("'", "['’]")


_BY_SPELLING = {spelling.casefold(): term for term in TERMS.values() for spelling in term.spellings}
_WORDS = "|".join(_spelled(spelling) for spelling in sorted(_BY_SPELLING, key=len, reverse=True))
_PATTERN = re.compile(rf"{KEPT}|{BEFORE}(?P<word>{_WORDS})s?{AFTER}", re.VERBOSE | re.MULTILINE | re.IGNORECASE)
