"""What a student does on a page: guess first, pin and change one thing, write own words, begin anew."""

import re
from html import unescape

import pytest
from streamlit.testing.v1 import AppTest
from visiting import NASTY, PAGES, PROFILES, experiment, healthy, rows, visit

import core
from core.wording import LN10
from pages.charts.numbers import fraction
from pages.frame.guess import SHARES

every_profile = pytest.mark.parametrize("page", PROFILES)


# --- guess first ----------------------------------------------------------------------------------------------------


def guess(app: AppTest, choice: str) -> AppTest:
    """The page after one of the guesses was chosen."""
    (widget,) = [each for each in app.button_group if "-guess-" in (each.key or "")]
    widget.set_value(choice)
    return healthy(app.run())


@every_profile
@pytest.mark.parametrize("choice", list(SHARES))
def test_the_picture_waits_for_a_guess(page: str, choice: str) -> None:
    """Then it appears, with the measured answer and the right verdict."""
    app = healthy(visit(page, {"guess": "1"}))
    assert not app.get("vega_lite_chart")
    assert not any("sentence" in each.proto.body.split("</style>")[-1] for each in app.get("html"))
    assert "?" in next(each.value for each in app.markdown if "Your guess first" in each.value)
    app = guess(app, choice)
    assert len(app.get("vega_lite_chart")) == 1
    profile = core.measure(experiment(app, page))
    share = profile.relative[profile.cue or 0]
    right = next(name for name, least in SHARES.items() if share / LN10 >= least)
    (verdict,) = [*app.success, *app.info]
    assert f"You said {choice}" in verdict.value
    assert f"Measured: {fraction(share)}." in verdict.value
    assert bool(app.success) == (choice == right)
    assert f"it is {right}" in verdict.value or choice == right


@every_profile
def test_every_change_asks_anew(page: str) -> None:
    """A guess is about one experiment."""
    app = guess(visit(page, {"guess": "1"}), "a tenth to all of it")
    name = {"home": "gap", "depth": "depth", "time": "length"}[page]
    usual = app.slider(key=f"{page}-{name}").value
    app.slider(key=f"{page}-{name}").set_value(usual - 5)
    assert not healthy(app.run()).get("vega_lite_chart")


def test_an_explosion_is_not_called_a_millionth() -> None:
    """Where the numbers left float64 there is no small answer to be right about."""
    query = {"activation": "identity", "initialiser": "normal", "sigma": "10", "gain": "10"}
    app = guess(visit("depth", {**query, "depth": "200", "guess": "1"}), "as much or more")
    verdict = " ".join(each.value for each in [*app.success, *app.info])
    assert "millionth" not in verdict
    assert "not a number" not in verdict


def captions(app: AppTest) -> list[str]:
    """The small texts as they are read, without Markdown's backslashes."""
    return [each.value.replace("\\", "") for each in app.caption]


# --- pins -----------------------------------------------------------------------------------------------------------


@every_profile
def test_pin_and_change_one_thing(page: str) -> None:
    """The pinned curve stays as a ghost with its own numbers, and what differs is named."""
    name, label, value = {
        "home": ("gap", "Filler words in between", 9),
        "depth": ("depth", "Layers", 14),
        "time": ("length", "Time steps", 33),
    }[page]
    app = healthy(visit(page))
    before = rows(app, "measured").sort_values("lag")
    others = set() if page != "home" else set(rows(app, "ghost")["series"])
    usual = app.slider(key=f"{page}-{name}").value
    app.button(key=f"{page}-pin").click()
    app = healthy(app.run())
    assert page == "home" or not len(rows(app, "ghost"))  # the pinned curve is the one in view
    app.slider(key=f"{page}-{name}").set_value(value)
    app = healthy(app.run())
    assert f"One thing differs: {label}: {usual} → {value}." in captions(app)
    ghosts = rows(app, "ghost")
    pinned = ghosts[~ghosts["series"].isin(others)].sort_values("lag")
    assert set(pinned["series"]) == {f"{label} {usual}"}
    assert list(pinned["decades"]) == list(before["decades"])
    app.button(key=f"{page}-unpin").click()
    app = healthy(app.run())
    assert not any("differs" in each.value for each in app.caption)
    assert page == "home" or not len(rows(app, "ghost"))
    assert f"{page}-unpin" not in [each.key for each in app.button]


