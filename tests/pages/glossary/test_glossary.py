"""The glossary's page."""

import re

import pytest
from streamlit.testing.v1 import AppTest
from visiting import APP, NASTY, healthy

from pages.frame.glossary_page import PAGES
from pages.glossary import TERMS
from pages.glossary.finding import LONGEST
from pages.questions import QUESTION_PAGES


def glossary(**query: str) -> AppTest:
    """A visit to the page."""
    app = AppTest.from_file(APP, default_timeout=60)
    app.switch_page("pages/glossary.py")
    app.query_params.update(query)
    return healthy(app.run())


def shown(app: AppTest) -> list[str]:
    """Names of the terms, in the order in which they stand."""
    return [each.proto.anchor for each in app.header]


def test_the_page_lists_all_terms() -> None:
    """In order, each with its explanation and the way to its experiment."""
    app = glossary()
    assert shown(app) == list(TERMS)
    assert app.title[0].value.endswith("?") and not app.warning
    said = [re.sub(r'\[([^\[\]]*)\]\(#[a-z0-9-]+ "[^"]*"\)', r"\1", each.value) for each in app.markdown]
    assert all(any(text.startswith(term.lesson) for text in said) for term in TERMS.values())
    ways = [(each.proto.page, each.proto.query_string) for each in app.get("page_link")]
    terms = [term for term in TERMS.values() if term.see]
    for (page, query), term in zip(ways, terms, strict=True):
        if term.see in QUESTION_PAGES:
            assert (page, query) == (QUESTION_PAGES[term.see].topic, f"row={term.see}")
        elif term.see.startswith("map/"):
            assert (page, query) == ("map", f"map={term.see[4:]}")
        else:
            assert page in (term.see, "" if term.see == "home" else term.see)


@pytest.mark.parametrize("term", ["spectral-radius", "Spectral Radius", "largest eigenvalue", "SPECTRAL_radius"])
def test_a_term_in_the_address_comes_first(term: str) -> None:
    """However it is written; the others follow, and it is not there twice."""
    app = glossary(term=term)
    assert shown(app) == ["spectral-radius", *(name for name in TERMS if name != "spectral-radius")]
    assert not app.warning


@pytest.mark.parametrize("term", ["nonsense", NASTY, "x" * 5000, "\n# a\n", "../..", "🦄", "%00"])
def test_an_unknown_term_is_said_to_be_unknown(term: str) -> None:
    """In few words, in which nothing of the address means anything; all terms are there."""
    app = glossary(term=term)
    (warning,) = app.warning
    assert len(warning.value) < 60 + 2 * LONGEST + 1 and "\n" not in warning.value
    assert not re.search(r"(?<!\\)[<$*\[`#]|(?<!\\):\w", warning.value)
    assert shown(app) == list(TERMS)


def test_an_empty_term_is_none() -> None:
    """An address that was cut off."""
    assert not glossary(term="").warning


def test_search_finds_words_and_people() -> None:
    """Those called so first; then those that say so; a term of the address waits until the search is over."""
    app = glossary(term="lstm")

    def search(words: str) -> list[str]:
        app.text_input(key="glossary-search").set_value(words)
        return shown(healthy(app.run()))

    found = search(" Forget  ")
    assert set(found[:2]) == {"forget-bias", "forget-gate"} and "cell-state" in found[2:] and "adam" not in found
    assert "gradient-clipping" in search("pascanu clipping") and "forget-bias" not in search("pascanu clipping")
    assert not search(NASTY) and app.info
    assert search("")[0] == "lstm"


@pytest.mark.parametrize("name", PAGES)
def test_places_are_called_what_they_ask(name: str) -> None:
    """The words on a link to a page are those of its title."""
    app = AppTest.from_file(APP, default_timeout=120)
    app.switch_page(f"pages/{PAGES[name].page}.py")
    app.query_params["row"] = "explore"
    assert healthy(app.run()).title[0].value == PAGES[name].asks
