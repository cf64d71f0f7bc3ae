"""The glossary: its terms, the links that texts get, and its page."""

import re
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest
from visiting import APP, NASTY, healthy

from pages.exhibits import EXHIBITS
from pages.glossary import TERMS, Term
from pages.glossary.finding import LONGEST, matching, named
from pages.glossary.linking import linked
from pages.maps.entries import MAPS

LINK = re.compile(r'\[([^\[\]]*)\]\(glossary\?term=([a-z0-9-]+) "[^"]*"\)')
SPELLINGS = [spelling for term in TERMS.values() for spelling in term.spellings]
PLACES = {"home", "depth", "time", "questions"}
every_term = pytest.mark.parametrize("term", TERMS.values(), ids=TERMS)


def unlinked(text: str) -> str:
    """The text without its links to the glossary."""
    return LINK.sub(r"\1", text)


def links(text: str) -> list[tuple[str, str]]:
    """What is linked, and to which term."""
    return LINK.findall(text)


# the terms


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
    folded = [spelling.casefold() for spelling in SPELLINGS]
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
        assert term.see in {*EXHIBITS, *PLACES, *(f"map/{name}" for name in MAPS)}


def test_terms_are_in_alphabetical_order() -> None:
    """As people sort, not as computers do."""
    labels = [term.label.casefold() for term in TERMS.values()]
    assert labels == sorted(labels) and len(labels) > 50


# the links


@pytest.mark.parametrize("row", EXHIBITS)
def test_every_exhibit_s_text_gets_links(row: str) -> None:
    """At least one, at most eight, and nothing else changes."""
    text = EXHIBITS[row].why
    assert 1 <= len(links(linked(text))) <= 8
    assert unlinked(linked(text)) == text


KEPT = [  # what Markdown does not take for prose
    "`gradient`",
    "``a ` gradient``",
    "$gradient\\$ loss$",
    "$$\ngradient\n$$",
    "[gradient](https://a.test/gradient)",
    "[gradient](<a b> 'loss')",
    "![gradient](loss.png)",
    "[![gradient](loss.png)](a 'the loss')",
    ":red[gradient]",
    ":material/gradient:",
    "<b title='gradient'>",
    "<https://a.test/gradient>",
    "https://a.test/gradient",
    "https://a.test?of=gradient&loss",
    "www.a.test?gradient",
    "loss.py",
    "core/loss/tanh.py",
    "gradient-based",
    "pre-activation",
    "seedling",
    "regradient",
    "x_gradient",
    "@adam",
    "&tanh;",
    "big**gradient**",
    "**gradient**s",
    "*LSTM*s",
    "\\gradient",
    "!loss",
]
BLOCKS = [
    "# The gradient",
    "### gradient ###",
    "The gradient\n===",
    "The gradient\nand its loss\n---",
    "```python\ngradient = loss\n```",
    "~~~\ngradient\n\nloss\n~~~",
    "    gradient = loss",
    "$$\nx = gradient\n\n= loss\n$$",
    "[gradient]: https://a.test",
]


@pytest.mark.parametrize("kept", KEPT)
def test_what_is_not_prose_is_kept(kept: str) -> None:
    """The word is linked where it next stands in prose."""
    assert linked(f"See {kept} here") == f"See {kept} here"
    both = linked(f"See {kept} and the momentum")
    assert both.startswith(f"See {kept} and the [momentum](glossary?term=momentum ")


