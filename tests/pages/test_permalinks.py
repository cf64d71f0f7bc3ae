"""The address bar always says what the page shows, and opening that address shows it again, number for number."""

from functools import cache
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest
from visiting import (
    NASTY,
    PAGES,
    controls,
    experiment,
    healthy,
    rows,
    rule,
    sentence,
    spec,
    value,
    visit,
)

import core
from core.fields import Choice, Flag, Number, Rule

every_page = pytest.mark.parametrize("page", PAGES)
VIEWS = ("guess", "axis", "versus", "train")  # settings of a page that are not part of the experiment
SILENT = ("guess",)  # hides the chart: has tests of its own


def another(own: Rule, now: Any) -> Any:
    """A value other than ``now`` that the widget of this rule can take."""
    if isinstance(own, Flag):
        return not now
    if isinstance(own, Choice):
        return next(option for option in own.options if option != now)
    if isinstance(own, Number):
        up = now + own.step <= min(own.high, 40 if own.whole and own.high < 1000 else own.high)
        moved = now + own.step if up else now - own.step
        return int(moved) if own.whole else round(moved, 6)
    return NASTY


def set_to(app: AppTest, page: str, name: str, wish: Any) -> AppTest:
    """The page after its widget called ``name`` was moved."""
    controls(app, page)[name].set_value(wish)
    return healthy(app.run())


@every_page
def test_every_control_is_in_the_link(page: str) -> None:
    """Alone, spelled by its rule; gone when it is back at the page's own value."""
    app = healthy(visit(page, more=True))
    names = list(controls(app, page))
    assert len(names) >= 10
    for name in names:
        own, before = rule(app, page, name), value(app, page, name)
        wish = another(own, before)
        set_to(app, page, name, wish)
        assert value(app, page, name) == wish, name
        assert dict(app.query_params) == {name: own.text(wish)}, name
        set_to(app, page, name, before)
        assert dict(app.query_params) == {}, name


@every_page
def test_every_link_shows_what_it_was_made_from(page: str) -> None:
    """All controls moved one after the other; then the address is opened by somebody else."""
    app = healthy(visit(page, more=True))
    for name in [each for each in controls(app, page) if each not in SILENT]:
        if name in controls(app, page):  # another cell has other controls
            set_to(app, page, name, another(rule(app, page, name), value(app, page, name)))
    query = dict(app.query_params)
    assert len(query) >= 9
    same(app, healthy(visit(page, query)), page)


SETTINGS = [
    ("home", {"cell": "lstm", "forget_bias": "2.5", "gap": "31"}),
    ("home", {"cell": "relu", "initialiser": "identity", "hidden": "20", "seed": "123456"}),
    ("home", {"layers": "2", "embedding": "3", "gap": "4", "fillers": NASTY}),
    ("home", {"gap": "120", "fillers": "Достопримечательность 言葉 كلمة 🦄"}),
    ("home", {"radius": "1.1", "gain": "0.5", "sigma": "0.2", "mixed": "1", "learning_rate": "0.1"}),
    ("depth", {"activation": "relu", "initialiser": "he", "depth": "100"}),
    ("depth", {"normalisation": "batch", "activation": "tanh", "gain": "1.5", "axis": "near"}),
    ("depth", {"skip": "residual", "spread": "2.25", "bias_std": "0.1", "classes": "7", "axis": "up"}),
    ("depth", {"depth": "200", "axis": "abyss", "seed": "999999"}),
    ("time", {"radius": "1.234567890123", "length": "150"}),
    ("time", {"cell": "lstm", "forget_bias": "-3", "inputs": "5", "axis": "deep"}),
    ("time", {"initialiser": "normal", "sigma": "0.31", "gain": "3", "layers": "3", "length": "20"}),
    ("sentences", {"task": "waswere", "attractors": "3", "gap": "9", "versus": "none"}),
    ("sentences", {"cell": "gru", "versus": "lstm", "fillers": NASTY, "mixed": "0"}),
    ("sentences", {"optimiser": "sgd", "learning_rate": "0.5", "clip": "0", "steps": "60", "film_every": "7"}),
]


@pytest.mark.parametrize(("page", "query"), SETTINGS)
def test_a_link_is_kept_and_gives_the_same_again(page: str, query: dict[str, str]) -> None:
    """Nothing is complained of, nothing is lost, and a second visitor sees the same numbers."""
    app = healthy(visit(page, query))
    assert not app.warning
    assert dict(app.query_params) == query
    same(app, healthy(visit(page, dict(app.query_params))), page)
    again = healthy(app.run())
    assert dict(again.query_params) == query


