"""Maps: every tile is what core makes of its cell, however and in whichever order it comes; any of them can be taken in hand."""

import io
import json
import math
import random
import time
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from streamlit.testing.v1 import AppTest
from visiting import APP, healthy, visit

import core
from core.execution.limits import Limits
from core.execution.scheduler import Scheduler
from core.maps.surveys import read_row
from core.maps.sweeps import Sweep
from core.theory.scales import trainable_depth
from core.wording import LN10
from pages.charts.heatmap import Look, TheoryLine, Tile, frame
from pages.maps.drawing import critical, look_of, reach, sides_of, table_of, tiles_of
from pages.maps.entries import MAPS
from pages.maps.findings import Findings, Outcome
from pages.maps.sentences import healthy as share_healthy
from pages.maps.sentences import seen
from tests.core.execution.by_hand import ByHand

WAIT = 120  # seconds until a test gives up; nothing is timed
QUICK = [name for name, entry in MAPS.items() if entry.reads]
TINY = {"map": "clip", "hidden": "4", "gap": "1", "steps": "4"}
every_map = pytest.mark.parametrize("name", MAPS)


def sweep_of(name: str, **settings: object) -> Sweep:
    """A map's sweep, its base changed."""
    entry = MAPS[name]
    return Sweep.around(entry.base.changed(**settings), entry.x, entry.y)


def tables(app: AppTest) -> list[pd.DataFrame]:
    """The tables behind the charts: the map's, and that of the network in hand."""
    charts = app.get("vega_lite_chart")
    return [pa.ipc.open_stream(io.BytesIO(each.proto.data.data)).read_pandas() for each in charts]


def tiles(app: AppTest, state: str) -> pd.DataFrame:
    """The map's tiles in one state."""
    table = tables(app)[0]
    return table[table["role"] == state]


def look_until(app: AppTest, condition: Callable[[AppTest], object]) -> AppTest:
    """Runs the page again until it shows what is waited for, as the browser does."""
    deadline = time.monotonic() + WAIT
    while not condition(healthy(app)):
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.05)
        app.run()
    return app


def complete(app: AppTest) -> AppTest:
    """The map when nothing is missing any more."""
    return look_until(app, lambda app: not len(tiles(app, "waiting")) and not len(tiles(app, "going")))


def line(app: AppTest, name: str) -> str:
    """The sentence that a map says."""
    said: str = app.session_state["told sentences"][f"map-{name}-seen"].text
    return said


def in_hand(app: AppTest, name: str) -> core.Experiment:
    """The experiment that is in hand."""
    found: core.Experiment = app.session_state[f"settings map-{name}"]["experiment"]
    return found


@pytest.mark.parametrize("name", QUICK)
def test_every_tile_shows_what_its_cell_measures(name: str) -> None:
    """All rows come, and a tile here and there is what core says of its cell alone."""
    app = complete(visit("map", {"map": name, "shown": "share"}))
    sweep, done = sweep_of(name), tiles(app, "done")
    assert len(done) == len(sweep.experiments())
    assert "measured so far" not in line(app, name)
    for column, row in random.Random(name).sample(sorted(sweep.experiments()), 4):
        experiment = sweep.experiments()[column, row]
        shares = [core.measure(replace(experiment, seed=seed)) for seed in range(sweep.seeds)]
        decades = np.mean([each.relative[each.cue or 0] for each in shares]) / LN10
        (tile,) = done[(done["column"] == column) & (done["row"] == row)].to_dict("records")
        assert tile["value"] == pytest.approx(np.clip(decades, -MAPS[name].decades, MAPS[name].decades), abs=1e-9)
        assert f"{sweep.x.stops[column].label}, " in tile["said"] and sweep.y.stops[row].label in tile["said"]


@every_map
def test_a_map_opens_by_link(name: str) -> None:
    """With its own question, at most five controls in view, the network in hand framed, and no more in the address than that."""
    app = healthy(visit("map", {"map": name}))
    assert dict(app.query_params) == {"map": name}
    assert [each.value for each in app.title] == ["Where can a network learn?"]
    assert app.markdown[0].value == MAPS[name].lesson
    widgets = len(app.select_slider) + len(app.selectbox) + len(app.slider) + len(app.button_group)
    assert 3 <= widgets <= 5
    (frame_of,) = tables(app)[0].query("role == 'here'").to_dict("records")
    entry, own = MAPS[name], in_hand(app, name)
    assert (frame_of["left"], frame_of["bottom"]) == (entry.x.place(own), entry.y.place(own))
    assert own == entry.base
    assert not app.warning


