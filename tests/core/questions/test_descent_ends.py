"""How balls and trainings end, in numbers and words; how many steps a vanished gradient would take."""

import numpy as np
import pytest

from core.claims import CLAIMS
from core.claims.descent import BALL_RATE, STARTS, TOO_LARGE, Fall, falls, listed, roll, steps_said, told, unsettled
from core.claims.words import judge
from core.instruments.curves import CURVES
from core.shown.mechanics import BALL_STARTS, ball, steps_needed, valleys

DOWN = np.geomspace(2.0, 0.01, 21)


def fall(*loss: float, whole: bool = True) -> Fall:
    """A training that was looked at as often as there are losses."""
    return Fall(np.arange(len(loss)), np.array(loss), whole)


@pytest.mark.parametrize(
    ("expected", "loss", "whole"),
    [
        ("arrived", DOWN, True),
        ("falling", DOWN[:11], True),
        ("flat", [2.0, 1.5, 1.0, 0.6, 0.6, 0.61, 0.59, 0.6], True),
        ("flat", [2.0] * 8, True),
        ("thrown about", [2.0, 9.0, 20.0, 15.0], True),
        ("thrown about", [2.0, 1.0, np.nan], True),
        ("thrown about", DOWN, False),
    ],
)
def test_how_a_training_ends(expected: str, loss: list[float], whole: bool) -> None:
    """What still falls is not stuck, and what lies flat has not arrived."""
    assert fall(*loss, whole=whole).end == expected


def test_told_in_words() -> None:
    """Numbers and verbs agree; the sum is what there is."""
    flat = fall(*[0.6] * 8)
    assert told([fall(*DOWN), flat]) == "1 of 2 networks arrives at a loss near 0, 1 lies flat at a loss of 0.60"
    assert told([fall(*DOWN[:11])] * 2) == "2 of 2 networks are still falling at the end, at 0.14 and 0.14"
    assert told([flat, flat, fall(*[0.7] * 8)]) == "3 of 3 networks lie flat at a loss of 0.60 to 0.70"
    assert steps_said(np.array([40, 40.0])) == "40 and 40"
    assert listed(["1"]) == "1" and listed(["1", "2", "3"]) == "1, 2 and 3"
    assert steps_said(np.array([55, 5701.0, 57035, np.inf])) == "55, 5701, 5.7·10⁴ and ∞ (∞: not within 10⁵)"


def test_the_start_decides_and_large_steps_undo_it() -> None:
    """Left of the ridge into the lower valley, right of it into the upper one; with η = 1 some fly away, others never rest."""
    small, large = roll("sgd", BALL_RATE), roll("sgd", TOO_LARGE)
    ridge = CURVES["valleys"].stops[0]
    assert small.kinds == tuple("lower" if start < ridge else "upper" for start in STARTS)
    assert large.kinds[0] == large.kinds[-1] == "thrown out"
    assert large.count("restless") > 0
    said = unsettled(small, large)
    assert f"{large.count('thrown out')} are thrown out" in said
    assert unsettled(small, small) == "with η = 1, they end where they did"
    assert roll("sgd", BALL_RATE, "bowl").count("lower") == len(STARTS)


def test_the_ball_follows_the_optimiser() -> None:
    """The first steps of the rules, from w = 3 and slope 3: η · slope, η, 10 η, η · slope, 1.9 η · slope."""
    base, rate = CLAIMS["b1"].base, 0.1
    firsts = {
        name: ball(base.changed(optimiser=name)).path.step[0]
        for name in ("sgd", "adam", "rmsprop", "momentum", "nesterov")
    }
    wanted = {"sgd": -3 * rate, "adam": -rate, "rmsprop": -10 * rate, "momentum": -3 * rate, "nesterov": -5.7 * rate}
    assert firsts == pytest.approx(wanted, rel=1e-6)
    paths = ball(base).paths
    assert tuple(paths) == BALL_STARTS
    assert all(path.w[0] == start for start, path in paths.items())


def test_the_forecast_goes_on_tenfold() -> None:
    """What is drawn and what the verdict says by theory are the same number for plain descent."""
    experiment = CLAIMS["b6"].base
    seen = steps_needed(experiment)
    numbers = judge("b6", experiment).numbers
    assert next(iter(seen.counts)) == "sgd"
    assert seen.growth == pytest.approx(1, abs=0.01)
    assert seen.lost == numbers["decades lost"]
    assert seen.forecast == pytest.approx(numbers["forecast"], rel=0.01)
    assert steps_needed(experiment.changed(optimiser="rmsprop")).growth == pytest.approx(0, abs=0.05)


def test_falls_are_the_trainings_of_the_verdict() -> None:
    """Five starts, 20 looks and one at the end; the share that arrives is the verdict's."""
    experiment = CLAIMS["b2"].base.changed(gap=1, hidden=8, steps=100)
    seen, verdict = valleys(experiment), judge("b2", experiment)
    assert [list(each.steps) for each in seen.falls] == [list(range(0, 101, 5))] * 5
    assert len({each.loss[0] for each in seen.falls}) == 5
    assert verdict.number == np.mean([each.end == "arrived" for each in falls(experiment)])
    assert told(seen.falls) in verdict.headline
