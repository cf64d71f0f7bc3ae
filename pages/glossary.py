"""Glossary: what the words mean, each with the place where it can be tried; ``?term=…`` shows one first."""

from collections.abc import Sequence

import streamlit as st

from pages.exhibits import EXHIBITS
from pages.frame.page import STYLE
from pages.frame.phrases import plain
from pages.glossary import TERMS, Term
from pages.glossary.finding import matching, named, short
from pages.glossary.linking import GLOSSARY, linked
from pages.maps.entries import MAPS

PLACES = {  # a page as such → its file, what it asks
    "home": ("pages/home.py", "Why does the network forget France?"),
    "depth": ("pages/depth.py", "Why do the first layers of a deep network learn so little?"),
    "time": ("pages/time.py", "How far back in time can a recurrent network learn?"),
    "questions": ("pages/questions.py", "What do people ask about vanishing gradients?"),
}
WITH_QUESTIONS = ("depth", "time")  # pages on which the experiment of its own is one among several
LINKS = "<style>[class*=st-key-glossary-] [data-testid=stPageLink-NavLink]{padding-left:0}</style>"


def entry(term: Term, to: str) -> None:
    """One term: heading, explanation, source, and a link to where it can be tried."""
    source = f" :small[:gray[({term.source})]]" if term.source else ""
    st.header(term.label, anchor=term.name)
    st.markdown(linked(term.lesson, most=3, own=term.name, to=to) + source)
    if term.see:
        file, label, query = place(term.see)
        st.page_link(file, label=f"Try it: {label}", query_params=query, icon=":material/science:")


def place(see: str) -> tuple[str, str, dict[str, str]]:
    """The page file, words and query of what a term calls its place."""
    if see in EXHIBITS:
        return f"pages/{EXHIBITS[see].topic}.py", EXHIBITS[see].question, {"row": see}
    kind, _, name = see.partition("/")
    if kind == "map":
        return "pages/map.py", f"the map {MAPS[name].label}", {"map": name}
    return *PLACES[see], {"row": "explore"} if see in WITH_QUESTIONS else {}


def listing(terms: Sequence[Term], to: str) -> None:
    """The terms, one below the other."""
    for term in terms:
        with st.container(gap="xxsmall", key=f"glossary-{term.name}"):
            entry(term, to)


def letters(terms: Sequence[Term]) -> str:
    """A link for each letter, to the first term that begins with it."""
    first: dict[str, str] = {}
    for term in terms:
        first.setdefault(term.label[0].upper(), term.name)
    return " · ".join(f"[{letter}](#{name})" for letter, name in first.items())


def chosen() -> Term | None:
    """The term that the address names; says so if there is no such."""
    asked = st.query_params.get("term", "")
    term = named(asked) if asked else None
    if asked and not term:
        st.warning(
            f"There is no “{plain(short(asked))}” in the glossary. All that there is stands below.",
            icon=":material/link_off:",
        )
    return term


st.html(STYLE + LINKS)
st.title("What do the words mean?", anchor=False)
st.markdown(
    "The words that this lab uses, in one to three sentences each. **Read one, then try it**: most have an experiment."
)
search = st.text_input(
    "Search",
    key="glossary-search",
    max_chars=100,
    placeholder="Search: a word, a sign, a name",
    label_visibility="collapsed",
).strip()
first = None if search else chosen()
found = matching(search)
if first:
    with st.container(border=True, gap="xxsmall", key="glossary-first"):
        entry(first, "#")
if search:
    st.caption(plain(f"{len(found)} of {len(TERMS)} terms for “{short(search)}”."))
else:
    st.markdown(letters([term for term in found if term is not first]))
if not found:
    st.info("Nothing found. Try a shorter word, or the one that the page uses.", icon=":material/search_off:")
listing([term for term in found if term is not first], GLOSSARY if search else "#")
