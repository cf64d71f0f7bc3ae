"""The load generator's own parts, without a server: what a screen keeps, how a log is read, what a comparison notices."""

import random
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest
from streamlit.proto.Alert_pb2 import Alert
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.testing.v1 import AppTest

import core
from core.fields import rules
from tests.load.addresses import SENTENCES, lone
from tests.load.links import fuzzed, probe
from tests.load.report import Result, milliseconds
from tests.load.screen import Screen
from tests.load.server import tracebacks
from tests.load.trainee import compare
from tests.load.widgets import key_of, report

SMALL = {"steps": 20, "film_every": 10}


def begin(screen: Screen, run: str, *fragments: str, page: str = "p") -> None:
    """A run of the page, or of these fragments, has begun."""
    message = ForwardMsg()
    message.new_session.page_script_hash = page
    message.metadata.run.script_run_id = run
    message.metadata.run.fragment_ids.extend(fragments)
    screen.take(message)


def end(screen: Screen, status: int) -> None:
    """It has ended."""
    screen.take(ForwardMsg(script_finished=status))  # type: ignore[arg-type]


def draw(screen: Screen, path: tuple[int, ...], kind: str, fragment: str = "", **values: object) -> None:
    """It draws an element."""
    message = ForwardMsg()
    message.metadata.delta_path.extend(path)
    message.delta.fragment_id = fragment
    proto = getattr(message.delta.new_element, kind)
    proto.SetInParent()
    for name, value in values.items():
        target = getattr(proto, name)
        target.extend(value) if isinstance(value, list) else setattr(proto, name, value)
    screen.take(message)


def test_what_a_run_does_not_draw_again_goes_when_it_ends() -> None:
    """But not when it is broken off, and not what belongs to another fragment than the one that ran."""
    screen = Screen()
    begin(screen, "1")
    draw(screen, (0, 0), "markdown", body="page")
    draw(screen, (0, 1), "markdown", "f", body="old")
    draw(screen, (0, 2), "markdown", "g", body="other")
    end(screen, ForwardMsg.FINISHED_SUCCESSFULLY)
    begin(screen, "2", "f")
    draw(screen, (0, 1, 0), "markdown", "f", body="new")
    end(screen, ForwardMsg.FINISHED_EARLY_FOR_RERUN)
    assert screen.text() == "page\nold\nnew\nother"
    begin(screen, "3", "f")
    draw(screen, (0, 1, 0), "markdown", "f", body="newer")
    end(screen, ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY)
    assert screen.text() == "page\nnewer\nother"
    begin(screen, "4")
    draw(screen, (0, 0), "markdown", body="page again")
    end(screen, ForwardMsg.FINISHED_SUCCESSFULLY)
    assert screen.text() == "page again"


def test_a_widget_keeps_the_students_value_until_the_server_sets_another() -> None:
    """And it is found by its key as long as it is there."""
    screen, slider = Screen(), {"id": "$$ID-abc-home-gap", "default": [3.0]}
    begin(screen, "1")
    draw(screen, (0, 0), "slider", "f", **slider)
    screen.states[slider["id"]].double_array_value.data[:] = [7.0]
    draw(screen, (0, 0), "slider", "f", **slider)
    assert list(screen.states[slider["id"]].double_array_value.data) == [7.0]
    draw(screen, (0, 0), "slider", "f", **slider, set_value=True, value=[5.0])
    assert list(screen.states[slider["id"]].double_array_value.data) == [5.0]
    assert screen.widget("home-gap").fragment == "f"
    begin(screen, "2")
    end(screen, ForwardMsg.FINISHED_SUCCESSFULLY)
    screen.forget_unused()
    assert not screen.states
    with pytest.raises(KeyError, match="home-gap"):
        screen.widget("home-gap")


def widgets(value: bool) -> None:
    """One of each kind, set by the script if ``value``."""
    import streamlit as st

    if value:
        st.session_state.update(
            a=7, b="y", c=True, d="y", e="y", f=["y"], g="y", h=0.5, i=3, j="set", k="set", l="y", m=["z"]
        )
    st.slider("a", 0, 10, **({} if value else {"value": 3}), key="a")
    st.select_slider("b", ["x", "y", "z"], key="b")
    st.toggle("c", key="c")
    st.selectbox("d", ["x", "y", "z"], key="d")
    st.radio("e", ["x", "y", "z"], key="e")
    st.multiselect("f", ["x", "y", "z"], **({} if value else {"default": ["z", "x"]}), key="f")
    st.segmented_control("g", ["x", "y", "z"], **({} if value else {"default": "z"}), key="g")
    st.number_input("h", 0.0, 1.0, step=0.1, key="h")
    st.number_input("i", 0, 9, key="i")
    st.text_input("j", key="j")
    st.text_area("k", key="k")
    st.selectbox("l", ["x", "y", "z"], index=None if not value else 0, key="l")
    st.pills("m", ["x", "y", "z"], selection_mode="multi", key="m")