def test_the_first_map_needs_no_address() -> None:
    """And writes one."""
    app = healthy(visit("map"))
    assert dict(app.query_params) == {"map": next(iter(MAPS))}


def test_a_map_that_does_not_exist_is_named() -> None:
    """As harmless text; the first one is shown."""
    app = healthy(visit("map", {"map": "<b>*x*</b>"}))
    (warning,) = app.warning
    assert "There is no map" in warning.value and "<b>" not in warning.value
    assert dict(app.query_params) == {"map": next(iter(MAPS))}


@every_map
def test_another_network_is_taken_in_hand_without_a_mouse(name: str) -> None:
    """By slider or box for either axis: curve, frame and address follow; what is known of the map is not asked for again."""
    entry = MAPS[name]
    app = healthy(visit("map", {"map": name}))
    app = complete(app) if entry.reads else app
    before = tables(app)
    for axis, which in ((entry.x, "column"), (entry.y, "row")):
        widgets = {each.key: each for each in (*app.select_slider, *app.selectbox)}
        widgets[f"map-{name}-{which}"].set_value(axis.stops[-1].label)
        healthy(app.run())
    expected = entry.base.changed(**dict(entry.y.stops[-1].settings), **dict(entry.x.stops[-1].settings))
    assert in_hand(app, name) == expected
    if entry.reads:
        assert len(tiles(app, "waiting")) == 0
    heat, curve = tables(app)
    (here,) = heat[heat["role"] == "here"].to_dict("records")
    assert (here["right"], here["top"]) == (len(entry.x.stops), len(entry.y.stops))
    profile = core.measure(expected)
    points = curve[curve["role"] == "measured"].set_index("lag")["decades"]
    for lag, share in zip(profile.lag, profile.relative, strict=True):
        if entry.span[0] <= share / LN10 <= entry.span[1]:
            assert points[lag] == pytest.approx(share / LN10, abs=1e-9)
    if name != "clip":  # there, only the training differs
        assert not curve.equals(before[1])
    other = healthy(visit("map", dict(app.query_params)))
    assert in_hand(other, name) == expected
    assert tables(other)[1].equals(curve)


def test_a_network_between_the_tiles_is_framed_where_it_is() -> None:
    """A link may say what no tile does."""
    app = healthy(visit("map", {"map": "radius", "radius": "1.05", "inputs": "5"}))
    (here,) = tables(app)[0].query("role == 'here'").to_dict("records")
    assert (here["left"], here["bottom"]) == (pytest.approx(5.5), pytest.approx(3.5))


def test_a_network_beside_the_map_is_not_framed() -> None:
    """And that is said."""
    app = healthy(visit("map", {"map": "gap", "cell": "peephole"}))
    assert "here" not in set(tables(app)[0]["role"])
    assert any("not on this map" in each.value for each in app.caption)
    (box,) = app.selectbox
    assert box.value is None


def test_a_link_leads_to_the_page_of_the_network() -> None:
    """With all of its settings, so that it means the same there."""
    for name, page in (("radius", "time"), ("depth", "depth"), ("gap", "sentences"), ("clip", "sentences")):
        app = healthy(visit("map", {"map": name, "seed": "3"}))
        (link,) = [each.proto for each in app.get("page_link") if each.proto.page == page]
        query = dict(part.split("=") for part in link.query_string.split("&") if part)
        other = healthy(visit(page, {key: value.replace("%2F", "/") for key, value in query.items()}))
        assert other.session_state[f"settings {page}"]["experiment"] == in_hand(app, name)
        assert not other.warning


@every_map
def test_the_look_does_not_change_with_the_network_in_hand(name: str) -> None:
    """So that the browser need not draw the chart anew."""
    app = healthy(visit("map", {"map": name}))
    before = [each.proto.spec for each in app.get("vega_lite_chart")]
    widgets = {each.key: each for each in (*app.select_slider, *app.selectbox)}
    widgets[f"map-{name}-column"].set_value(MAPS[name].x.stops[0].label)
    assert [each.proto.spec for each in healthy(app.run()).get("vega_lite_chart")] == before


# --- trainings


