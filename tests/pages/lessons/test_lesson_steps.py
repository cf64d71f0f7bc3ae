"""Lessons: places in the address, and answers that are computed."""

import pytest
from hypothesis import given
from hypothesis import strategies as some
from test_questions import until
from visiting import asked, healthy, visit

from core.questions import VERDICTS
from pages.lessons import LESSONS
from pages.lessons.entry import read
from pages.lessons.place import NOTHING, Place
from pages.lessons.right import RIGHT, among

STEPS = [(lesson.name, i) for lesson in LESSONS.values() for i in range(1, len(lesson.steps) + 1)]
MEASURED = [(name, i) for name, i in STEPS if LESSONS[name].steps[i - 1].right]


@pytest.mark.parametrize(("lesson", "number"), MEASURED)
def test_what_is_measured_makes_one_answer_right(lesson: str, number: int) -> None:
    """One that can be chosen; and with settings that overturn the claim the same rule still gives one."""
    step = LESSONS[lesson].steps[number - 1]
    assert step.right
    right = step.right(step.experiment, step.page.question.measure(step.experiment))
    assert right in range(len(step.options))


@pytest.mark.parametrize(
    ("lesson", "number", "settings"),
    [
        ("forgotten", 1, {"cell": "relu", "initialiser": "identity"}),
        ("forgotten", 2, {"gain": 3.0}),
        ("forgotten", 3, {"gap": 0, "cell": "lstm"}),
        ("forgotten", 5, {"forget_bias": 6.0}),
        ("remedies", 1, {"cell": "tanh"}),
        ("remedies", 2, {"shear": 0.0}),
        ("remedies", 6, {"forget_bias": 6.0}),
    ],
)
def test_other_settings_make_another_answer_right(lesson: str, number: int, settings: dict[str, object]) -> None:
    """The rule looks at what was measured."""
    step = LESSONS[lesson].steps[number - 1]
    other = step.experiment.changed(**settings)
    assert step.right
    before, after = (step.right(each, step.page.question.measure(each)) for each in (step.experiment, other))
    assert before != after


def test_among_falling_bounds() -> None:
    """The place of a value, a bound belonging to the higher answer."""
    assert [among(value, (0.5, 0.1)) for value in (0.9, 0.5, 0.3, 0.1, 0.0, float("nan"))] == [0, 0, 1, 1, 2, 2]


def test_the_seven_claims_are_judged_by_their_verdicts() -> None:
    """In their order."""
    lesson = LESSONS["reasoning"]
    assert [step.row for step in lesson.steps] == [f"d{i}" for i in range(2, 9)]
    assert all(step.options == tuple(VERDICTS) and step.right is None for step in lesson.steps)


@pytest.mark.parametrize(("lesson", "number"), STEPS)
def test_a_picture_waits_for_an_answer(lesson: str, number: int) -> None:
    """The question comes first, with its controls' and options' names all known."""
    step = LESSONS[lesson].steps[number - 1]
    app = healthy(visit("lessons", {"lesson": lesson, "step": str(number)}))
    assert app.title[0].value.endswith("?")
    assert not app.get("vega_lite_chart")
    assert len(app.radio[0].options) == len(step.options)
    assert set(step.controls or ()) <= {*step.page.controls, *step.page.more}