def test_two_changes_are_not_called_one() -> None:
    """Whoever changes two things is told that nobody can know which did it."""
    app = visit("depth")
    app.button(key="depth-pin").click()
    app.run()
    app.slider(key="depth-depth").set_value(14)
    app.button_group(key="depth-skip").set_value("residual")
    app = healthy(app.run())
    (said,) = [each for each in captions(app) if " → " in each]
    assert said.startswith("2 things differ")
    assert "Layers: 30 → 14" in said and "Way past a layer: None → Residual" in said


def test_four_pins_at_most() -> None:
    """The oldest makes room; the same curve is not pinned twice."""
    app = visit("depth")
    for depth in (10, 11, 12, 12, 13, 14):
        app.slider(key="depth-depth").set_value(depth)
        app.button(key="depth-pin").click()
        app.run()
    app.slider(key="depth-depth").set_value(20)
    app = healthy(app.run())
    assert set(rows(app, "ghost")["series"]) == {f"Layers {depth}" for depth in (11, 12, 13, 14)}


@pytest.mark.parametrize("bad", ["![x](//evil.test/x.png)", "[x](//evil.test)", ":red[x]", "**x**", "$x$"])
def test_pinned_words_are_quoted_as_plain_text(bad: str) -> None:
    """The line about what differs shows own words as they were written."""
    app = visit("home", {"fillers": bad})
    app.button(key="home-pin").click()
    app.run()
    app.slider(key="home-gap").set_value(9)
    app.query_params.clear()
    app.query_params["gap"] = "9"
    app = healthy(app.run())
    (said,) = [each.value for each in app.caption if " → " in each.value]
    assert bad not in "".join(said.split("`")[::2])


# --- own words ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("page", ["home", "sentences"])
def test_own_words_are_shown_as_written(page: str) -> None:
    """As text: no tag of theirs reaches the page."""
    app = healthy(visit(page, {"fillers": NASTY, "gap": str(len(NASTY.split()))}))
    bodies = [each.proto.body for each in app.get("html") if "<style>" not in each.proto.body]
    assert bodies
    text = " ".join(unescape(re.sub(r"<[^>]*>", " ", body)) for body in bodies)
    for word in NASTY.split():
        assert word in text
    tags = {tag for body in bodies for tag in re.findall(r"<\s*/?\s*([a-z]+)", body)}
    assert tags <= {"div", "span", "b", "i", "small", "p"}
    assert "<b>x</b>" not in "".join(bodies)
    assert "/src=" not in "".join(
        tag for body in bodies for tag in re.findall(r"<[^>]*>", re.sub(r'"[^"]*"', "", body))
    )


@pytest.mark.parametrize("page", ["home", "sentences"])
@pytest.mark.parametrize("bad", [" ".join(["word"] * 61), "x" * 25])
def test_too_many_words_keep_the_last_good_sentence(page: str, bad: str) -> None:
    """With a warning that says which limit it is; correcting them is enough."""
    app = healthy(visit(page, {"fillers": "blah"}, more=True))
    app.text_input(key=f"{page}-fillers").set_value(bad)
    app = healthy(app.run())
    (warning,) = app.warning
    assert "fillers" in warning.value
    assert re.search(r"\d", warning.value)
    assert any("blah" in each.proto.body for each in app.get("html"))
    assert app.query_params["fillers"] == "blah"
    app.text_input(key=f"{page}-fillers").set_value("good now")
    app = healthy(app.run())
    assert not app.warning
    assert app.query_params["fillers"] == "good now"


# --- begin anew -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("page", PAGES)
def test_reset_goes_back_to_the_start(page: str) -> None:
    """Settings, chart and address, whether they came from a link or from the controls; folded ones as well."""
    usual = visit(page)
    name = {"home": "gap", "depth": "depth", "time": "length", "sentences": "gap"}[page]
    app = healthy(visit(page, {"seed": "42", "initialiser": "he"}, more=True))
    app.slider(key=f"{page}-{name}").set_value(6)
    healthy(app.run())
    assert set(app.query_params) == {"seed", "initialiser", name}
    app.button(key=f"{page}-reset").click()
    healthy(app.run())
    assert dict(app.query_params) == {}
    assert experiment(app, page) == experiment(usual, page)
    assert rows(app).equals(rows(usual))
    assert app.slider(key=f"{page}-{name}").value == usual.slider(key=f"{page}-{name}").value
    assert app.number_input(key=f"{page}-seed").value == 0


def test_reset_takes_a_warning_away() -> None:
    """The link's mistake is over."""
    app = visit("depth", {"depth": "1000"})
    assert app.warning
    app.button(key="depth-reset").click()
    assert not healthy(app.run()).warning
