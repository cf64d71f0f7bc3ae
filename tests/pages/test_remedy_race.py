"""The remedy race, as a visitor sees it who looks again and again."""

import re

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest
from test_live_training import buttons, hand, look_until  # noqa: F401 (hand is a fixture)
from visiting import experiment, healthy, rows, sentence, visit

import core
from core.experiment.remedies import REMEDIES, entered
from core.export import training_as_pytorch
from core.questions.standings import Standing
from core.wording import LN10
from pages.charts.race import CEILING, FLOOR, HEIGHT, LINE, TOP, frame
from pages.frame.race import foretold, seen
from tests.core.execution.by_hand import ByHand

TINY = {"gap": "2", "steps": "20", "hidden": "8", "remedies": "adam lstm3"}


def warnings(app: AppTest) -> str:
    """All warnings, without Markdown's backslashes."""
    return " ".join(each.value for each in app.warning).replace("\\", "")


def finished(app: AppTest) -> bool:
    """Neither Train nor Stop is left to be pressed."""
    return not {"Train", "Stop"} & set(buttons(app))


def test_the_race_is_the_first_view() -> None:
    """Before training: nobody has started; the exhibits are where they were."""
    app = healthy(visit("remedies"))
    assert app.title[0].value == "Which remedy lets the network remember?"
    assert "Not started" in sentence(app) and "12.5 %" in sentence(app) and "Train" in buttons(app)
    assert len(app.multiselect(key="remedies-remedies").value) == 6
    other = healthy(visit("remedies", {"row": "e3"}))
    assert other.title[0].value != app.title[0].value


def test_a_race_ends_and_shows_every_look() -> None:
    """Those of core: accuracy and share of each remedy; the sentence has the last accuracies; the address all settings."""
    app = healthy(visit("remedies", {**TINY, "seed": "21"}))
    app.button(key="remedies-go").click()
    look_until(healthy(app.run()), finished)
    assert dict(app.query_params) == {**TINY, "seed": "21", "train": "1"}
    own = experiment(app, "remedies")
    cue = core.held_out(own, 1).cue or 0
    for name, each in zip(("adam", "lstm3"), entered(own, ["adam", "lstm3"]), strict=True):
        film = core.advance(core.start(each), 20).film
        mine = rows(app, "look").query("series == @REMEDIES[@name].short")
        assert list(mine["step"]) == [0, 10, 20]
        assert list(mine["accuracy"]) == [frame.accuracy for frame in film]
        share = [(frame.log_norm[cue] - frame.log_norm[-1]) / LN10 for frame in film]
        np.testing.assert_allclose(mine["decades"], np.clip(share, FLOOR, TOP), atol=5.1e-4)
        assert f"{REMEDIES[name].label} ({film[-1].accuracy:.0%})" in sentence(app)
    assert len(rows(app, "name")) == 2
    other = healthy(visit("remedies", {**TINY, "seed": "21"}))  # the same race, somebody else: nothing is trained again
    assert rows(other).equals(rows(app))


def test_stop_keeps_what_is_there(hand: ByHand) -> None:  # noqa: F811
    """The lines stay in view, and Train goes on."""
    app = healthy(visit("remedies", {**TINY, "seed": "22"}))
    app.button(key="remedies-go").click()
    healthy(app.run())
    assert "Stop" in buttons(app)
    hand.answer()
    looks = len(rows(healthy(app.run()), "look"))
    assert looks
    app.button(key="remedies-go").click()  # Stop
    healthy(app.run())
    assert "Train" in buttons(app) and "train" not in app.query_params and len(rows(app, "look")) == looks
    app.button(key="remedies-go").click()  # Train
    healthy(app.run())
    while hand.calls:
        hand.answer()
    healthy(app.run())
    assert len(rows(app, "look")) == 6


def test_a_link_with_an_unknown_remedy_says_so() -> None:
    """And the usual ones stand in for it."""
    app = healthy(visit("remedies", {"remedies": "adam <b>prayer</b>", "gap": "2"}))
    assert "prayer" in warnings(app) and "there is no" in warnings(app)
    assert len(app.multiselect(key="remedies-remedies").value) == 6


def test_seven_remedies_are_too_many() -> None:
    """In a link, and by hand: the last choice that worked is shown. None is too few."""
    seven = list(REMEDIES)[:7]
    assert "leave some out" in warnings(healthy(visit("remedies", {"remedies": " ".join(seven)})))
    app = healthy(visit("remedies", TINY))
    app.multiselect(key="remedies-remedies").set_value(seven)
    assert "1 to 6, not 7" in warnings(healthy(app.run()))
    assert app.query_params["remedies"] == TINY["remedies"]
    app.multiselect(key="remedies-remedies").set_value([])
    assert "choose some" in warnings(healthy(app.run()))
    app.multiselect(key="remedies-remedies").set_value(["gru", "adam"])
    assert not warnings(healthy(app.run())) and app.query_params["remedies"] == "adam gru"
    app.button(key="remedies-reset").click()
    assert len(healthy(app.run()).multiselect(key="remedies-remedies").value) == 6


