"""The glossary's terms: what their tables say, and what is wrong with a table that is wrong."""

import re

import pytest
from reading_links import links

from pages.frame.glossary_page import PAGES
from pages.glossary import TERMS, Term
from pages.glossary.entry import read
from pages.glossary.finding import matching, named
from pages.glossary.linking import linked
from pages.maps.entries import MAPS
from pages.questions import QUESTION_PAGES

every_term = pytest.mark.parametrize("term", TERMS.values(), ids=TERMS)


@every_term
def test_a_term_is_explained(term: Term) -> None:
    """In one to three sentences; the first of them may stand in a link's title; its name may stand in an address."""
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", term.name)
    assert term.spellings and all(word == " ".join(word.split()) for word in term.spellings)
    assert 1 <= len(re.findall(r"[.?!][)”]?(?=\s|$)", re.sub(r"\bet al\.", "et al", term.lesson))) <= 4
    assert term.hint.endswith(".") and 20 < len(term.hint) < 140
    assert not re.search(r'[$*_`"\\<>|\[\]]|:\w', term.hint.replace("____", ""))
    assert term.lesson.count("$") % 2 == 0


def test_spellings_are_unique() -> None:
    """With and without the plural's s, whatever their case."""
    folded = [spelling.casefold() for term in TERMS.values() for spelling in term.spellings]
    assert len(set(folded)) == len(folded)
    assert not {f"{spelling}s" for spelling in folded} & set(folded)


@every_term
def test_every_spelling_is_found(term: Term) -> None:
    """By itself, in capitals, with an s, over the end of a line; by name it is found as well."""
    for word in term.spellings:
        for text in (word, word.upper(), f"{word}s", word.replace(" ", "\n"), f"({word})", f"*{word}*", f"**{word}**,"):
            assert links(linked(f"The {text} here")) == [(text.strip("()*,"), term.name)]
        assert named(word) is term
    assert named(term.name) is named(term.label) is named(term.name.upper().replace("-", "_")) is term


@every_term
def test_a_place_to_try_it_exists(term: Term) -> None:
    """A question, a map, or a page."""
    if term.see:
        assert term.see in {*QUESTION_PAGES, *PAGES, *(f"map/{name}" for name in MAPS)}


def test_terms_are_in_alphabetical_order() -> None:
    """As people sort, not as computers do."""
    labels = [term.label.casefold() for term in TERMS.values()]
    assert labels == sorted(labels) and len(labels) > 50


def test_a_search_is_for_all_its_words() -> None:
    """Each found term has every word; nothing finds everything."""
    assert matching("") == list(TERMS.values())
    assert matching("no such word") == []
    for term in matching("forget 2000"):
        assert "forget" in f"{term}".casefold() and "2000" in f"{term}"


GOOD = """[a]
label = "A"
spellings = ["a"]
lesson = "A thing that is explained here."
"""


@pytest.mark.parametrize(
    ("change", "wrong"),
    [
        (("[a]", "[A_1]"), "small letters"),
        (('["a"]', "[]"), "spellings"),
        (("spellings", "spelling"), "spellings"),
        (("lesson", "lessons"), "lessons"),
        (("thing", "$x$"), "plain words"),
        (("here.", "here"), "plain words"),
        (("here.", "here. $x"), "partner"),
    ],
)
def test_a_wrong_table_is_named(change: tuple[str, str], wrong: str) -> None:
    """With what is wrong in it; the same without the mistake is a term."""
    assert read(GOOD)[0].hint == "A thing that is explained here."
    with pytest.raises(ValueError, match=f"(?i)the glossary's “a.*{wrong}"):
        read(GOOD.replace(*change))
