"""The links that texts get, and what they leave alone."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from reading_links import links, unlinked

from pages.glossary import TERMS
from pages.glossary.linking import linked
from pages.questions import QUESTION_PAGES

SPELLINGS = [spelling for term in TERMS.values() for spelling in term.spellings]


@pytest.mark.parametrize("row", QUESTION_PAGES)
def test_every_question_s_text_gets_links(row: str) -> None:
    """At least one, at most eight, and nothing else changes."""
    text = QUESTION_PAGES[row].texts.why
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
    assert links(linked(text, without="lstm")) == [("gradient", "gradient"), ("loss", "loss"), ("GRU", "gru")]
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