@pytest.mark.parametrize(("task", "control"), [("waswere", "gap"), ("latch", "length")])
def test_other_tasks(task: str, control: str) -> None:
    """With their own distance, and their own level of guessing."""
    app = healthy(visit("remedies", {"task": task, control: "4"}))
    assert app.slider(key=f"remedies-{control}").value == 4
    assert "50 %" in sentence(app)


def test_a_remedy_that_blows_up_has_lost() -> None:
    """With words, and its last look in view."""
    wild = {
        "gap": "30",
        "steps": "20",
        "film_every": "1",
        "learning_rate": "10",
        "clip": "0",
        "remedies": "irnn",
        "train": "1",
    }
    app = look_until(visit("remedies", wild), lambda app: "blew up" in sentence(app))
    assert re.search(r"ReLU from the identity blew up\*\* after \d+ steps and has lost", sentence(app))
    assert "blew up" in rows(app, "name")["text"].iloc[0]


def test_a_bet_comes_first() -> None:
    """Neither picture nor button before it; in the end it is compared with the winner."""
    app = healthy(visit("remedies", {**TINY, "guess": "1", "seed": "21", "train": "1"}))
    assert not app.get("vega_lite_chart") and "Train" not in buttons(app)
    (widget,) = [each for each in app.button_group if "-guess-" in (each.key or "")]
    widget.set_value("nobody")
    app = look_until(healthy(app.run()), lambda app: app.success)
    assert "You said nobody: right." in app.success[0].value


# --- words and heights ----------------------------------------------------------------------------------------------


def test_each_runner_can_be_carried_away() -> None:
    """The share box has a notebook and a script of the runner that is chosen, and trains what the race trains."""
    app = healthy(visit("remedies", TINY))
    app.button(key="remedies-share-open").click()
    app = healthy(app.run())
    assert app.selectbox(key="remedies-part").options == [REMEDIES[name].label for name in ("adam", "lstm3")]
    own = entered(experiment(app, "remedies"), ["adam", "lstm3"])
    for name, each in zip(("adam", "lstm3"), own, strict=True):
        app = healthy(app.selectbox(key="remedies-part").select(REMEDIES[name].label).run())
        assert training_as_pytorch(each).strip() in [code.value.strip() for code in app.code]


def runner(name: str, *accuracy: float, share: float = -1.0, blew_up: int | None = None, done: bool = True) -> Standing:
    """A network with a look every 10 steps."""
    return Standing(
        name, np.arange(len(accuracy)) * 10, np.array(accuracy), np.full(len(accuracy), share), blew_up, done
    )


def test_the_standings_in_words() -> None:
    """Winner, those behind by time, those who have not, those who blew up."""
    standings = [runner("gru", 0.1, 0.2, 0.95), runner("lstm3", 0.1, 0.95, 1.0), runner("adam", 0.1, 0.1, 0.13)]
    said = seen([*standings, runner("irnn", 0.1, blew_up=5)], 0.125, "the new sentences")
    assert (
        said.startswith("**LSTM with forget bias 3** wins")
        and "after 10 steps; then **GRU** (20); not: Adam (13%)" in said
    )
    assert "**ReLU from the identity blew up** after 5 steps" in said
    assert "leads" in seen([standings[1], runner("adam", 0.1, done=False)], 0.125, "rows")
    assert seen([standings[2]], 0.125, "rows").startswith("**Nobody** has learned it;")


def test_what_the_gradient_said_in_words() -> None:
    """Counted; those that it was wrong about are named, each kind with its reason."""
    opened, unused = runner("omega", 0.1, 1.0, share=-20.0), runner("gru", 0.1, 0.1, share=-0.5)
    good = runner("lstm3", 0.1, 1.0, share=-0.5)
    assert "**1 of 3**" in (said := foretold([opened, unused, good]))
    assert "not penalty Ω (2.1·10⁻⁹ before" in said and "opened a path" in said
    assert "not GRU (0.61), where enough arrived" in said
    assert "Adam lay in between" in foretold([good, runner("adam", 0.1, share=-6.0)])
    assert foretold([good, runner("adam", 0.1, done=False)]) == ""


def test_no_name_covers_another() -> None:
    """Six lines that end at one point; names where they end if they end apart."""
    labels = {name: each.short for name, each in REMEDIES.items()}
    for height in (0.0, 0.5, 1.0):
        names = frame([runner(name, 0.1, height) for name in list(REMEDIES)[:6]], labels, 10).query("role == 'name'")
        for column, least in (("accuracy", LINE / HEIGHT * CEILING), ("decades", LINE / 190 * (TOP - FLOOR))):
            assert np.diff(np.sort(names[column])).min() > 0.99 * least
        assert names["accuracy"].max() <= CEILING
    apart = frame([runner("adam", 0.1, 0.2), runner("gru", 0.1, 0.8)], labels, 10).query("role == 'name'")
    assert list(apart["accuracy"]) == [0.2, 0.8]