@pytest.mark.parametrize("value", [False, True], ids=["as they start", "as the server sets them"])
def test_widgets_are_reported_in_the_form_that_streamlit_reads(value: bool) -> None:
    """Its own test browser is the oracle."""
    app = AppTest.from_function(widgets, args=(value,)).run()
    assert not app.exception
    found = [each for each in app.main if hasattr(each, "_widget_state")]
    assert len(found) == 13
    for each in found:
        expected, mine = each._widget_state, report(_kind(each), each.proto)
        assert mine.id == expected.id
        assert mine == expected, each.key


def _kind(element: Any) -> str:
    """The element's name in the protocol."""
    names = {
        "select_slider": "slider",
        "toggle": "checkbox",
        "segmented_control": "button_group",
        "pills": "button_group",
    }
    return names.get(element.type, element.type)


def test_errors_are_kept_warnings_are_not() -> None:
    """An error that was shown for a moment was shown."""
    screen = Screen()
    begin(screen, "1")
    draw(screen, (0, 0), "alert", body="only a warning", format=Alert.WARNING)
    draw(screen, (0, 1), "alert", body="bad", format=Alert.ERROR)
    draw(screen, (0, 2), "exception", type="ValueError", message="worse")
    draw(screen, (0, 2), "markdown", body="gone")
    assert screen.errors == ["error: bad", "exception: ValueError worse"]


def test_timers_end_with_the_page_and_one_by_one() -> None:
    """A whole run starts without timers."""
    screen = Screen()
    begin(screen, "1")
    for fragment in ("a", "b"):
        message = ForwardMsg()
        message.auto_rerun.fragment_id, message.auto_rerun.interval = fragment, 0.5
        screen.take(message)
    message = ForwardMsg()
    message.stop_auto_rerun.fragment_ids.append("a")
    screen.take(message)
    begin(screen, "2", "b")
    assert screen.timers == {"b": 0.5}
    begin(screen, "3")
    assert screen.timers == {}


def test_the_key_may_have_hyphens() -> None:
    """As all of ours have."""
    assert key_of("$$ID-0123abcd-time-radius") == "time-radius"


def test_tracebacks_are_found_plain_and_in_colour() -> None:
    """Each with its error and where in this project it came from."""
    plain = 'Traceback (most recent call last):\n  File "/x/pages/home.py", line 52, in look\nValueError: no\n'
    rich = "\x1b[31m──\x1b[0m \x1b[1;31mTraceback \x1b[0m\x1b[2m(most recent call last)\x1b[0m ──\n /x/core/fields.py:78 in f\n"
    assert tracebacks(f"all is well\n{plain}{plain}{rich}\x1b[1mKeyError: \x1b[0mwhat\n") == {
        'ValueError: no (pages/home.py", line 52)': 2,
        "KeyError: what (core/fields.py:78)": 1,
    }


def test_a_comparison_notices_one_bit() -> None:
    """And a frame that is missing."""
    run = core.advance(core.start(lone(1, **SMALL)[1]), 20)
    rows = [{"role": "score", "step": each.step, "accuracy": each.accuracy, "loss": each.loss} for each in run.film]

    def seen(rows: list[dict[str, object]]) -> list[str]:
        return compare([SimpleNamespace(screen=SimpleNamespace(table=lambda: pd.DataFrame(rows)))], [run])  # type: ignore[list-item]

    assert len(rows) == 3
    assert seen(rows) == []
    assert seen(rows[1:])
    assert seen([rows[0] | {"loss": rows[0]["loss"] * (1 + 2**-52)}, *rows[1:]])


def test_an_address_means_its_experiment() -> None:
    """What the scenarios compare with is what the page is asked for."""
    path, experiment = lone(7, **SMALL)
    query = dict(pair.split("=") for pair in path.partition("?")[2].split("&"))
    assert query.pop("versus") == "none"
    assert core.from_query(query, SENTENCES) == experiment
    assert experiment.seed == 7 and experiment.training.steps == 20


def test_fuzzed_links_are_the_same_every_time_and_all_different() -> None:
    """A link that broke something can be made again from its number; every setting gets its turn."""
    links = [fuzzed(random.Random(i)) for i in range(3000)]
    assert links == [fuzzed(random.Random(i)) for i in range(3000)]
    assert len(set(links)) > 2500
    names = {pair.partition("=")[0] for link in links for pair in link.split("&")}
    assert names >= {name for spec in (core.Recurrent, core.France, core.Training) for name in rules(spec)}


def test_of_a_probe_the_seed_can_be_used_and_nothing_else() -> None:
    """As ``core`` reads it."""
    for i in range(50):
        query = dict(pair.split("=", 1) for pair in probe(random.Random(i), 100 + i).split("&"))
        experiment, complaints = core.read_query(query)
        assert experiment == core.Experiment(seed=100 + i)
        assert len(complaints) == 2


def test_a_row_says_which_bar_was_missed() -> None:
    """And keeps the unit."""
    numbers = milliseconds([0.01] * 90 + [0.5] * 10)
    assert numbers == {"p50 ms": pytest.approx(10), "p95 ms": pytest.approx(500)}
    row = str(Result("sliding", numbers, ["lost"], {"p50 ms": 60, "p95 ms": 250}))
    assert row == "sliding: p50 ms 10 (≤ 60), p95 ms 500 (MORE THAN 250), errors 1\n    ! lost"