def test_trained_tiles_show_the_accuracy_that_core_reaches() -> None:
    """Bit for bit; the sentence counts them; afterwards there is nothing to press."""
    app = complete(visit("map", TINY | {"train": "1", "seed": "21"}))
    sweep = sweep_of("clip", hidden=4, gap=1, steps=4, seed=21)
    done = tiles(app, "done").set_index(["column", "row"])
    assert len(done) == 72
    for place in random.Random(1).sample(sorted(sweep.experiments()), 5):
        run = core.advance(core.start(sweep.experiments()[place]), 4)
        assert done.loc[place, "value"] == max(run.accuracy, 1 / 8)
        assert f"{run.accuracy:.0%} right after 4 steps" in done.loc[place, "said"]
    assert line(app, "clip").startswith("**0 of 72**")
    assert not {"Stop", "Train all of them"} & {each.label for each in healthy(app.run()).button}
    (bar,) = app.get("progress")
    assert (bar.proto.value, bar.proto.text) == (100, "Done.")
    other = healthy(visit("map", TINY | {"seed": "21"}))
    assert tiles(other, "done")["value"].tolist() == tiles(app, "done")["value"].tolist()


@pytest.fixture
def hand(monkeypatch: pytest.MonkeyPatch) -> ByHand:
    """The server's work waits for the test; a piece is as short as a piece can be."""
    hand = ByHand()
    scheduler = Scheduler(hand)
    monkeypatch.setattr("pages.results.jobs._open", lambda: scheduler)
    for name in ("PIECE", "FIRST"):
        monkeypatch.setattr(f"core.execution.jobs.{name}", 0.0)
    return hand


def press(app: AppTest, label: str) -> AppTest:
    """Presses the button with this label."""
    next(each for each in app.button if each.label == label).click()
    return healthy(app.run())


def test_training_a_map_can_be_stopped_and_taken_up_again(hand: ByHand) -> None:
    """What is there stays in view; nothing is worked on meanwhile."""
    app = healthy(visit("map", TINY | {"film_every": "1", "seed": "22"}))
    assert not hand.calls and len(tiles(app, "waiting")) == 72
    app = press(app, "Train all of them")
    assert app.query_params["train"] == "1" and hand.calls
    for _ in range(7):
        hand.answer()
    going = tiles(healthy(app.run()), "going")
    assert 0 < len(going) < 72
    app = press(app, "Stop")
    assert "train" not in app.query_params
    while hand.calls:  # what was under way when it was stopped
        hand.answer()
    assert set(going.index) <= set(tiles(healthy(app.run()), "going").index)
    assert not hand.calls
    assert any("Stopped" in each.proto.text for each in app.get("progress"))
    app = press(app, "Train all of them")
    for _ in range(2000):
        if not hand.calls:
            break
        hand.answer()
        app.run() if len(hand.calls) < 2 else None
    assert len(tiles(complete(app), "done")) == 72


def test_partial_maps_show_all_of_it(hand: ByHand) -> None:
    """The first tiles to be trained are not all in one corner."""
    app = healthy(visit("map", TINY | {"train": "1", "seed": "23"}))
    for _ in range(40):
        hand.answer()
    begun = pd.concat([tiles(healthy(app.run()), state) for state in ("done", "going")])
    assert 6 <= len(begun) < 40
    assert begun["column"].nunique() >= 5 and begun["row"].nunique() >= 5


def test_a_tile_that_can_not_go_on_says_so(hand: ByHand) -> None:
    """The others do; it can be tried again."""
    app = healthy(visit("map", TINY | {"train": "1", "seed": "24"}))
    hand.fail(MemoryError("no more"))
    healthy(app.run())
    (hole,) = tiles(app, "hole").to_dict("records")
    assert "memory" in hole["said"]
    assert len(app.warning) == 1
    for _ in range(5):
        hand.answer()
    assert len(tiles(healthy(app.run()), "waiting")) < 71
    app = press(app, "Try again")
    assert not app.warning and not len(tiles(app, "hole"))


def test_rows_that_can_not_be_measured_say_so(hand: ByHand) -> None:
    """In words, and in each of their tiles."""
    app = healthy(visit("map", {"map": "start"}))
    hand.fail(MemoryError("no more"))
    while hand.calls:
        hand.answer()
        healthy(app.run())
    assert len(tiles(app, "hole")) == 8 and len(tiles(app, "done")) == 32
    assert len(app.warning) == 1
    app = press(app, "Try again")
    while hand.calls:
        hand.answer()
        healthy(app.run())
    assert len(tiles(app, "done")) == 40 and not app.warning


def test_other_pages_and_other_colours_ask_for_no_training(hand: ByHand) -> None:
    """Only what is looked at is worked on."""
    app = healthy(visit("map", {"map": "start", "shown": "learned", "train": "1", "steps": "2", "seed": "25"}))
    app.button_group(key="map-start-shown").set_value("rate")
    healthy(app.run())
    while hand.calls:
        hand.answer()
        healthy(app.run())
    app.button_group(key="map-start-shown").set_value("learned")
    healthy(app.run())
    assert len(tiles(app, "waiting")) >= 30


