"""The frame around questions: pictures beside each other, waiting without jumps, guesses, what overturns a claim."""

import pytest
from streamlit.testing.v1 import AppTest
from test_questions import plain, tables, until, visit
from visiting import experiment, healthy

from core.questions import QUESTIONS
from pages.frame.question_page import Seen
from pages.questions import QUESTION_PAGES
from pages.results.cost import heavy
from pages.results.verdicts import known


def test_pictures_stand_beside_each_other_where_there_is_room() -> None:
    """Two that fill a row, one that needs a row of its own."""

    def script() -> None:
        from pages.frame.pictures import places

        for number, place in enumerate(places([0.6, 0.4, 1.0, 0.7, 0.7])):
            place.text(f"picture {number}")

    app = healthy(AppTest.from_function(script).run())
    assert [round(column.weight, 2) for column in app.columns] == [0.6, 0.4]
    assert [column.text[0].value for column in app.columns] == ["picture 0", "picture 1"]
    assert {each.value for each in app.text} == {f"picture {number}" for number in range(5)}


def test_an_answer_that_comes_while_the_page_is_drawn_does_not_draw_it_twice() -> None:
    """A browser that is sent a page twice in a moment shows sliders at their lowest value."""

    def script() -> None:
        import streamlit as st

        from core.execution.jobs import Answer
        from pages.results.measured import wait

        st.session_state["runs"] = st.session_state.get("runs", 0) + 1
        wait(lambda: Answer(finished=True), lambda answer: st.text("patience"))

    app = healthy(AppTest.from_function(script).run())
    assert app.session_state["runs"] == 1
    assert [each.value for each in app.text] == ["patience"]


def test_the_old_picture_stays_while_a_worker_measures() -> None:
    """The same table with words above it; nobody can take it away as if it were the new one."""
    app = until(visit("a4", steps="150", seed="77"), lambda app: app.get("vega_lite_chart"), "the picture")
    (before,) = tables(app)
    app.slider(key="a4-depth").set_value(12)
    healthy(app.run())
    assert any("Measuring" in each.value for each in app.info)
    assert plain(tables(app)[0]) == plain(before)
    assert not [key for key in app.session_state["drawn charts"] if key.startswith("a4-")]
    app = until(app, lambda app: not any("Measuring" in each.value for each in app.info), "the new picture")
    entry, shown = QUESTION_PAGES["a4"], experiment(app, "a4")
    wanted = entry.pictures(Seen(shown, entry.question.measure(shown)))[0].table
    assert plain(tables(app)[0]) == plain(wanted) != plain(before)
    assert list(app.session_state["drawn charts"]) == ["a4-chart"]


def test_a_guess_is_compared_with_the_verdict() -> None:
    """Wrong, then right."""
    app = visit("a1", guess="1")
    for choice, said in (("fails", "You said: it does not hold."), ("holds", "As you said.")):
        next(each for each in app.button_group if each.key and "guess" in each.key).set_value(choice)
        app = until(
            healthy(app.run()), lambda app: any("lightbulb" in each.value for each in app.caption), "the verdict"
        )
        assert any(said in each.value for each in app.caption)


def test_what_overturns_a_claim_is_judged_at_once() -> None:
    """One click, not two."""
    app = visit("a1")
    settings = next(iter(QUESTION_PAGES["a1"].turns.values()))
    app.button(key="a1-turn0").click()
    healthy(app.run())
    assert not any(button.key == "a1-judge" for button in app.button)
    turned = QUESTIONS["a1"].base.changed(**settings)
    until(app, lambda _: known(QUESTIONS["a1"], turned), "the verdict")


def test_long_sentences_and_gates_are_heavy() -> None:
    """So that a classroom's sliders don't wait for each other."""
    base = QUESTIONS["a3"].base
    assert not heavy(base)
    assert heavy(base.changed(gap=40))
    assert heavy(base.changed(cell="lstm"))
    assert heavy(base.changed(hidden=64))


def test_every_turn_is_another_experiment() -> None:
    """Not the settings that the question starts from, and not the same twice."""
    for entry in QUESTION_PAGES.values():
        found = {entry.base.changed(**settings) for settings in entry.turns.values()}
        assert len(found) == len(entry.turns)
        assert entry.base not in found


@pytest.mark.slow
@pytest.mark.parametrize("row", QUESTION_PAGES)
def test_the_first_turn_overturns_the_verdict(row: str) -> None:
    """What “Overturn it” promises, judged."""
    question, (settings, *_) = QUESTIONS[row], QUESTION_PAGES[row].turns.values()
    assert question.verdict(question.base.changed(**settings)).verdict != question.verdict(question.base).verdict
