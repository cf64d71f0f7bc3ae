"""The glossary's page: all terms, each with the place where it can be tried; ``?term=…`` shows one first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import streamlit as st

from pages.frame.page import STYLE
from pages.frame.phrases import plain
from pages.glossary import TERMS, Term
from pages.glossary.finding import matching, named, short
from pages.glossary.linking import GLOSSARY, linked

LINKS = "<style>[class*=st-key-glossary-] [data-testid=stPageLink-NavLink]{padding-left:0}</style>"


@dataclass(frozen=True)
class Link:
    """Where a term can be tried: a page, what is asked there, and the settings in its address."""

    page: str
    asks: str
    query: Mapping[str, str] = field(default_factory=dict)


PAGES = {
    "home": Link("home", "Why does the network forget France?"),
    "depth": Link("depth", "Why do the first layers of a deep network learn so little?", {"row": "explore"}),
    "time": Link("time", "How far back in time can a recurrent network learn?", {"row": "explore"}),
    "questions": Link("questions", "What do people ask about vanishing gradients?"),
}


def glossary(ways: Mapping[str, Link]) -> None:
    """Draws the page. ``ways``: what a term's ``see`` may name besides one of these pages."""
    ways = {**PAGES, **ways}
    st.html(STYLE + LINKS)
    st.title("What do the words mean?", anchor=False)
    st.markdown(
        "The words that these pages use, in one to three sentences each. **Read one, then try it**: most have an experiment."
    )
    search = st.text_input(
        "Search",
        key="glossary-search",
        max_chars=100,
        placeholder="Search: a word, a sign, a name",
        label_visibility="collapsed",
    ).strip()
    first = None if search else _asked()
    terms = matching(search)
    others = [term for term in terms if term is not first]
    if first:
        with st.container(border=True, gap="xxsmall", key="glossary-first"):
            _entry(first, ways, "#")
    if search:
        st.caption(plain(f"{len(terms)} of {len(TERMS)} terms for “{short(search)}”."))
    else:
        st.markdown(_letters(others))
    if not terms:
        st.info("Nothing found. Try a shorter word, or the one that the page uses.", icon=":material/search_off:")
    for term in others:
        with st.container(gap="xxsmall", key=f"glossary-{term.name}"):
            _entry(term, ways, GLOSSARY if search else "#")


def _asked() -> Term | None:
    """The term that the address names; says so if there is no such."""
    name = st.query_params.get("term", "")
    term = named(name) if name else None
    if name and not term:
        st.warning(
            f"There is no “{plain(short(name))}” in the glossary. All its terms stand below.",
            icon=":material/link_off:",
        )
    return term


def _entry(term: Term, ways: Mapping[str, Link], to: str) -> None:
    """Draws one term: heading, explanation, source, and a link to where it can be tried."""
    source = f" :small[:gray[({term.source})]]" if term.source else ""
    st.header(term.label, anchor=term.name)
    st.markdown(linked(term.lesson, most=3, without=term.name, to=to) + source)
    if term.see:
        way = ways[term.see]
        st.page_link(
            f"pages/{way.page}.py",
            label=f"Try it: {way.asks}",
            query_params=dict(way.query),
            icon=":material/science:",
        )


def _letters(terms: Sequence[Term]) -> str:
    """A link for each letter, to the first term that begins with it."""
    first: dict[str, str] = {}
    for term in terms:
        first.setdefault(term.label[0].upper(), term.name)
    return " · ".join(f"[{letter}](#{name})" for letter, name in first.items())