def test_a_map_beyond_this_servers_limits_has_holes(monkeypatch: pytest.MonkeyPatch) -> None:
    """They say what is allowed, and nobody computes them."""
    monkeypatch.setattr("pages.results.jobs.limits", lambda: Limits(length=25))
    monkeypatch.setattr("pages.maps.showing.limits", lambda: Limits(length=25))
    app = complete(visit("map", {"map": "depth", "seed": "26"}))
    holes = tiles(app, "hole")
    assert set(holes["row"]) == {5, 6, 7} and len(holes) == 3 * 14
    assert all("this server allows 25 time steps or layers" in said for said in holes["said"])


def test_guess_first() -> None:
    """The picture waits for the guess; the answer is the share of healthy networks; moving on does not ask again."""
    app = healthy(visit("map", {"map": "start", "guess": "1"}))
    look_until(app, lambda app: len(app.get("vega_lite_chart")) == 1)  # the curve of the network in hand alone
    sweep = sweep_of("start")
    known = Findings({row: read_row(sweep, row) for row in range(5)})
    share = share_healthy(sweep, known)
    assert share == pytest.approx(np.mean([abs(r.decades) <= 2 for row in known.readings.values() for r in row if r]))
    (group,) = [each for each in app.button_group if "guess" in str(each.key)]
    group.set_value("fewer")
    look_until(app, lambda app: app.info or app.success)
    app = look_until(app, lambda app: any("Measured" in each.value for each in (*app.info, *app.success)))
    right = {0.8: "four fifths", 0.5: "half", 0.2: "a fifth"}
    expected = next((text for least, text in right.items() if share >= least), "fewer")
    assert any(expected in each.value for each in (*app.info, *app.success))
    assert len(app.get("vega_lite_chart")) == 2
    next(each for each in app.selectbox if each.key == "map-start-row").set_value("ReLU")
    assert len(healthy(app.run()).get("vega_lite_chart")) == 2


# --- without a page


@pytest.mark.parametrize("shown", ["rate", "share", "learned"])
def test_parts_may_come_in_any_order(shown: str) -> None:
    """The same rows and outcomes make the same map."""
    entry, sweep = MAPS["depth"], sweep_of("depth", width=8)
    readings = {row: read_row(sweep, row) for row in (0, 1, 2)}
    outcomes = {place: Outcome(i / 112, 300, i % 2 == 0) for i, place in enumerate(sweep.experiments())}
    results = []
    for seed in range(3):
        order, places = list(readings), list(outcomes)
        random.Random(seed).shuffle(order)
        random.Random(seed).shuffle(places)
        quick = Findings({row: readings[row] for row in order})
        known = Findings(outcomes={place: outcomes[place] for place in places})
        table = frame(tiles_of(sweep, shown, quick, known), look_of(entry, sweep, shown), [*critical(sweep, quick)])
        results.append(
            (table.to_csv(), seen(entry, sweep, shown, quick, known), table_of(sweep, quick, known).to_csv())
        )
    assert results[0] == results[1] == results[2]


def test_what_lies_beyond_the_scale_has_its_full_colour() -> None:
    """Also if it is infinite; the number itself is in the text."""
    look = Look("x", "y", ("1",), ("1",), "rate", math.log(2))
    values = [3.0, -3.0, math.inf, -math.inf]
    table = frame([Tile(0, 0, "done", value, "", f"{value}") for value in values], look)
    assert table["value"].tolist() == [math.log(2), -math.log(2)] * 2
    assert table["said"].tolist() == ["3.0", "-3.0", "inf", "-inf"]


def test_theorys_line_is_where_its_factors_pass_one() -> None:
    """Between the tiles where predictions change sign, row by row."""
    sweep = sweep_of("radius")
    quick = Findings({0: read_row(sweep, 0), 3: read_row(sweep, 3)})
    (drawn,) = critical(sweep, quick)
    assert [row for _, row in drawn.points] == [0.0, 3.0]
    for at, row in drawn.points:
        left, right = (quick.readings[int(row)][i] for i in (int(at), int(at) + 1))
        assert left and right and left.predicted < 0 <= right.predicted
        radius = sweep.x.number(at)
        measured = core.predict(sweep.cell(0, int(row)).experiment.changed(radius=radius))  # type: ignore[arg-type]
        best = next((each for each in measured if each.name == "mean field" and math.isfinite(each.slope)), measured[0])
        assert best.slope == pytest.approx(0.0, abs=0.01)