def same(one: AppTest, other: AppTest, page: str) -> None:
    """Both show the same experiment, in the same numbers, words and chart."""
    assert experiment(other, page) == experiment(one, page)
    assert dict(other.query_params) == dict(one.query_params)
    assert rows(other).equals(rows(one))
    assert spec(other) == spec(one)
    assert sentence(other) == sentence(one)


def test_a_default_spelled_out_drops_out() -> None:
    """The shortest address wins."""
    app = healthy(visit("depth", {"depth": "30", "gain": "1.0", "activation": "relu"}))
    assert dict(app.query_params) == {"activation": "relu"}


def test_a_followed_link_replaces_what_was_there() -> None:
    """A new address in the same session (a link of a colleague, the button of another page) is obeyed whole."""
    app = healthy(visit("depth", {"depth": "12", "gain": "2"}))
    app.query_params.clear()
    app.query_params["activation"] = "relu"
    healthy(app.run())
    assert dict(app.query_params) == {"activation": "relu"}
    assert app.slider(key="depth-depth").value == 30


def test_an_old_address_of_ours_does_not_move_the_slider_back(monkeypatch: pytest.MonkeyPatch) -> None:
    """A message that was under way while the slider moved on still carries the last address, however long it had been there."""
    now = 0.0
    monkeypatch.setattr("pages.frame.settings.time", SimpleNamespace(monotonic=lambda: now))
    app = healthy(visit("time", {"radius": "0.5"}))
    now = 60.0
    for radius in (0.55, 0.6):
        app.query_params.clear()
        app.query_params["radius"] = "0.5"
        app.slider(key="time-radius").set_value(radius)
        healthy(app.run())
        assert app.slider(key="time-radius").value == radius
        assert dict(app.query_params) == {"radius": str(radius)}
        now += 0.1
    now += 60.0
    app.query_params["radius"] = "0.5"  # too late for that: somebody goes back
    assert healthy(app.run()).slider(key="time-radius").value == 0.5


BEYOND = [
    ("home", "gap", 100),
    ("depth", "depth", 150),
    ("time", "length", 300),
    ("time", "radius", 4.0),
    ("time", "radius", 3.0),
]


@pytest.mark.parametrize(("page", "name", "asked"), [*BEYOND, ("sentences", "gap", 150)])
def test_a_slider_beyond_its_usual_end_can_be_moved(page: str, name: str, asked: float) -> None:
    """A link may ask for more than the slider usually offers; moving it down, step by step, does not throw it to its start."""
    app = healthy(visit(page, {name: f"{asked:g}"}, more=True))
    for part in (0.9, 0.8, 0.1):
        wish = type(asked)(round(asked * part, 2))
        app.slider(key=f"{page}-{name}").set_value(wish)
        healthy(app.run())
        assert app.slider(key=f"{page}-{name}").value == wish
        healthy(app.run())
        assert app.slider(key=f"{page}-{name}").value == wish
        assert float(app.query_params[name]) == wish


# --- links that ask for what can't be -----------------------------------------------------------------------------

BAD = [
    ("home", {"gap": "201"}, "gap"),
    ("home", {"gap": "-1"}, "gap"),
    ("home", {"gap": "2.5"}, "gap"),
    ("home", {"gap": "9" * 10_000}, "gap"),
    ("home", {"cell": "transformer"}, "cell"),
    ("home", {"network": "mlp"}, "network"),
    ("home", {"network": "mlp", "task": "blobs"}, "network"),
    ("home", {"network": "x" * 10_000}, "network"),
    ("home", {"task": "noise"}, "task"),
    ("home", {"task": "waswere"}, "task"),
    ("home", {"fillers": " ".join("abc" for _ in range(61))}, "fillers"),
    ("home", {"fillers": "x" * 25}, "fillers"),
    ("home", {"fillers": "y" * 10_000}, "fillers"),
    ("home", {"guess": "yes"}, "guess"),
    ("home", {"depth": "3"}, "depth"),
    ("depth", {"gain": "nan"}, "gain"),
    ("depth", {"gain": "inf"}, "gain"),
    ("depth", {"gain": "1e400"}, "gain"),
    ("depth", {"sigma": "-0.01"}, "sigma"),
    ("depth", {"skip": "1"}, "skip"),
    ("depth", {"axis": "sideways"}, "axis"),
    ("depth", {"task": "france"}, "task"),
    ("depth", {"cell": "lstm"}, "cell"),
    ("time", {"radius": "4.01"}, "radius"),
    ("time", {"length": ""}, "length"),
    ("time", {"seed": "1000000"}, "seed"),
    ("time", {"task": "france"}, "task"),
    ("time", {"z" * 10_000: "1"}, "z" * 40),
    ("sentences", {"task": "blobs"}, "task"),
    ("sentences", {"task": "noise"}, "task"),
    ("sentences", {"versus": "mlp"}, "versus"),
    ("sentences", {"learning_rate": "0"}, "learning_rate"),
    ("sentences", {"attractors": "1"}, "attractors"),  # not without task=waswere
]