def test_a_lesson_from_its_beginning_to_its_end() -> None:
    """Answers go into the address, settings too; Next and Back; the end says what was right."""
    app = healthy(visit("lessons"))
    app = healthy(app.button(key="lessons-forgotten").click().run())
    assert asked(app)["lesson"] == "forgotten"
    app = healthy(app.radio(key="forgotten-1-said").set_value(0).run())
    assert asked(app)["said"] == "0"
    assert len(app.get("vega_lite_chart")) == 1
    assert any("It is: **Less than a millionth**" in each.value for each in app.info)
    app = healthy(app.slider(key="forgotten-1-gap").set_value(0).run())
    assert asked(app)["gap"] == "0" and asked(app)["said"] == "0"
    assert any("settings as they are now" in each.value for each in app.info)
    app = healthy(app.button(key="lessons-next").click().run())
    assert asked(app)["step"] == "2" and "gap" not in asked(app)
    app = healthy(app.radio(key="forgotten-2-said").set_value(0).run())
    assert asked(app)["said"] == "00"
    assert any("right" in each.value for each in app.success)
    app = healthy(app.button(key="lessons-back").click().run())
    assert app.radio(key="forgotten-1-said").value == 0
    app = healthy(visit("lessons", {"lesson": "forgotten", "step": "6", "said": "311"}))
    assert any("**2 of 3** answers were right" in each.value for each in app.markdown)
    app = until(app, lambda app: not any("being computed" in each.value for each in app.markdown), "answers")
    assert asked(app)["step"] == "6"


def test_a_judged_step_compares_the_guess_with_the_verdict() -> None:
    """D8 does not hold."""
    app = healthy(visit("lessons", {"lesson": "reasoning", "step": "7", "said": "------0"}))
    app = until(app, lambda app: any("lightbulb" in each.value for each in app.caption), "verdict")
    assert any("You said: it holds." in each.value for each in app.caption)


@pytest.mark.parametrize(
    ("query", "heading"),
    [
        ({"lesson": "nothing"}, "What shall we find out today?"),
        ({"lesson": "forgotten", "step": "99", "said": "x🦄9"}, "How much of that signal"),
        ({"lesson": "forgotten", "step": "19"}, "What have you found out?"),
        ({"lesson": "forgotten", "said": "9" * 30}, "How much of that signal"),
        ({"lesson": "forgotten", "said": "²٣"}, "How much of that signal"),
    ],
)
def test_a_bad_link_to_a_lesson(query: dict[str, str], heading: str) -> None:
    """A message or the nearest place, never a traceback."""
    app = healthy(visit("lessons", query))
    assert app.title[0].value.startswith(heading)


@given(some.text(max_size=12), some.integers(1, 7), some.integers(0, 2))
def test_an_answer_is_kept_where_it_was_given(said: str, step: int, option: int) -> None:
    """Whatever stood there before; no other answer changes."""
    place = Place("reasoning", step, "".join(said.split()))
    after = place.with_answer(option)
    assert after.answer(step) == option
    for other in set(range(1, 8)) - {step}:
        assert after.answer(other) == place.answer(other)
    assert not after.with_answer(None).said.endswith(NOTHING)


def test_every_rule_is_asked_for() -> None:
    """By the name that it has in some lesson."""
    assert {step.right for lesson in LESSONS.values() for step in lesson.steps} == {None, *RIGHT.values()}


STEP = '[[steps]]\nrow = "e1"\ntold = "."\nthen = "."\n'
OWN = 'options = ["a", "b"]\nright = "signal_at_the_word"\n'


@pytest.mark.parametrize(
    ("step", "wrong"),
    [
        (STEP.replace("e1", "e99"), "e99"),
        (STEP.replace("told", "tell"), "tell"),
        (f"{STEP}settings = {{ nothing = 1 }}", "nothing"),
        (f"{STEP}{OWN.replace('signal', 'noise')}", "noise"),
        (f"{STEP}options = ['a']", "come together"),
        (f"{STEP}right = 'noticed'", "come together"),
    ],
)
def test_a_wrong_step_is_named(step: str, wrong: str) -> None:
    """With its lesson, its number, and what is wrong."""
    head = "label = '?'\nlesson = '.'\nminutes = 1\n"
    assert len(read("new", f"{head}{STEP}{STEP}{OWN}").steps) == 2
    with pytest.raises(ValueError, match=f"“new”: step 2: .*{wrong}"):
        read("new", f"{head}{STEP}{step}")
    with pytest.raises(ValueError, match="“new”: "):
        read("new", STEP)