def test_six_xi_is_where_theory_ends() -> None:
    """On both sides of the edge, through the depth of each tile's column; only one of the two is named."""
    sweep = sweep_of("depth")
    left, right = reach(sweep)
    assert (left.name, right.name) == ("", "6 ξ")
    for branch in (left, right):
        for x, y in branch.points:
            if x == int(x) and -0.5 < y < 7.5:
                depth = trainable_depth(sweep.cell(int(x), 0).experiment.network)  # type: ignore
                if depth <= 60:
                    assert sweep.y.number(y) == pytest.approx(depth)
    shallow = [y for branch in reach(sweep_of("depth", bias_std=5.0)) for _, y in branch.points]
    assert min(shallow) == -0.5  # less than two layers: along the lower edge
    assert not reach(sweep_of("start"))
    assert not reach(sweep_of("depth", normalisation="layer"))


def test_levels_are_drawn_between_tiles_on_either_side() -> None:
    """Two kinds of line for the two levels of the map of cells."""
    entry, sweep = MAPS["gap"], sweep_of("gap", hidden=8)
    quick = Findings({0: read_row(sweep, 0)})
    decades = [each.decades for each in quick.readings[0] if each]
    for level in (0, 1):
        sides = [side for kind, side in sides_of(entry, sweep, quick) if kind == level]
        below = [value < entry.levels[level].decades for value in decades]
        assert sides == [(i + 1, 0, i + 1, 1) for i in range(8) if below[i] != below[i + 1]]


def test_names_of_lines_stand_where_there_is_room() -> None:
    """Beside the top of a line that rises, above the middle of one that falls."""
    look = Look("x", "y", ("1",) * 6, ("1",) * 6, "rate", 1.0)
    up, down = (
        TheoryLine("up", tuple((i, i) for i in range(5))),
        TheoryLine("down", tuple((i, 5 - i) for i in range(5))),
    )
    rows = {row["text"]: row for row in frame([], look, [up, down]).to_dict("records") if row["text"]}
    assert (rows["up"]["role"], rows["up"]["x"], rows["up"]["y"]) == ("beside", 4.5, 4.5)
    assert (rows["down"]["role"], rows["down"]["x"], rows["down"]["y"]) == ("above", 2.5, 3.5)


def test_the_sentences_count() -> None:
    """Learned or not, above and below a level, blown up, still to come."""
    entry, sweep = MAPS["gap"], sweep_of("gap")
    places = list(sweep.experiments())[:9]
    quick = Findings({0: read_row(sweep, 0)})
    outcomes = {place: Outcome(0.95 if place[0] < 2 else 0.2, 300, True) for place in places}
    outcomes[places[-1]] = Outcome(0.99, 7, True, "The run blew up.")
    said = seen(entry, sweep, "learned", quick, Findings(outcomes=outcomes))
    decades = [each.decades for each in quick.readings[0] if each]
    above, below = (value >= -1.7 for value in decades), [value < -4 for value in decades]
    safe = sum(value >= -1.7 for value in decades)
    assert sum(above) == safe
    assert said.startswith("**2 of 9** networks learned it (90 % or more right on new data); 1 blew up.")
    assert "63 are still to be trained" in said
    assert f"at least 2 % of the signal arrived before training, {min(2, safe)} of {safe} learned it" in said
    assert f"less than 0.01 % of the signal arrived before training, 0 of {sum(below)} learned it" in said
    none = seen(entry, sweep, "learned", quick, Findings())
    assert none == "None of these 72 networks is trained yet."


@pytest.mark.parametrize("name", QUICK)
def test_the_look_is_told_by_text_alone(name: str) -> None:
    """The chart's text depends on the look, and names every row and column."""
    app = healthy(visit("map", {"map": name}))
    heat = app.get("vega_lite_chart")[0].proto
    text = json.dumps(json.loads(heat.spec), ensure_ascii=False)
    for stop in (*MAPS[name].x.stops, *MAPS[name].y.stops):
        assert f"'{stop.label}'" in text
    assert heat.alt.startswith("Map: ")


def test_coming_back_by_the_menu_keeps_the_settings() -> None:
    """Without a query in the address, after another page."""
    app = AppTest.from_file(APP, default_timeout=120)
    for page, query in (("map", {"seed": "4"}), ("time", {}), ("map", {})):
        app.switch_page(f"pages/{page}.py")
        app.query_params.clear()
        app.query_params.update(query)
        healthy(app.run())
    assert app.query_params["seed"] == "4"
