"""Every page as a visitor finds it: what is there, and that what it says is what core measures."""

import re
from dataclasses import replace

import numpy as np
import pytest
from visiting import PAGES, PROFILES, controls, experiment, healthy, rows, sentence, spec, visit

import core
from core.wording import LN10, scientific

every_page = pytest.mark.parametrize("page", PAGES)

# page → the moved slider, where it starts and where to
MOVES = {"home": ("gap", 20, 12), "depth": ("depth", 30, 12), "time": ("radius", 1.0, 1.3)}
moves = pytest.mark.parametrize(("page", "name", "start", "end"), [(page, *move) for page, move in MOVES.items()])


@every_page
def test_a_page_asks_and_shows(page: str) -> None:
    """A question, one sentence on what to watch, at most five controls, one chart with a text beside it, a line with numbers."""
    app = healthy(visit(page))
    (title,) = app.title
    assert title.value.endswith("?")
    assert "**" in app.markdown[0].value and app.markdown[0].value.count("\n") == 0
    assert 1 <= len(controls(app, page)) <= 7
    (chart,) = app.get("vega_lite_chart")
    assert "chart" in chart.proto.alt and "text" in chart.proto.alt
    assert re.search(r"\d", sentence(app))
    assert not app.warning
    assert dict(app.query_params) == {}


