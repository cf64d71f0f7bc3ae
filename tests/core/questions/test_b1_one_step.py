"""B1: the verdict, and what overturns it; the ball's first steps."""

from dataclasses import replace
from typing import Any

import pytest
from verdicts import overturned, stands

from core.questions.b1_one_step import QUESTION, STARTS, measure


def test_own_settings() -> None:
    """The step is the formula's."""
    stands("b1", "holds", 0.0, 1e-5)


@pytest.mark.parametrize(
    ("expected", "settings"),
    [
        ("fails", {"optimiser": "adam"}),
        ("fails", {"optimiser": "momentum"}),
        ("fails", {"clip": 0.01}),
        ("only_when", {"learning_rate": 10.0}),
    ],
)
def test_other_settings_overturn_it(expected: str, settings: dict[str, Any]) -> None:
    """Other optimisers take other steps, and too long a step does not go down."""
    overturned("b1", expected, **settings)


def test_the_ball_follows_the_optimiser() -> None:
    """The first steps of the rules, from w = 3 and slope 3: η · slope, η, 10 η, η · slope, 1.9 η · slope."""
    rate = 0.1
    firsts = {
        name: measure(QUESTION.base.changed(optimiser=name)).path.step[0]
        for name in ("sgd", "adam", "rmsprop", "momentum", "nesterov")
    }
    wanted = {"sgd": -3 * rate, "adam": -rate, "rmsprop": -10 * rate, "momentum": -3 * rate, "nesterov": -5.7 * rate}
    assert firsts == pytest.approx(wanted, rel=1e-6)
    paths = measure(QUESTION.base).paths
    assert tuple(paths) == STARTS
    assert all(path.w[0] == start for start, path in paths.items())


def test_the_verdict_is_about_a_network_on_its_way() -> None:
    """Five steps of training come first, whatever number of them is set."""
    short = replace(QUESTION.base, training=replace(QUESTION.base.training, steps=1))
    assert QUESTION.verdict(short).numbers == QUESTION.verdict(QUESTION.base).numbers