@pytest.mark.parametrize("block", BLOCKS)
def test_blocks_that_are_not_prose_are_kept(block: str) -> None:
    """At the begin, in the middle, at the end."""
    for text in (block, f"Text.\n\n{block}", f"{block}\n\nText.\n", f"Text.\n\n{block}\n\nText."):
        assert linked(text) == text
    assert linked(f"{block}\n\nA gradient.").startswith(f"{block}\n\nA [gradient](")


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("The GRADIENT, the gradient.", [("GRADIENT", "gradient")]),
        ("A loss surface has a loss.", [("loss surface", "loss-surface"), ("loss", "loss")]),
        ("**spectral radius** $\\rho$", [("spectral radius", "spectral-radius")]),
        ("*LRU*'s way, LSTM’s cell’s path", [("LRU", "lru"), ("LSTM", "lstm"), ("cell’s path", "cell-state")]),
        ("costs $5, the gradient", [("gradient", "gradient")]),
        ("costs \\$5, the gradient $x$", [("gradient", "gradient")]),
        ("a ` and the gradient", [("gradient", "gradient")]),
        ("an [ and the gradient", [("gradient", "gradient")]),
        ("γ < 1, so the gradient > 0", [("gradient", "gradient")]),
        ("- gradient: tiny\n- **loss**", [("gradient", "gradient"), ("loss", "loss")]),
        ("ſlope, İnfluence", [("ſlope", "slope")]),
        ("he and adams", [("adams", "adam")]),
    ],
)
def test_words_in_prose_are_linked(text: str, wanted: list[tuple[str, str]]) -> None:
    """The first occurrence, the longest spelling, as it is written."""
    assert links(linked(text)) == wanted


def test_the_rarer_words_come_first() -> None:
    """If there is room for a few only, words that all texts have wait."""
    text = "The gradient of the loss through an LSTM with GRU."
    assert [name for _, name in links(linked(text, most=2))] == ["lstm", "gru"]
    assert [name for _, name in links(linked(text, most=3))] == ["gradient", "lstm", "gru"]
    assert linked(text, most=0) == text
    assert linked(linked(text, most=2), most=2) == linked(text, most=2)
    assert links(linked(text, own="lstm")) == [("gradient", "gradient"), ("loss", "loss"), ("GRU", "gru")]
    assert "[LSTM](#lstm " in linked(text, to="#")


PIECES = st.one_of(
    st.sampled_from(SPELLINGS),
    st.sampled_from([*KEPT, *(f"\n\n{block}\n\n" for block in BLOCKS)]),
    st.sampled_from(
        [*"$`*_[]()#<>:!|~\\-=\"'ſK", " ", "\n", "\n\n", "    ", "**", "$$", "```", "](", "\n---\n", "://"]
    ),
    st.text(max_size=5),
)
TEXTS = st.builds(lambda pieces, glue: glue.join(pieces), st.lists(PIECES, max_size=30), st.sampled_from([" ", ""]))


@given(TEXTS, st.integers(0, 10))
@example("gradient](loss)", 8)
@example("[ gradient ] gradient", 8)
def test_links_are_all_that_changes(text: str, most: int) -> None:
    """Without them the text is that of before; none is there twice; with them there is nothing left to do."""
    once = linked(text, most)
    assert unlinked(once) == text
    names = [name for _, name in links(once)]
    assert len(set(names)) == len(names) <= most
    assert linked(once, most) == once


@given(st.lists(st.tuples(st.sampled_from(KEPT), st.sampled_from(SPELLINGS)), max_size=8))
def test_kept_pieces_stay_in_any_company(pieces: list[tuple[str, str]]) -> None:
    """Among words that do become links."""
    text = linked("".join(f"{kept} and {word}, " for kept, word in pieces), most=50)
    for kept, _ in pieces:
        assert f"{kept} and " in text


# the page


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
        if term.see in EXHIBITS:
            assert (page, query) == (EXHIBITS[term.see].topic, f"row={term.see}")
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


def test_a_search_is_for_all_its_words() -> None:
    """Each found term has every word; nothing finds everything."""
    assert matching("") == list(TERMS.values())
    assert matching("no such word") == []
    for term in matching("forget 2000"):
        assert "forget" in f"{term}".casefold() and "2000" in f"{term}"


def test_places_are_called_what_they_ask() -> None:
    """The words on a link to a page are those of its title."""
    source = Path(APP).with_name("pages") / "glossary.py"
    called = dict(re.findall(r'\("pages/(\w+)\.py", "([^"]+)"\)', source.read_text(encoding="utf-8")))
    assert set(called) == PLACES
    for name, words in called.items():
        app = AppTest.from_file(APP, default_timeout=120)
        app.switch_page(f"pages/{name}.py")
        app.query_params["row"] = "explore"
        assert healthy(app.run()).title[0].value == words