@every_page
def test_a_failing_page_would_be_noticed(page: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """``healthy`` is able to fail."""
    monkeypatch.setattr("pages.frame.draw.draw", None)
    for module in ("questions.show", "frame.settings"):
        monkeypatch.setattr(f"pages.{module}.st.warning", None)
    with pytest.raises(AssertionError):
        healthy(visit(page, {"seed": "nonsense"}))


@moves
def test_a_moved_slider_changes_data_and_sentence_only(page: str, name: str, start: float, end: float) -> None:
    """Not the chart's text: the browser then updates in place."""
    before = healthy(visit(page, {name: str(start)}))
    app = healthy(visit(page, {name: str(start)}))
    app.slider(key=f"{page}-{name}").set_value(end)
    healthy(app.run())
    assert not rows(app).equals(rows(before))
    assert sentence(app) != sentence(before)
    assert spec(app) == spec(before)
    assert controls(app, page)[name].value == end


@moves
def test_the_numbers_are_those_of_core(page: str, name: str, start: float, end: float) -> None:
    """Every measured point, after a slider has moved."""
    app = visit(page, {name: str(start)})
    app.slider(key=f"{page}-{name}").set_value(end).run()
    profile = core.measure(experiment(app, page))
    shown = rows(app, "measured").sort_values("lag")
    expected = dict(zip(profile.lag.tolist(), (profile.relative / LN10).tolist(), strict=True))
    assert len(shown) == len(expected)
    for lag, decades in zip(shown["lag"], shown["decades"], strict=True):
        assert decades == pytest.approx(expected[int(lag)], rel=1e-12, abs=1e-12)


def test_home_says_what_reaches_france() -> None:
    """The same number in the sentence, under the word and in the chart."""
    app = visit("home", {"gap": "10"})
    profile = core.measure(experiment(app, "home"))
    assert profile.cue is not None
    share = profile.relative[profile.cue]
    assert scientific(share) in sentence(app)
    assert any(f"<small>{scientific(share)}</small>" in html.proto.body for html in app.get("html"))
    at_cue = rows(app, "measured").set_index("lag").loc[12]
    assert at_cue["decades"] == pytest.approx(share / LN10, rel=1e-12)
    (cue,) = rows(app, "cue").to_dict("records")
    assert (cue["lag"], cue["text"]) == (12, "France")


def test_home_shows_the_other_cells_as_ghosts() -> None:
    """Each with its own numbers."""
    app = visit("home", {"cell": "gru", "gap": "8"})
    own = experiment(app, "home")
    ghosts = rows(app, "ghost")
    assert set(ghosts["series"]) == {"Plain RNN", "LSTM"}
    other = core.measure(replace(own, network=replace(own.network, cell="lstm")))
    lstm = ghosts[ghosts["series"] == "LSTM"].sort_values("lag", ascending=False)
    np.testing.assert_allclose(lstm["decades"], other.relative / LN10, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("depth", [1, 7, 20, 45])
def test_depth_shows_every_layer(depth: int) -> None:
    """One point per layer while the curve is inside the picture."""
    app = visit("depth", {"depth": str(depth)})
    points = rows(app, "measured")
    assert sorted(points["lag"]) == list(range(depth))
    assert set(points["place"]) == {f"layer {i + 1}" for i in range(depth)}


@pytest.mark.parametrize("page", ["depth", "time"])
def test_the_band_is_that_of_other_seeds(page: str) -> None:
    """From the smallest to the largest of five seeds at each position."""
    app = visit(page, {"seed": "999998"})  # the next ones begin again at 0
    own = experiment(app, page)
    each = [core.measure(replace(own, seed=seed)).relative / LN10 for seed in (999998, 999999, 0, 1, 2)]
    band = rows(app, "measured").sort_values("lag", ascending=False)
    np.testing.assert_allclose(band["low"], np.min(each, axis=0), rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(band["high"], np.max(each, axis=0), rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("page", PROFILES)
def test_theory_is_drawn_and_said(page: str) -> None:
    """The dashed line has points, and the rates of the caption are core's."""
    app = visit(page)
    profile = core.measure(experiment(app, page))
    assert len(rows(app, "theory")) >= 2
    (caption,) = [each.value for each in app.caption if each.value.startswith("Dashed grey")]
    assert f"**{profile.rate:.3f}**" in caption
    finite = [each for each in profile.predicted if np.isfinite(each.slope)]
    assert finite
    for prediction in finite:
        assert f"{np.exp(prediction.slope):.3f} ({prediction.name})" in caption


def test_settings_wait_while_another_page_is_visited() -> None:
    """Coming back without an address shows what was left, and writes it into the address again."""
    app = visit("depth")
    app.slider(key="depth-depth").set_value(17).run()
    left = rows(app)
    app.query_params.clear()
    healthy(app.switch_page("pages/time.py").run())
    assert dict(app.query_params) == {}
    app.query_params.clear()
    healthy(app.switch_page("pages/depth.py").run())
    assert app.slider(key="depth-depth").value == 17
    assert dict(app.query_params) == {"depth": "17"}
    assert rows(app).equals(left)


def test_train_it_takes_the_question_along() -> None:
    """The same cell and gap on the page that trains."""
    app = visit("home", {"cell": "gru", "gap": "5"})
    app.button(key="home-train").click()
    app.run()
    assert [each.value for each in app.title] == [visit("sentences").title[0].value]
    own = experiment(app, "sentences")
    assert (own.network.cell, own.task.gap) == ("gru", 5)


# --- settings at the end of what is possible ------------------------------------------------------------------------

EXPLODING = [
    ("depth", {"activation": "identity", "gain": "10", "depth": "200"}),
    ("depth", {"activation": "relu", "initialiser": "normal", "sigma": "10", "gain": "10", "depth": "200"}),
    ("depth", {"skip": "residual", "activation": "relu", "initialiser": "he", "gain": "10", "depth": "200"}),
    ("time", {"cell": "relu", "radius": "4", "gain": "10", "length": "400"}),
    ("time", {"cell": "relu", "radius": "0", "initialiser": "normal", "sigma": "10", "length": "400"}),
    ("home", {"cell": "relu", "initialiser": "normal", "gap": "200"}),
]


@pytest.mark.parametrize(("page", "query"), EXPLODING[:5])
@pytest.mark.parametrize("axis", ["near", "deep", "up"])
def test_explosions_are_said_in_words(page: str, query: dict[str, str], axis: str) -> None:
    """And the chart has no point outside its frame."""
    app = healthy(visit(page, {**query, "axis": axis}))
    assert "blew up" in sentence(app) or "explodes" in sentence(app)
    domain = {"near": (-12, 2), "deep": (-35, 7), "up": (-12, 60)}[axis]
    for column in ("decades", "low", "high"):
        known = rows(app)[column].dropna()
        assert known.between(*domain).all()
    assert len(rows(app, "above")) == 1


DEAD = [
    ("depth", {"gain": "0"}),
    ("depth", {"initialiser": "normal", "sigma": "0", "activation": "relu"}),
    ("depth", {"depth": "200", "gain": "0.05"}),
    ("time", {"gain": "0"}),
    ("time", {"cell": "relu", "gain": "0", "length": "400"}),
    ("time", {"radius": "0.05", "length": "400"}),
    ("time", {"length": "1"}),
    ("depth", {"depth": "1", "width": "1", "inputs": "1"}),
    ("home", {"gap": "0", "hidden": "1", "embedding": "1"}),
    ("home", {"initialiser": "normal", "gap": "200"}),
]


@pytest.mark.parametrize(("page", "query"), [*DEAD, EXPLODING[5]])
def test_dead_and_tiny_networks_are_shown_as_well(page: str, query: dict[str, str]) -> None:
    """A sentence, a chart, nothing outside the frame."""
    app = healthy(visit(page, query))
    assert not app.warning
    assert re.search(r"\d|nothing", sentence(app))
    assert rows(app)["decades"].dropna().between(-200, 60).all()
    assert "nan" not in sentence(app)