@pytest.mark.parametrize(("page", "query", "named"), BAD, ids=lambda each: str(each)[:30])
def test_what_can_not_be_is_said_and_left_out(page: str, query: dict[str, str], named: str) -> None:
    """A warning that names the setting, short enough to be read; everything is as on a first visit."""
    app, usual = healthy(visit(page, query)), visit(page)
    (warning,) = app.warning
    assert named in warning.value.replace("\\", "")
    assert len(warning.value) < 600
    assert dict(app.query_params) == {}
    same(app, usual, page)


@every_page
def test_the_rest_of_a_bad_link_is_kept(page: str) -> None:
    """One mistake does not cost the other settings; the warning goes when something is changed."""
    app = healthy(visit(page, {"seed": "5", "nonsense": "1"}))
    assert "nonsense" in app.warning[0].value
    assert dict(app.query_params) == {"seed": "5"}
    set_to(
        app,
        page,
        "gap" if page in ("home", "sentences") else "initialiser",
        7 if page in ("home", "sentences") else "he",
    )
    assert not app.warning


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize(
    "bad", ["![x](//evil.test/x.png)", "[x](//evil.test)", ":red[x] **y** $z$ # w", "<img src=//evil.test>"]
)
def test_a_warning_quotes_a_link_as_plain_text(page: str, bad: str) -> None:
    """Otherwise whoever writes a link could put pictures from elsewhere, or words of their own, on the page."""
    app = healthy(visit(page, {"seed": bad, bad: "1"}))
    assert plain(app.warning[0].value, bad)


def plain(markdown: str, quoted: str) -> bool:
    """``quoted`` stands in ``markdown`` only in code spans or with its special characters escaped."""
    assert any(ch in markdown for ch in "!:<")
    return quoted not in "".join(markdown.split("`")[::2])


def words(*names: str) -> st.SearchStrategy[str]:
    """Settings' names and values as mischief and accident may spell them."""
    return st.one_of(
        st.sampled_from(names),
        st.text(st.characters(codec="utf-8"), max_size=30),
        st.integers(-(10**6), 10**7).map(str),
        st.floats().map(repr),
    )


NAMES = (
    *("network", "task", "cell", "gap", "hidden", "layers", "seed", "guess", "fillers", "embedding", "radius", "gain"),
    *("depth", "width", "activation", "normalisation", "initialiser", "axis", "steps", "inputs", "spread", "versus"),
    *("attractors", "mixed", "optimiser", "batch", "clip", "film_every", "learning_rate", "skip", "forget_bias"),
)
VALUES = (
    *("rnn", "mlp", "france", "waswere", "noise", "blobs", "tanh", "lstm", "relu", "identity", "he", "none", "batch"),
    *("0", "1", "2", "0.5", "-1", "", "nan", "inf", "1e-300", "near", "abyss", "sgd", "１２", "1_0", " 1", NASTY),
)


@every_page
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(data=st.data())
def test_no_link_breaks_a_page(page: str, data: st.DataObject) -> None:
    """Whatever it asks for: no exception, and what the page then writes into the address is a good link."""
    query = data.draw(st.dictionaries(words(*NAMES), words(*VALUES), max_size=5))
    for name in ("hidden", "width", "layers", "batch"):  # the small ones will do, and are faster
        if query.get(name, "").isdecimal():
            query[name] = query[name][:1]
    app = healthy(visit(page, {name: each for name, each in query.items() if name}))
    written = {name: each for name, each in app.query_params.items() if name not in VIEWS}
    assert core.read_query(written, base(page)) == (experiment(app, page), [])


@cache
def base(page: str) -> core.Experiment:
    """The page's own experiment."""
    return experiment(visit(page), page)


@pytest.mark.parametrize("words", ["👩‍👩‍👧 🏳️‍🌈", "می‌خواهم", "क्‍ष"])
def test_joined_letters_stay_joined(words: str) -> None:
    """The invisible joiners inside some emoji and scripts are part of the word."""
    app = healthy(visit("home", {"fillers": words}))
    assert app.query_params["fillers"] == words
